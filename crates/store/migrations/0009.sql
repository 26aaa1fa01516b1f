-- What lists follow: how it was when it was last read, and what was in the way.
CREATE TABLE sources (
    list       TEXT NOT NULL PRIMARY KEY,
    validators TEXT,                             -- JSON: by what a later reading knows that nothing changed
    map        TEXT,                             -- which columns of a table are what
    read_at    INTEGER,                          -- ms since 1970: the last good reading
    tried_at   INTEGER,                          -- ms since 1970
    is_whole   INTEGER NOT NULL DEFAULT 0,       -- read whole by the run that was last
    trouble    TEXT,                             -- unread, partly, shrank
    detail     TEXT                              -- the same as a sentence
) STRICT, WITHOUT ROWID;
DELETE FROM meta WHERE key LIKE 'source_whole:%';
