-- Finding what differs, without reading what agrees: every column that those queries look at is in an index, so that the projections beside them, most of the
-- database, stay unread.

ALTER TABLE links ADD COLUMN is_sending INTEGER NOT NULL DEFAULT 0; -- whether `sending` is there
UPDATE links SET is_sending = 1 WHERE sending IS NOT NULL;
CREATE INDEX links_by_key ON links
    (list, reminder, slot, state, is_sending, agreed_local_fp, agreed_remote_fp, refused_fp, account, calendar, event_id);

DROP INDEX links_by_event;
CREATE INDEX links_by_event ON links (account, event_id, list, reminder, slot, state, calendar);

CREATE INDEX reminders_by_key ON reminders (list, id, fingerprint, starts, recurrence);

DROP INDEX events_by_key;
CREATE INDEX events_by_key ON events (list, reminder, slot, account, event_id, calendar, fingerprint, is_meeting);

CREATE INDEX journal_by_conflict ON journal (reminder) WHERE conflict = 1 AND looked_at = 0;

CREATE INDEX links_by_place ON links (account, calendar, state, list);

-- How often anything changed that a plan looks at. A plan that found no difference at this number needs not look again.
CREATE TABLE changes (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO changes (id, number) VALUES (1, 0);
CREATE TRIGGER reminders_after_insert AFTER INSERT ON reminders BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER reminders_after_update AFTER UPDATE ON reminders BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER reminders_after_delete AFTER DELETE ON reminders BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER links_after_insert AFTER INSERT ON links BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER links_after_update AFTER UPDATE ON links BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER links_after_delete AFTER DELETE ON links BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER events_after_insert AFTER INSERT ON events BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER events_after_update AFTER UPDATE ON events BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER events_after_delete AFTER DELETE ON events BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER lists_after_insert AFTER INSERT ON lists BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER lists_after_update AFTER UPDATE ON lists BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER lists_after_delete AFTER DELETE ON lists BEGIN UPDATE changes SET number = number + 1; END;
