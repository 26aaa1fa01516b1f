//! Finnish.

use super::Say;

pub(super) const SAY: Say = Say {
    sign_in_again: "Kirjaudu uudelleen: {}",
    sync_now: "Synkronoi nyt",
    resume: "Jatka",
    pause: "Tauko tunniksi",
    new_reminder: "Uusi muistutus…",
    open: "Avaa Belfry",
    quit: "Lopeta",
    syncing: "Synkronoidaan…",
    syncing_of: "Synkronoidaan, {} / {of}",
    paused: "Tauolla",
    local: "Vain tällä tietokoneella",
    never: "Ei vielä synkronoitu",
    just_now: "Synkronoitu juuri äsken",
    minute_ago: "Synkronoitu minuutti sitten",
    minutes_ago: "Synkronoitu {} minuuttia sitten",
    hour_ago: "Synkronoitu tunti sitten",
    hours_ago: "Synkronoitu {} tuntia sitten",
    approved: "Kalenterin käyttö hyväksyttiin",
    approved_of: "{} voi nyt pitää muistutuksia Outlookissa.",
    sign_in: "Kirjaudu",
    allow: "Salli kalenterit",
    try_again: "Yritä uudelleen",
    done: "Valmis",
    snooze: "Torkku 10 min",
    missed: "{} muistutusta erääntyi sillä välin",
    and_more: "ja {} muuta",
};
