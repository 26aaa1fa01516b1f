//! French.

use super::Say;

pub(super) const SAY: Say = Say {
    sign_in_again: "Se reconnecter : {}",
    sync_now: "Synchroniser maintenant",
    resume: "Reprendre",
    pause: "Pause d’une heure",
    new_reminder: "Nouveau rappel…",
    open: "Ouvrir Belfry",
    quit: "Quitter",
    syncing: "Synchronisation…",
    syncing_of: "Synchronisation, {} sur {of}",
    paused: "En pause",
    local: "Sur cet ordinateur seulement",
    never: "Pas encore synchronisé",
    just_now: "Synchronisé à l’instant",
    minute_ago: "Synchronisé il y a une minute",
    minutes_ago: "Synchronisé il y a {} minutes",
    hour_ago: "Synchronisé il y a une heure",
    hours_ago: "Synchronisé il y a {} heures",
    approved: "L’accès au calendrier a été approuvé",
    approved_of: "{} peut maintenant conserver des rappels dans Outlook.",
    sign_in: "Se connecter",
    allow: "Autoriser les calendriers",
    try_again: "Réessayer",
    done: "Terminé",
    snooze: "Répéter dans 10 min",
    missed: "{} rappels sont arrivés à échéance entre-temps",
    and_more: "et {} de plus",
};
