-- How often a source is read by itself: what it wants, and what its person wants.
ALTER TABLE sources ADD COLUMN wished_minutes INTEGER;
ALTER TABLE sources ADD COLUMN chosen_minutes INTEGER;
