//! iCalendar and CSV to and from reminders. Pure.
