//! From a text to what was understood: finds the phrases, chooses among readings, keeps what fits, and leaves the rest to the title.

mod alarms;
mod each_year;
mod named;
mod others;
mod pairs;

use belfry_core::When;
use chrono::Duration;
use others::alternatives;

use crate::doubt::{has_gone, next_month, to_come};
use crate::draft::{Values, is_small, values};
use crate::grammar::{Behind, Day, Found, Said, is_in, phrase};
use crate::sentence::Sentence;
use crate::tokens::{MOST, Name};
use crate::unread::{Heard, Rest, unread};
use crate::vocabulary::{Part, Sense};
use crate::{Chip, ChipKind, Here, Language, Reading, Understood};

/// A phrase and its place, in tokens.
struct Piece {
    from: usize,
    found: Found,
    /// Whether its words are a part of the title all the same.
    stays: bool,
}

pub fn read(text: &str, here: Here, language: Language) -> Understood {
    read_with(text, here, language, true)
}

/// Reads, perhaps without what else the parts can mean.
fn read_with(text: &str, here: Here, language: Language, is_full: bool) -> Understood {
    let sentence = Sentence::new(text, here, language);
    let (mut pieces, mut dropped): (Vec<Piece>, Vec<Piece>) = pieces(&sentence).into_iter().partition(|piece| piece.found.said.is_read());
    named::named_days(&mut pieces, &mut dropped, here);
    each_year::edges_of_months(&sentence, &mut pieces);
    each_year::moving_days(&sentence, &mut pieces, &mut dropped);
    named::second_clocks(&sentence, &mut pieces, &mut dropped);
    surer_dates(&sentence, &mut pieces);
    pairs::rows_of_hours(&sentence, &mut pieces, &mut dropped);
    pairs::times_said_twice(&mut pieces);
    pairs::days_or_series(&sentence, &mut pieces, &mut dropped);
    pairs::times_or_times(&sentence, &mut pieces, &mut dropped);
    pairs::parts_with_times(&mut pieces);
    pairs::days_with_times(&mut pieces, &mut dropped);
    let mut values = fitting(&mut pieces, &mut dropped, here);
    if let Some(when) = values.when.filter(|when| values.rule.is_none() && has_gone(*when, here)) {
        values = gone(&sentence, &mut pieces, &mut dropped, (values, when));
    }
    early_today(&sentence, &mut pieces);
    nights(&mut pieces, &values, here);
    let at_start = alarms::bid(&sentence, &mut pieces) && values.alarms.is_empty() && !values.no_alarm;
    if !is_full {
        pieces.iter_mut().for_each(|piece| piece.found.others.clear());
    }
    let rest =
        Rest { sentence: &sentence, kept: pieces.iter().map(Piece::heard).collect(), dropped: dropped.iter().map(Piece::heard).collect() };
    let chips = (0..pieces.len()).filter_map(|index| chip(text, &sentence, &pieces, index, &values)).collect();
    Understood {
        title: title(text, &sentence, &pieces.iter().collect::<Vec<_>>()),
        when: values.when,
        length: values.length,
        rule: values.rule,
        alarms: if at_start { vec![0] } else { values.alarms },
        no_alarm: values.no_alarm,
        zone: values.zone,
        list: values.list,
        chips,
        unread: unread(text, &rest),
    }
}

/// What has gone is not taken without a word: the same day to come is offered, and "this morning" in the afternoon is told.
fn gone(sentence: &Sentence, pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>, (values, when): (Values, When)) -> Values {
    let here = sentence.here;
    for piece in pieces.iter_mut() {
        let is_of_month = is_day_of_month(sentence, piece);
        let found = &mut piece.found;
        let is_to_come =
            |said: &Said| matches!(said, Said::Date(day) | Said::Until(day) | Said::Stretch(day, _) if day.date > here.now.date());
        let other = to_come(&found.said, when, here, is_of_month).filter(|_| !found.others.iter().any(is_to_come));
        found.others.extend(other);
    }
    match pieces.iter().position(|piece| matches!(piece.found.said, Said::Part(_, true))) {
        Some(part) => {
            let mut piece = pieces.remove(part);
            piece.found.said = Said::Past;
            dropped.push(piece);
            fitting(pieces, dropped, here)
        }
        None => values,
    }
}

/// "On the 18th at 9" at noon of the 18th is nine in the evening, or nine in the morning of the next 18th.
fn early_today(sentence: &Sentence, pieces: &mut [Piece]) {
    let now = crate::draft::minutes_of(sentence.here.now);
    let has_gone = |said: &Said| minutes(said).is_some_and(|minutes| minutes <= now);
    if !pieces.iter().any(|piece| minutes(&piece.found.said).is_some_and(|at| at > now) && piece.found.others.iter().any(has_gone))
        || pieces.iter().any(|piece| matches!(piece.found.said, Said::Series(..)))
    {
        return;
    }
    for piece in pieces.iter_mut().filter(|piece| is_day_of_month(sentence, piece)) {
        let Said::Date(day) = piece.found.said else { continue };
        let next = next_month(day.date).filter(|_| day.date == sentence.here.now.date() && piece.found.others.is_empty());
        piece.found.others.extend(next.map(|date| Said::Date(Day::of(date))));
    }
}

