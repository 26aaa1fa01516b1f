-- Content lines of an iCalendar file that no other column holds, as a JSON list: kept for export.
ALTER TABLE reminders ADD COLUMN other TEXT;
