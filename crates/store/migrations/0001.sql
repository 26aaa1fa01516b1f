-- What Belfry remembers. Observations and agreements only: work is derived by planning, every time.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE accounts (
    id                TEXT NOT NULL PRIMARY KEY,
    login             TEXT NOT NULL,
    name              TEXT NOT NULL,
    kind              TEXT NOT NULL,
    cloud             TEXT NOT NULL,             -- JSON: name and hosts
    client_id         TEXT NOT NULL,
    scopes            TEXT NOT NULL,             -- space-separated, as granted
    state             TEXT NOT NULL,
    claims            TEXT,                      -- JSON of a challenge that the next sign-in passes on
    last_good_sync_at INTEGER                    -- ms since 1970
) STRICT;

CREATE TABLE lists (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    colour          TEXT NOT NULL,
    source_kind     TEXT,
    source_location TEXT,
    account         TEXT,
    calendar_id     TEXT,
    calendar_name   TEXT,
    direction       TEXT NOT NULL,
    defaults        TEXT NOT NULL,               -- JSON
    horizon_months  INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX lists_by_name ON lists (name COLLATE NOCASE);

CREATE TABLE reminders (
    id          TEXT NOT NULL PRIMARY KEY,
    list        TEXT NOT NULL REFERENCES lists (id),
    title       TEXT NOT NULL,
    notes       TEXT NOT NULL DEFAULT '',
    starts      TEXT NOT NULL,                   -- YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS, wall time
    zone        TEXT,                            -- IANA; NULL for all-day
    minutes     INTEGER NOT NULL,                -- length; whole days for all-day
    recurrence  TEXT,                            -- JSON
    alarms      TEXT NOT NULL DEFAULT '',        -- minutes, comma-separated
    category    TEXT,
    show_as     TEXT NOT NULL DEFAULT 'free',
    private     INTEGER NOT NULL DEFAULT 0,
    link        TEXT,
    done        INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    uid         TEXT,
    kept        TEXT,                            -- JSON; NULL when nothing is kept
    fingerprint TEXT NOT NULL                    -- of the projection of its main event
) STRICT;
CREATE INDEX reminders_by_list ON reminders (list, starts, id);

CREATE TABLE links (
    list             TEXT NOT NULL,
    reminder         TEXT NOT NULL,
    slot             TEXT NOT NULL,
    account          TEXT NOT NULL,
    calendar         TEXT NOT NULL,
    event_id         TEXT,
    sending          TEXT,                       -- JSON projection
    agreed_local     TEXT,                       -- JSON projection
    agreed_remote    TEXT,                       -- JSON projection
    agreed_local_fp  TEXT,
    agreed_remote_fp TEXT,
    etag             TEXT,
    generation       INTEGER NOT NULL,
    state            TEXT NOT NULL,
    transaction_id   TEXT,
    note             TEXT,
    refused_fp       TEXT,
    PRIMARY KEY (list, reminder, slot)
) STRICT;
CREATE INDEX links_by_event ON links (account, event_id);

-- The highest generation ever seen of a key. Kept for good.
CREATE TABLE generations (
    list       TEXT NOT NULL,
    reminder   TEXT NOT NULL,
    slot       TEXT NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (list, reminder, slot)
) STRICT;

-- The remote tree: events of ours as last seen, and ids of events that are not ours.
CREATE TABLE events (
    account     TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    calendar    TEXT NOT NULL,
    etag        TEXT NOT NULL,
    marker      TEXT,
    list        TEXT,
    reminder    TEXT,
    slot        TEXT,
    projection  TEXT NOT NULL,                   -- JSON
    fingerprint TEXT NOT NULL,
    is_meeting  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (account, event_id)
) STRICT;
CREATE INDEX events_by_key ON events (list, reminder, slot);
CREATE INDEX events_by_calendar ON events (account, calendar);

CREATE TABLE foreign_events (
    account  TEXT NOT NULL,
    event_id TEXT NOT NULL,
    PRIMARY KEY (account, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendars (
    account      TEXT NOT NULL,
    calendar     TEXT NOT NULL,
    name         TEXT NOT NULL,
    delta_link   TEXT,
    window_from  INTEGER,
    window_to    INTEGER,
    listed_at    INTEGER,
    PRIMARY KEY (account, calendar)
) STRICT;

CREATE TABLE runs (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,                   -- sync, undo, hand
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    outcome     TEXT,
    report      TEXT
) STRICT;

CREATE TABLE journal (
    id        INTEGER PRIMARY KEY,
    run       INTEGER NOT NULL REFERENCES runs (id),
    at        INTEGER NOT NULL,
    op        TEXT NOT NULL,
    list      TEXT NOT NULL,
    reminder  TEXT NOT NULL,
    slot      TEXT NOT NULL,
    title     TEXT NOT NULL,
    event_id  TEXT,
    reason    TEXT NOT NULL,
    before    TEXT,                              -- JSON reminder or projection
    after     TEXT,
    conflict  INTEGER NOT NULL DEFAULT 0,
    looked_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX journal_by_run ON journal (run);
CREATE INDEX journal_by_reminder ON journal (reminder);

-- Removals that wait for a person, and the answers.
CREATE TABLE holds (
    list       TEXT NOT NULL,
    name       TEXT NOT NULL,
    count      INTEGER NOT NULL,
    shown_run  INTEGER NOT NULL,
    confirmed  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (list, name)
) STRICT;

CREATE TABLE quarantine (
    id     INTEGER PRIMARY KEY,
    list   TEXT NOT NULL,
    origin TEXT NOT NULL,
    line   INTEGER NOT NULL,
    reason TEXT NOT NULL,
    raw    TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_by_list ON quarantine (list);
