//! Plain words to and from reminders (quick add). Pure.
