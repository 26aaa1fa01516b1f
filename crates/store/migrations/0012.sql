-- The good sync of each account before a run, as JSON: edits before it are none of what the run wrote there.
ALTER TABLE runs ADD COLUMN follows TEXT;