/// Whether a date was said as a day of no month: "on the 26th".
fn is_day_of_month(sentence: &Sentence, piece: &Piece) -> bool {
    let any = |wanted: fn(Sense) -> Option<()>| (piece.from..piece.found.next).any(|at| sentence.cursor(at).pick(wanted).is_some());
    any(|sense| matches!(sense, Sense::Place(_) | Sense::Ordinal(1..)).then_some(()))
        && !any(|sense| matches!(sense, Sense::Month(_) | Sense::Weekday(_) | Sense::Short(_) | Sense::Unit(_)).then_some(()))
}

impl Piece {
    fn heard(&self) -> Heard<'_> {
        Heard { from: self.from, next: self.found.next, said: &self.found.said }
    }
}

fn pieces(sentence: &Sentence) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < sentence.tokens.len().min(MOST) {
        let before = out.last().filter(|last| last.found.next == at).map(|last| &last.found.said);
        let behind = Behind {
            date: before.is_some_and(|said| matches!(said, Said::Date(_) | Said::Until(_) | Said::Series(..))),
            time: before.is_some()
                && out.iter().any(|piece| minutes(&piece.found.said).is_some() || matches!(piece.found.said, Said::Part(..))),
            listed: is_listed(sentence, out.last(), at),
            either: is_either(sentence, out.last(), at),
            hour: before.is_some_and(|said| minutes(said).is_some()),
            series: out.iter().any(|piece| matches!(piece.found.said, Said::Series(..))),
            rule: leads_to_rule(&out, at),
            timed: out.iter().any(|piece| minutes(&piece.found.said).is_some()),
            alarm: alarms::is_alarm_listed(sentence, &out, at),
            lead: alarms::is_behind_alarm(sentence, out.last(), at),
        };
        match phrase(sentence.cursor(at), behind) {
            Some(found) if found.next > at => {
                let next = found.next;
                // "In Tokyo" says whose clock it is, and where.
                let stays = matches!(found.said, Said::Zone(_)) && sentence.cursor(at).eat(Sense::In);
                let part = sentence.cursor(at).pick(|sense| if let Sense::DailyPart(part) = sense { Some(part) } else { None });
                let of_day = part.filter(|_| matches!(found.said, Said::Series(..)));
                out.push(Piece { from: at, found, stays });
                // "Nightly" says a part of the day too, in no word of its own.
                out.extend(of_day.map(|part| Piece {
                    from: next,
                    found: Found { said: Said::Part(part, false), others: vec![], next },
                    stays: false,
                }));
                at = next;
            }
            _ => at += 1,
        }
    }
    out
}

/// Whether phrases without a word between them go back from here to a repeat rule, or to what may be one.
fn leads_to_rule(pieces: &[Piece], at: usize) -> bool {
    let mut next = at;
    for piece in pieces.iter().rev().take(6) {
        if piece.found.next != next {
            return false;
        }
        if std::iter::once(&piece.found.said).chain(&piece.found.others).any(|said| matches!(said, Said::Series(..))) {
            return true;
        }
        next = piece.from;
    }
    false
}

/// Whether a comma or "and" parts the token from a time of day before it.
fn is_listed(sentence: &Sentence, last: Option<&Piece>, at: usize) -> bool {
    let Some(last) = last.filter(|last| matches!(last.found.said, Said::Time(_) | Said::Part(..))) else { return false };
    let next = last.found.next;
    let comma = next == at && at.checked_sub(1).and_then(|at| sentence.tokens.get(at)).is_some_and(|token| token.stop);
    comma || next + 1 == at && sentence.cursor(next).eat(Sense::And)
}

/// Whether "or" parts the token from a time of day right before it.
fn is_either(sentence: &Sentence, last: Option<&Piece>, at: usize) -> bool {
    last.is_some_and(|last| {
        let next = last.found.next;
        matches!(last.found.said, Said::Time(_)) && next + 1 == at && sentence.cursor(next).eat(Sense::Or)
    })
}

