//! What every shell can do: accounts, lists, reminders, sync control, status.
