-- What the file said of a reminder when it was last imported: importing it again changes only what the file changed.
ALTER TABLE reminders ADD COLUMN imported TEXT;
