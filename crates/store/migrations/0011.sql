-- What the helper events of a reminder are to say together, and what they say: where both are the same nothing is to be done about them.
ALTER TABLE reminders ADD COLUMN helpers_fp TEXT;
ALTER TABLE links ADD COLUMN helpers_fp TEXT;
DROP INDEX reminders_by_key;
CREATE INDEX reminders_by_key ON reminders (list, id, fingerprint, starts, recurrence, helpers_fp);
DROP INDEX links_by_key;
CREATE INDEX links_by_key ON links
    (list, reminder, slot, state, is_sending, agreed_local_fp, agreed_remote_fp, refused_fp, account, calendar, event_id, until, helpers_fp);
