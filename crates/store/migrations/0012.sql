-- The good sync before a run: edits before it are none of what the run wrote.
ALTER TABLE runs ADD COLUMN follows INTEGER;
