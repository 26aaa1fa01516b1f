-- A server that asked to be left alone until then.
ALTER TABLE sources ADD COLUMN waits_until INTEGER;
