//! From a text to what was understood: finds the phrases, chooses among readings, keeps what fits, and leaves the rest to the title.

use crate::draft::{Values, values};
use crate::grammar::{Day, Found, Said, is_in, phrase};
use crate::sentence::Sentence;
use crate::tokens::{MOST, Name};
use crate::vocabulary::Sense;
use crate::{Chip, ChipKind, Here, Language, Reading, Understood, say};

/// A phrase and its place, in tokens.
struct Piece {
    from: usize,
    found: Found,
}

pub fn read(text: &str, here: Here, language: Language) -> Understood {
    let sentence = Sentence::new(text, here, language);
    let mut pieces = pieces(&sentence);
    let values = fitting(&mut pieces, here);
    let chips = (0..pieces.len()).filter_map(|index| chip(text, &sentence, &pieces, index, &values)).collect();
    Understood {
        title: title(text, &sentence, &pieces),
        when: values.when,
        length: values.length,
        rule: values.rule,
        alarms: values.alarms,
        no_alarm: values.no_alarm,
        zone: values.zone,
        list: values.list,
        chips,
    }
}

fn pieces(sentence: &Sentence) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < sentence.tokens.len().min(MOST) {
        let behind_date =
            out.last().is_some_and(|last| last.found.next == at && matches!(last.found.said, Said::Date(_) | Said::Series(..)));
        match phrase(sentence.cursor(at), behind_date) {
            Some(found) if found.next > at => {
                let next = found.next;
                out.push(Piece { from: at, found });
                at = next;
            }
            _ => at += 1,
        }
    }
    out
}

/// Keeps the pieces that fit together, in their likeliest readings.
fn fitting(pieces: &mut Vec<Piece>, here: Here) -> Values {
    loop {
        prefer(pieces, here);
        match values(pieces.iter().map(|piece| &piece.found.said), here) {
            Ok(values) => return values,
            Err(wrong) => give_way(pieces, wrong),
        }
    }
}

/// A phrase that does not fit is read otherwise if it can be, and left to the title if not.
fn give_way(pieces: &mut Vec<Piece>, wrong: usize) {
    let Some(found) = pieces.get_mut(wrong).map(|piece| &mut piece.found) else { return pieces.clear() };
    if found.others.is_empty() || minutes(&found.said).is_some() {
        let dropped = pieces.remove(wrong);
        offer(pieces, &dropped.found.said);
    } else {
        found.said = found.others.remove(0);
    }
}

/// A second date or time is not dropped in silence: the first can mean it.
fn offer(pieces: &mut [Piece], dropped: &Said) {
    let same = |said: &Said| {
        matches!((said, dropped), (Said::Date(_), Said::Date(_)) | (Said::Time(_), Said::Time(_)) | (Said::Series(..), Said::Series(..)))
    };
    if let Some(piece) = pieces.iter_mut().find(|piece| same(&piece.found.said))
        && piece.found.said != *dropped
        && !piece.found.others.contains(dropped)
    {
        piece.found.others.push(dropped.clone());
    }
}

/// A part of the day settles which half of it a time means; of two times today the one that has gone comes second.
fn prefer(pieces: &mut [Piece], here: Here) {
    let part = pieces.iter().find_map(|piece| if let Said::Part(part, _) = piece.found.said { Some(part) } else { None });
    let today = pieces.iter().any(|piece| piece.found.said == Said::Date(Day::of(here.now.date())));
    for found in pieces.iter_mut().map(|piece| &mut piece.found) {
        let Some(minutes) = minutes(&found.said) else { continue };
        let wanted = |minutes: u32| match part {
            Some(part) => is_in(minutes, part),
            None => !today || minutes > crate::draft::minutes_of(here.now),
        };
        let better = found.others.iter_mut().find(|other| self::minutes(other).is_some_and(wanted));
        if let Some(better) = better.filter(|_| !wanted(minutes)) {
            std::mem::swap(&mut found.said, better);
        }
        if part.is_some() {
            found.others.retain(|other| self::minutes(other).is_none_or(wanted));
        }
    }
}

fn minutes(said: &Said) -> Option<u32> {
    match said {
        Said::Time(minutes) | Said::Range(minutes, _) => Some(*minutes),
        _ => None,
    }
}

