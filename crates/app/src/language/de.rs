//! German.

use super::Say;

pub(super) const SAY: Say = Say {
    sign_in_again: "Erneut anmelden: {}",
    sync_now: "Jetzt synchronisieren",
    resume: "Fortsetzen",
    pause: "Eine Stunde Pause",
    new_reminder: "Neue Erinnerung …",
    open: "Belfry öffnen",
    quit: "Beenden",
    syncing: "Wird synchronisiert …",
    syncing_of: "Wird synchronisiert, {} von {of}",
    paused: "Pause",
    local: "Nur auf diesem Computer",
    never: "Noch nicht synchronisiert",
    just_now: "Gerade synchronisiert",
    minute_ago: "Vor einer Minute synchronisiert",
    minutes_ago: "Vor {} Minuten synchronisiert",
    hour_ago: "Vor einer Stunde synchronisiert",
    hours_ago: "Vor {} Stunden synchronisiert",
    approved: "Der Kalenderzugriff wurde genehmigt",
    approved_of: "{} kann jetzt Erinnerungen in Outlook führen.",
    sign_in: "Anmelden",
    allow: "Kalender erlauben",
    try_again: "Noch einmal versuchen",
    done: "Erledigt",
    snooze: "In 10 Min. wieder",
    missed: "{} Erinnerungen waren inzwischen fällig",
    and_more: "und {} weitere",
};
