//! SQLite: one file per table, numbered migrations, journal, back-ups.