/// A number that may be no date ("1/2 pill", "Version 3.12") is none beside a day that is one.
fn surer_dates(sentence: &Sentence, pieces: &mut Vec<Piece>) {
    let is_number =
        |piece: &Piece| sentence.tokens.get(piece.from).is_some_and(|token| token.word.starts_with(|c: char| c.is_ascii_digit()));
    let is_doubtful = |piece: &Piece| piece.found.others.contains(&Said::Title) && is_number(piece);
    let is_dated = |piece: &Piece| matches!(piece.found.said, Said::Date(_)) && !is_doubtful(piece);
    if pieces.iter().any(is_dated) {
        pieces.retain(|piece| !is_doubtful(piece));
    }
}

/// Keeps the pieces that fit together, in their likeliest readings.
fn fitting(pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>, here: Here) -> Values {
    loop {
        prefer(pieces, here);
        match values(pieces.iter().map(|piece| &piece.found.said), here) {
            Ok(values) => return values,
            Err(wrong) => dropped.extend(give_way(pieces, wrong)),
        }
    }
}

/// A phrase that does not fit is read otherwise if it can be, and left to the title if not.
fn give_way(pieces: &mut Vec<Piece>, wrong: usize) -> Option<Piece> {
    let found = &mut pieces.get_mut(wrong)?.found;
    let is_time = minutes(&found.said).is_some();
    found.others.retain(|other| *other != Said::Title);
    match found.others.iter().position(|other| !is_time || minutes(other).is_none()) {
        Some(other) => found.said = found.others.remove(other),
        None => {
            let dropped = pieces.remove(wrong);
            offer(pieces, &dropped.found.said);
            return Some(dropped);
        }
    }
    None
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

/// The small hours of a night that a date names may be before that date or behind it.
fn nights(pieces: &mut [Piece], values: &Values, here: Here) {
    let Some(Part::Night | Part::AtNight) = part(pieces) else { return };
    let Some(When::At { local, .. }) = values.when.filter(|when| is_small(crate::draft::minutes_of(when.local()))) else { return };
    for found in pieces.iter_mut().map(|piece| &mut piece.found) {
        let Said::Date(day) = found.said else { continue };
        let step = Duration::days(if day.date == local.date() { 1 } else { -1 });
        // What has gone is not meant.
        let other = day.date.checked_add_signed(step).filter(|_| local + step > here.now && found.others.is_empty());
        found.others.extend(other.map(|date| Said::Date(Day { date, ..day })));
    }
}

fn part(pieces: &[Piece]) -> Option<Part> {
    pieces.iter().find_map(|piece| if let Said::Part(part, _) = piece.found.said { Some(part) } else { None })
}

/// A part of the day settles which half of it a time means; of two times today the one that has gone comes second.
fn prefer(pieces: &mut [Piece], here: Here) {
    let part = part(pieces);
    prefer_series(pieces);
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

/// "Monday to Friday" with a time or behind "every day" is every week rather than once, and so is "first Monday of the month" with an end.
fn prefer_series(pieces: &mut [Piece]) {
    let any = |is: fn(&Said) -> bool| pieces.iter().any(|piece| is(&piece.found.said));
    let steady = any(|said| minutes(said).is_some() || matches!(said, Said::Series(..)));
    let ends = any(|said| matches!(said, Said::Until(_) | Said::Count(_)));
    let dated = any(|said| matches!(said, Said::Date(_) | Said::Stretch(..) | Said::Moment(_) | Said::Until(_) | Said::Series(..)));
    // "Abends um 10 für 2 Wochen", "8am and 8pm for 7 days"
    let several = pieces.iter().filter(|piece| matches!(piece.found.said, Said::Time(_))).count() > 1;
    let daily = !dated && (several || any(|said| matches!(said, Said::Part(_, false))));
    let is_many = |said: &Said| {
        daily && matches!(said, Said::Lasting(_)) || steady && matches!(said, Said::Stretch(..)) || ends && matches!(said, Said::Date(_))
    };
    // "The next 5 days" are from today on, and each of them; beside a day or a rule they are how long it goes on.
    let of_next =
        |found: &Found| matches!(found.said, Said::Lasting(_)) && found.others.iter().any(|other| matches!(other, Said::Stretch(..)));
    for found in pieces.iter_mut().map(|piece| &mut piece.found).filter(|found| of_next(found)) {
        if dated {
            found.others.retain(|other| !matches!(other, Said::Stretch(..)));
        } else {
            found.said = found.others.remove(0);
        }
    }
    for found in pieces.iter_mut().map(|piece| &mut piece.found).filter(|found| is_many(&found.said)) {
        if let Some(series) = found.others.iter_mut().find(|other| matches!(other, Said::Series(..) | Said::DailyFor(_))) {
            std::mem::swap(&mut found.said, series);
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
    let (start, end) = place(text, sentence, piece.from, piece.found.next)?;
    // The "abends" of "montagabends" makes every Monday of it: without it the rest says something else.
    let is_glued = piece
        .from
        .checked_sub(1)
        .and_then(|at| sentence.tokens.get(at))
        .is_some_and(|before| before.word.len() > before.end - before.start);
    // So do the "mornings" of "in the mornings".
    let is_glued = is_glued || sentence.cursor(piece.from).pick(|sense| matches!(sense, Sense::Parts(_)).then_some(())).is_some();
    // Without its part of the day "for 2 weeks" would be one event.
    let is_daily = matches!(piece.found.said, Said::Part(..)) && pieces.iter().any(|piece| matches!(piece.found.said, Said::DailyFor(_)));
    // The other half of the day is not what the second clock of "9:00 UTC/10:00 CET" shows.
    let zone = pieces.get(index + 1).filter(|next| matches!(next.found.said, Said::Zone(_)));
    // Beside a sign ("8/14/20 daily", "6/7 tomorrow") other words would tear the row apart.
    let sign = |letter: Option<char>| letter.is_some_and(|letter| matches!(letter, '/' | '+' | '&'));
    let is_row = sign(text.get(..start).and_then(|before| before.chars().next_back()))
        || sign(text.get(end..).and_then(|behind| behind.chars().next())) && main.rule.is_some();
    let is_glued = is_glued || is_row || is_daily || zone.is_some_and(|zone| shows_time(sentence, zone));
    let others = if is_glued { vec![] } else { alternatives(text, sentence, pieces, index, main) };
    Some(Chip {
        kind: kind(&piece.found.said),
        start,
        end,
        text: text.get(start..end)?.to_owned(),
        alternatives: others.into_iter().map(|reading| spaced(reading, text, (start, end))).collect(),
    })
}

/// Whether a zone is named with a second time: "UTC/10:00 CET", "ET (6am PT)".
fn shows_time(sentence: &Sentence, zone: &Piece) -> bool {
    let words = (zone.from..zone.found.next).flat_map(|at| sentence.cursor(at).word().split('/'));
    words.into_iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The words in place of a part of a word are parted from the rest of it: "Donnerstag" and "abend".
fn spaced(mut reading: Reading, text: &str, (start, end): (usize, usize)) -> Reading {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    if is_letter(text.get(..start).and_then(|before| before.chars().next_back())) {
        reading.words.insert(0, ' ');
    }
    let behind = text.get(end..).and_then(|behind| behind.chars().next());
    if is_letter(behind) || behind.is_some_and(|sign| matches!(sign, '/' | '+' | '&')) {
        reading.words.push(' ');
    }
    reading
}

/// The bytes of some tokens, from the first up to the one behind the last.
pub fn place(text: &str, sentence: &Sentence, from: usize, next: usize) -> Option<(usize, usize)> {
    let (first, last) = (sentence.tokens.get(from)?, sentence.tokens.get(next.checked_sub(1)?)?);
    let raw = trimmed(text.get(first.start..last.end)?, last.name.is_some());
    Some((first.start + raw.len() - raw.trim_start_matches('(').len(), first.start + raw.len()))
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

fn kind(said: &Said) -> ChipKind {
    match said {
        Said::Date(_)
        | Said::Stretch(..)
        | Said::Impossible
        | Said::Unfixed
        | Said::Past
        | Said::LeftOut
        | Said::Named(_)
        | Said::Title => ChipKind::Date,
        Said::Time(_) | Said::TimeBefore(..) | Said::Range(..) | Said::Part(..) | Said::Moment(_) => ChipKind::Time,
        Said::Zone(_) => ChipKind::Zone,
        Said::Series(..) | Said::Count(_) | Said::Until(_) | Said::Except(_) | Said::Season(..) | Said::DailyFor(_) => ChipKind::Repeat,
        Said::Length(_) | Said::Lasting(_) | Said::Months(_) | Said::AllDay => ChipKind::Duration,
        Said::Lead(_)
        | Said::LengthAndLead(..)
        | Said::LeadAndTime(..)
        | Said::DaysBefore(..)
        | Said::LeadMonths(_)
        | Said::LeadAt(..)
        | Said::AtStart
        | Said::NoAlarm => ChipKind::Alarm,
        Said::Bid => ChipKind::Alarm,
        Said::List(_) => ChipKind::List,
    }
}

/// The tokens that no phrase took. An "and" between two phrases belongs to neither.
fn title(text: &str, sentence: &Sentence, pieces: &[&Piece]) -> String {
    let mut of_pieces = vec![false; sentence.tokens.len()];
    for piece in pieces.iter().filter(|piece| !piece.stays) {
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
    let mut title = String::new();
    let mut behind = None;
    for token in left {
        // Two parts of one word have nothing between them.
        if behind.is_some_and(|end| end < token.start) {
            title.push(' ');
        }
        behind = Some(token.end);
        title.push_str(&text.get(token.start..token.end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "));
    }
    title.trim_end_matches([',', ';', '-', '–', '—']).trim().to_owned()
}
