-- How often in a row the same was written to the event, because something else keeps changing it back.
ALTER TABLE links ADD COLUMN rewrites INTEGER NOT NULL DEFAULT 0;
