//! English.

use super::Say;

pub(super) const SAY: Say = Say {
    sign_in_again: "Sign in again: {}",
    sync_now: "Sync now",
    resume: "Resume",
    pause: "Pause for an hour",
    new_reminder: "New reminder...",
    open: "Open Belfry",
    quit: "Quit",
    syncing: "Syncing...",
    syncing_of: "Syncing, {} of {of}",
    paused: "Paused",
    local: "On this computer only",
    never: "Not synced yet",
    just_now: "Synced just now",
    minute_ago: "Synced a minute ago",
    minutes_ago: "Synced {} minutes ago",
    hour_ago: "Synced an hour ago",
    hours_ago: "Synced {} hours ago",
    approved: "Calendar access was approved",
    approved_of: "{} may keep reminders in Outlook now.",
    sign_in: "Sign in",
    allow: "Allow calendars",
    try_again: "Try again",
    done: "Done",
    snooze: "Snooze 10 min",
    missed: "{} reminders were due meanwhile",
    and_more: "and {} more",
};
