//! The one place where inputs meet.