fn chip(text: &str, sentence: &Sentence, pieces: &[Piece], index: usize, main: &Values) -> Option<Chip> {
    let piece = pieces.get(index)?;
    let (first, last) = (sentence.tokens.get(piece.from)?, sentence.tokens.get(piece.found.next.checked_sub(1)?)?);
    let raw = text.get(first.start..last.end)?;
    let raw = trimmed(raw, last.name.is_some());
    let start = first.start + raw.len() - raw.trim_start_matches('(').len();
    let end = first.start + raw.len();
    Some(Chip {
        kind: kind(&piece.found.said),
        start,
        end,
        text: text.get(start..end)?.to_owned(),
        alternatives: alternatives(sentence, pieces, index, main),
    })
}

/// Without the punctuation behind it; a dot stays with its number and its short word.
/// A name's own closing mark belongs to it.
fn trimmed(raw: &str, is_name: bool) -> &str {
    let raw = raw.trim_end_matches(|c: char| matches!(c, ',' | ';' | '!' | '?' | ')' | ':' | '…') || (c == '"' && !is_name));
    match raw.strip_suffix('.') {
        Some(rest) if !rest.ends_with(|c: char| c.is_ascii_digit()) => rest,
        _ => raw,
    }
}

fn alternatives(sentence: &Sentence, pieces: &[Piece], index: usize, main: &Values) -> Vec<Reading> {
    let others = pieces.get(index).map(|piece| piece.found.others.as_slice()).unwrap_or_default();
    let reading = |other: &Said| {
        let with = pieces.iter().enumerate().map(|(at, piece)| if at == index { other } else { &piece.found.said });
        let values = values(with, sentence.here).ok().filter(|values| values != main)?;
        Some(Reading { words: say::words(other, sentence.language)?, when: values.when, rule: values.rule })
    };
    let part_of_day = pieces.get(index).into_iter().flat_map(|piece| part_times(&piece.found.said, pieces));
    others.iter().cloned().chain(part_of_day).filter_map(|other| reading(&other)).collect()
}

/// The times that a part of the day can mean, if no other words say the time.
fn part_times(said: &Said, pieces: &[Piece]) -> Vec<Said> {
    let timed = pieces.iter().any(|piece| minutes(&piece.found.said).is_some());
    match said {
        Said::Part(part, _) if !timed => crate::grammar::times_of(*part).iter().map(|minutes| Said::Time(*minutes)).collect(),
        _ => vec![],
    }
}

fn kind(said: &Said) -> ChipKind {
    match said {
        Said::Date(_) | Said::Stretch(..) => ChipKind::Date,
        Said::Time(_) | Said::Range(..) | Said::Part(..) | Said::Moment(_) => ChipKind::Time,
        Said::Zone(_) => ChipKind::Zone,
        Said::Series(..) | Said::Count(_) | Said::Until(_) => ChipKind::Repeat,
        Said::Length(_) | Said::AllDay => ChipKind::Duration,
        Said::Lead(_) | Said::NoAlarm => ChipKind::Alarm,
        Said::List(_) => ChipKind::List,
    }
}

/// The tokens that no phrase took. An "and" between two phrases belongs to neither.
fn title(text: &str, sentence: &Sentence, pieces: &[Piece]) -> String {
    let mut of_pieces = vec![false; sentence.tokens.len()];
    for piece in pieces {
        of_pieces.iter_mut().take(piece.found.next).skip(piece.from).for_each(|taken| *taken = true);
    }
    let taken = |at: usize| of_pieces.get(at).copied().unwrap_or_default();
    let joins = |at: usize| at > 0 && taken(at - 1) && taken(at + 1) && sentence.cursor(at).eat(Sense::And);
    let left: Vec<usize> = (0..sentence.tokens.len()).filter(|at| !taken(*at) && !joins(*at)).collect();
    let left: Vec<_> = left.into_iter().filter_map(|at| sentence.tokens.get(at)).collect();
    if let [only] = left.as_slice()
        && let Some(Name::Quoted(title)) = &only.name
    {
        return title.clone();
    }
    let words = left.into_iter().filter_map(|token| text.get(token.start..token.end)).flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ").trim_end_matches([',', ';', '-']).trim().to_owned()
}
