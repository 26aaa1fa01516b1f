//! Letters that are a zone and a word as well: "CT" is the clock of Chicago and a scan, "PT" that of Los Angeles and a therapy.

use super::zones::{is_short, stands_here};
use crate::sentence::Cursor;

/// Names of zones that are abbreviations of other things too.
const AMBIGUOUS: [&str; 39] = [
    "wet", "west", "eet", "msk", "et", "ct", "mdt", "mt", "pt", "hst", "ist", "gst", "ict", "pkt", "wib", "brt", "sst", "akt", "ast",
    "adt", "nst", "ndt", "clt", "art", "cot", "wat", "cat", "eat", "trt", "npt", "myt", "pht", "wita", "awt", "aet", "act", "nzt", "fjt",
    "zulu",
];

/// What people in several places do at the same time: letters before it are their clock.
const TOGETHER: [&str; 53] = [
    "meet",
    "meetup",
    "sync",
    "standup",
    "stand-up",
    "webinar",
    "webcast",
    "webex",
    "stream",
    "livestream",
    "broadcast",
    "launch",
    "deadline",
    "kickoff",
    "kick-off",
    "interview",
    "demo",
    "keynote",
    "talk",
    "huddle",
    "catchup",
    "catch-up",
    "check-in",
    "checkin",
    "retro",
    "planning",
    "townhall",
    "all-hands",
    "zoom",
    "teams",
    "hangout",
    "chat",
    "flight",
    "release",
    "deploy",
    "deployment",
    "cutoff",
    "cutover",
    "go-live",
    "maintenance",
    "outage",
    "earnings",
    "premiere",
    "market",
    "opening",
    "closing",
    "anruf",
    "rückruf",
    "telko",
    "telefonat",
    "videocall",
    "abgabe",
    "vorstellungsgespräch",
];

/// Ends of such words.
const ENDINGS: [&str; 4] = ["call", "meeting", "konferenz", "besprechung"];

/// Whether letters that name a zone are nothing else.
pub fn is_sure(name: &str) -> bool {
    !AMBIGUOUS.contains(&name)
}

/// How many words behind the letters are looked at.
const MOST: usize = 5;

/// What letters behind a time are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    Zone,
    /// A zone, or a part of the title.
    Either,
    Title,
}

/// What the letters before a place are, if they are the short name of a zone: where a title follows in which nobody meets, they are a part of it.
pub fn letters(name: &str, behind: Cursor<'_>) -> Letters {
    if is_sure(name) {
        return Letters::Zone;
    }
    let ends = behind.is_free() || behind.is_bracketed();
    if !ends {
        return if is_together(behind) { Letters::Either } else { Letters::Title };
    }
    if is_together(behind.sentence.cursor(0).over()) { Letters::Zone } else { Letters::Either }
}

/// Whether what follows, up to the end of its phrase, is something that people do together; from the front of a text that is all of it.
fn is_together(cursor: Cursor<'_>) -> bool {
    let is_one = |word: &str| {
        let one = word.strip_suffix('s').filter(|one| one.len() > 3).unwrap_or(word);
        TOGETHER.contains(&word) || TOGETHER.contains(&one) || ENDINGS.iter().any(|ending| one.ends_with(ending))
    };
    if cursor.at == 0 {
        return cursor.sentence.tokens.iter().any(|token| is_one(&token.word));
    }
    let mut ahead = cursor;
    for at in 0..MOST {
        let word = ahead.word();
        if is_one(word) || at == 0 && matches!(word, "with" | "mit") {
            return true;
        }
        if ahead.token().is_none() {
            break;
        }
        ahead.step(1);
    }
    false
}

/// Whether a zone stands here that makes an hour of the number before it: "9-10 ET". In "3 UTC bugs" and "9-10 CT scan" none does.
pub fn makes_hours(cursor: Cursor<'_>) -> bool {
    let Some(token) = cursor.token().filter(|_| stands_here(cursor)) else { return false };
    let mut behind = cursor;
    behind.step(1);
    let is_zone = !is_short(&token.word) || letters(&token.word, behind) != Letters::Title;
    is_zone && (behind.is_free() || behind.is_bracketed() || is_together(behind))
}
