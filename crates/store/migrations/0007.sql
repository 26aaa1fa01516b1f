-- Up to which day the dates of a reminder have events of their own, where Outlook has no such series.
ALTER TABLE links ADD COLUMN until TEXT;
DROP INDEX links_by_key;
CREATE INDEX links_by_key ON links
    (list, reminder, slot, state, is_sending, agreed_local_fp, agreed_remote_fp, refused_fp, account, calendar, event_id, until);

-- What the change feed calls the dates of a series of ours: one that is cancelled is named by nothing else.
CREATE TABLE occurrences (
    account  TEXT NOT NULL,
    event_id TEXT NOT NULL,
    master   TEXT NOT NULL,
    PRIMARY KEY (account, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX occurrences_by_master ON occurrences (account, master);
