-- The person moved it to another calendar: it is theirs from then on, and no leftover of a move that Belfry made.
ALTER TABLE events ADD COLUMN moved_away INTEGER NOT NULL DEFAULT 0;
