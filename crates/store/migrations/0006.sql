-- Updates that were sent and never answered: each is looked at before anything is believed of it.
CREATE INDEX links_unanswered ON links (account, calendar, event_id) WHERE is_sending = 1;

-- How much the journal holds, so that its bound is in bytes and costs nothing to know.
CREATE TABLE journal_size (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    bytes INTEGER NOT NULL
) STRICT;
INSERT INTO journal_size (id, bytes)
    SELECT 1, coalesce(sum(200 + octet_length(title) + coalesce(octet_length(before), 0) + coalesce(octet_length(after), 0)), 0) FROM journal;
CREATE TRIGGER journal_after_insert AFTER INSERT ON journal BEGIN
    UPDATE journal_size SET bytes = bytes + 200 + octet_length(new.title) + coalesce(octet_length(new.before), 0) + coalesce(octet_length(new.after), 0);
END;
CREATE TRIGGER journal_after_delete AFTER DELETE ON journal BEGIN
    UPDATE journal_size SET bytes = bytes - 200 - octet_length(old.title) - coalesce(octet_length(old.before), 0) - coalesce(octet_length(old.after), 0);
END;
