//! Times of day.

use super::clock::{DAY, HALF, Shown, both, literal, shown};
use super::dates::{days, in_digits};
use super::day_parts::is_of_something;
use super::hours;
use super::minutes::{Number, behind_clock, behind_hour, or_count, unbroken};
use super::spoken::{self, fraction, meridiem, minutes_past};
use super::zone_letters::makes_hours;
use super::zones::of_zone;
use super::{Found, Said, found};
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Part, Sense};

/// "9am", "at 5", "half past nine", "um 9 Uhr".
pub fn time(mut cursor: Cursor<'_>) -> Option<Found> {
    if is_sunday(cursor) {
        return None;
    }
    let led = cursor.skip(&[Sense::At]);
    // "By 5pm"; a bare number behind it counts.
    let by = !led && (cursor.eat(Sense::By) || bound(&mut cursor));
    let behind_part = is_behind_part(cursor) && !by;
    let (readings, next) = clock(cursor, led || behind_part).or_else(|| unbroken(cursor, led))?;
    // "abends 2 Pillen" counts pills.
    let counts = behind_part && !led && clock(cursor, false).is_none() && !next.is_free();
    let times = readings.into_iter().map(Said::Time);
    let others = other_range(cursor, led, next).into_iter().chain(or_count(next));
    (!counts).then(|| found(times.chain(others), next))?
}

/// "Before" in "before 9am" and "nach" in "nach 18 Uhr": that hour, as there is no better one. Behind a span ("the day after") it belongs to that.
fn bound(cursor: &mut Cursor<'_>) -> bool {
    let twelve = cursor.sentence.vocabulary.twelve_hours;
    let is_bound = |sense| (matches!(sense, Sense::Before | Sense::After | Sense::Nearly) || sense == Sense::Past && !twelve).then_some(());
    let before = cursor.at.checked_sub(1).map(|at| cursor.sentence.cursor(at));
    let is_span =
        |sense| matches!(sense, Sense::Unit(_) | Sense::Digits(_) | Sense::Number(_) | Sense::Quarter | Sense::Half).then_some(());
    let mut behind = *cursor;
    let led = behind.pick(is_bound).is_some() && before.is_none_or(|mut before| before.pick(is_span).is_none());
    let is_time = led && clock(behind, false).is_some_and(|(_, behind)| behind.is_free());
    if is_time {
        *cursor = behind;
    }
    is_time
}

/// "So um 9" is Sunday by its capital; "so um 9" is about nine.
fn is_sunday(cursor: Cursor<'_>) -> bool {
    let is_day = { cursor }.pick(|sense| matches!(sense, Sense::Short(_)).then_some(())).is_some();
    is_day && cursor.token().is_some_and(|token| token.capital) && { cursor }.eat(Sense::At)
}

/// "Ten to six" may be from ten to six.
fn other_range(cursor: Cursor<'_>, led: bool, behind: Cursor<'_>) -> Vec<Said> {
    let range = in_words(cursor, true).filter(|(.., end)| !led && end.at == behind.at).and_then(spans);
    range.map(|range| std::iter::once(range.said).chain(range.others).collect()).unwrap_or_default()
}

/// Whether "at night", "tonight" or the like stands right before.
fn is_behind_part(cursor: Cursor<'_>) -> bool {
    (1..=cursor.at.min(3)).any(|back| {
        let mut before = cursor.sentence.cursor(cursor.at - back);
        let part = before.pick(|sense| matches!(sense, Sense::Around(_) | Sense::Tonight).then_some(())).is_some();
        part && before.at == cursor.at && before.token().is_some()
    })
}

/// "17h", "17h45", "17:45h". In the morning it is as likely a length, and only "at 9h" a time.
pub fn by_letter(mut cursor: Cursor<'_>) -> Option<Found> {
    let led = cursor.skip(&[Sense::At]);
    let mut behind = cursor;
    behind.step(1);
    // "9.15 h"
    let apart = shown(cursor.word()).is_some_and(|shown| {
        let in_full = matches!(behind.word(), "hrs" | "hours") && shown.padded;
        shown.minute.is_some() && (behind.word() == "h" || in_full)
    });
    let (hour, minute) = if apart { (cursor.word(), "") } else { cursor.word().split_once('h')? };
    let (hour, minute, sure) = match hour.split_once([':', '.']) {
        // "1.25h" is a length.
        Some((hour, between)) if hour.len() == 1 && matches!(between, "25" | "50" | "75") && !led => return None,
        Some((hour, between)) if minute.is_empty() => (hour, between, true),
        Some(_) => return None,
        None => (hour, minute, led),
    };
    // "1745h"
    let (hour, minute, sure) = match hour.split_at_checked(2) {
        Some((hour, between)) if between.len() == 2 && minute.is_empty() => (hour, between, true),
        _ => (hour, minute, sure),
    };
    let minutes = small(hour).filter(|hour| *hour < 24)? * 60;
    let more = if minute.is_empty() { 0 } else { small(minute).filter(|more| minute.len() == 2 && *more < 60)? };
    cursor.step(1 + usize::from(apart));
    let time = Said::Time(minutes + more);
    if sure {
        // "Lauf 1:30 h um 9"
        let length = Some(Said::Length(minutes + more)).filter(|_| apart && !led && minutes < 10 * 60 && minutes + more > 0);
        return found(std::iter::once(time).chain(length), cursor);
    }
    (minutes >= HALF + 60).then(|| found([time, Said::Length(minutes + more)], cursor))?
}

/// A time of day in all its readings; a bare number only if `led` says that a time is due.
fn clock(cursor: Cursor<'_>, led: bool) -> Option<(Vec<u32>, Cursor<'_>)> {
    named(cursor)
        .or_else(|| fraction(cursor))
        .or_else(|| minutes_past(cursor, led))
        .or_else(|| spoken::spoken(cursor, led))
        .or_else(|| digital(cursor, led))
}

/// "noon". Midnight belongs to two days: it begins one and ends the other.
fn named(mut cursor: Cursor<'_>) -> Option<(Vec<u32>, Cursor<'_>)> {
    let minutes = cursor.pick(|sense| match sense {
        Sense::Time(minutes) => Some(minutes),
        _ => None,
    })?;
    Some((if minutes == 0 { vec![0, DAY] } else { vec![minutes] }, cursor))
}

/// A time in digits.
fn digital(mut cursor: Cursor<'_>, led: bool) -> Option<(Vec<u32>, Cursor<'_>)> {
    let word = cursor.word();
    let mut shown = shown(word)?;
    cursor.step(1);
    if shown.pm.is_none() && (1..=12).contains(&shown.hour) {
        shown.pm = meridiem(&mut cursor);
    }
    if let Some((minutes, pm, behind)) = behind_hour(cursor, led).filter(|_| shown.minute.is_none() && shown.pm.is_none()) {
        (shown.minute, shown.pm, cursor) = (Some(minutes), pm.filter(|_| (1..=12).contains(&shown.hour)), behind);
    }
    let clock = cursor.eat(Sense::Clock);
    let number = if clock && shown.minute.is_none() { behind_clock(cursor) } else { None };
    let or_minutes = if let Some(Number::CountOr(minutes)) = number { Some(shown.minutes() + minutes) } else { None };
    let in_letters = spoken::minutes_behind(cursor).filter(|_| clock && shown.minute.is_none() && number.is_none());
    if let Some(Number::Minutes(minutes) | Number::MinutesOr(minutes)) = number {
        shown.minute = Some(minutes);
        cursor.step(1);
    } else if let Some((minutes, behind)) = in_letters {
        (shown.minute, cursor) = (Some(minutes), behind);
    }
    let behind = cursor;
    let said = led
        || clock
        || shown.pm.is_some()
        || of_zone(cursor)
        || cursor.pick(|sense| matches!(sense, Sense::Around(_)).then_some(())).is_some();
    if shown.minutes() > DAY {
        return None;
    }
    let is_time = match shown.minute {
        None => said,
        // "1.5" is a number, "14.30" is a time.
        Some(_) => !shown.dotted || said || word.len() == 5,
    };
    is_time.then(|| (readings(shown, clock, behind).into_iter().chain(or_minutes).collect(), behind))
}

/// What a time in digits can mean. Where people say nothing of the half of the day, a colon leaves it open; a hour with a nought before it does not.
fn readings(shown: Shown, clock: bool, cursor: Cursor<'_>) -> Vec<u32> {
    let minutes = shown.minutes();
    let twelve = cursor.sentence.vocabulary.twelve_hours;
    match shown.minute {
        _ if shown.pm.is_some() || shown.padded && shown.hour < 10 => vec![minutes],
        // Where people say all hours of the day "9:30 Uhr" is as it stands, and so is "10:30", which has the two digits of "22:30".
        Some(_) if twelve || !clock && !shown.padded => literal(minutes),
        Some(_) => vec![minutes],
        None if clock && !twelve => literal(minutes),
        None if hours::of_whole_day(cursor) => literal(minutes),
        None => both(minutes),
    }
}

/// "9-11am", "from 9 to 5", "9:00 - 10:30", "9 bis 11 Uhr".
pub fn range(mut cursor: Cursor<'_>) -> Option<Found> {
    if is_sunday(cursor) {
        return None;
    }
    let at = cursor.skip(&[Sense::At]);
    let from = cursor.skip(&[Sense::From]);
    let ends = in_one_word(cursor, at || from).or_else(|| in_words(cursor, from))?;
    over_midnight(cursor, &ends).or_else(|| spans(ends))
}

/// "8" behind "8am and", "14" behind "um 8,": another time of the day, where nothing of a title follows.
pub fn also(cursor: Cursor<'_>) -> Option<Found> {
    let mut behind = cursor;
    // "Every morning and evening"
    if let Some(part) = part_of_day(&mut behind).filter(|_| behind.is_free()) {
        return found([Said::Part(part, false)], behind);
    }
    let (times, behind) = clock(cursor, true).filter(|(_, behind)| behind.is_free())?;
    found(times.into_iter().map(Said::Time), behind)
}

/// "7" behind "at 6 or".
pub fn either(cursor: Cursor<'_>) -> Option<Found> {
    let (times, behind) = clock(cursor, true).filter(|(_, behind)| behind.is_free())?;
    found(times.into_iter().map(Said::Time), behind)
}

/// "around 7", "7ish": that hour, where nothing of a title follows.
pub fn roughly(mut cursor: Cursor<'_>) -> Option<Found> {
    if let Some(hour) =
        cursor.word().strip_suffix("ish").map(|hour| hour.trim_end_matches('-')).and_then(small).filter(|hour| (1..=12).contains(hour))
    {
        cursor.step(1);
        // "9ish pm"
        let said = meridiem(&mut cursor).map(|pm| hour % 12 * 60 + if pm { HALF } else { 0 });
        return found(said.map_or_else(|| both(hour * 60), |minutes| vec![minutes]).into_iter().map(Said::Time), cursor);
    }
    // "Elevenish"
    let number = |name: &str| {
        let number = |sense| if let Sense::Number(number @ 1..=12) = sense { Some(number) } else { None };
        cursor.sentence.vocabulary.means(name.trim_end_matches('-'), number)
    };
    if let Some(hour) = cursor.word().strip_suffix("ish").and_then(number) {
        cursor.step(1);
        return found(both(hour * 60).into_iter().map(Said::Time), cursor);
    }
    // "Noon-ish", "3:30pm-ish"
    if let Some(name) = cursor.word().strip_suffix("ish").map(|name| name.trim_end_matches('-')) {
        let time = |sense| if let Sense::Time(minutes) = sense { Some(minutes) } else { None };
        let said = || shown(name).filter(|shown| shown.pm.is_some()).map(Shown::minutes);
        let minutes = cursor.sentence.vocabulary.means(name, time).or_else(said)?;
        cursor.step(1);
        return found([Said::Time(minutes)], cursor);
    }
    cursor.need(Sense::Roughly)?;
    cursor.skip(&[Sense::At]);
    let (times, behind) = clock(cursor, true).filter(|(_, behind)| behind.is_free())?;
    found(times.into_iter().map(Said::Time), behind)
}

/// "from 7am", where no other time follows.
pub fn from(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::From)?;
    let (times, behind) = clock(cursor, false)?;
    found(times.into_iter().map(Said::Time), behind)
}

/// "9" right behind "tomorrow". Behind a weekday it may be a day of the month.
fn bare(cursor: Cursor<'_>) -> Option<Found> {
    cursor.sentence.cursor(cursor.at.checked_sub(1)?).pick(|sense| matches!(sense, Sense::Day(_)).then_some(()))?;
    let is_ordinal = cursor.token().is_some_and(|token| token.dot && !cursor.sentence.vocabulary.twelve_hours);
    let is_hour = small(cursor.word()).is_some_and(|hour| hour <= 24) && !is_ordinal;
    let (times, behind) = clock(cursor, true).filter(|(_, behind)| is_hour && behind.is_free())?;
    found(times.into_iter().map(Said::Time), behind)
}

/// "9-10", "9 to 10" and "9.30" right behind a date; behind a number of hours the phrase has to be over.
pub fn behind_date(cursor: Cursor<'_>) -> Option<Found> {
    let ends = in_one_word(cursor, true).or_else(|| in_words(cursor, true)).filter(|(.., behind)| behind.is_free() || makes_hours(*behind));
    let night = ends.as_ref().and_then(|ends| over_midnight(cursor, ends));
    let dotted = || {
        let (readings, behind) = shown(cursor.word()).filter(|shown| shown.dotted).and_then(|_| digital(cursor, true))?;
        behind.is_free().then(|| found(readings.into_iter().map(Said::Time), behind))?
    };
    night.or_else(|| ends.and_then(spans)).or_else(dotted).or_else(|| bare(cursor))
}

/// From one time to the other, in all readings.
pub fn spans((starts, ends, cursor): Ends<'_>) -> Option<Found> {
    let minutes = |start: u32| ends.iter().map(|end| (end + DAY - start) % DAY).filter(|length| *length > 0).min();
    let mut spans: Vec<(u32, u32)> = starts.iter().filter_map(|start| Some((*start, minutes(*start)?))).collect();
    // Midnight is one time at both ends of a day.
    if ends.iter().all(|end| ends.first().is_some_and(|first| first % DAY == end % DAY)) {
        // The end is sure: the start is the nearest before it.
        spans.sort_by_key(|(_, length)| *length);
        // "7-19:30" is of 24 hours, and so is its start; the nearer one is offered.
        let is_late = ends.first().is_some_and(|end| (HALF + 60..DAY).contains(end)) && !says_half(cursor);
        if is_late && spans.len() > 1 {
            spans.retain(|(_, length)| *length <= HALF + 60);
            spans.sort_by_key(|(start, _)| *start);
        } else {
            spans.truncate(1);
        }
    }
    found(spans.into_iter().map(|(start, length)| Said::Range(start % DAY, length)), cursor)
}

/// Whether the word before says which half of the day it is in: "7:30pm".
fn says_half(cursor: Cursor<'_>) -> bool {
    let Some(last) = cursor.at.checked_sub(1).map(|at| cursor.sentence.cursor(at)) else { return false };
    last.word().ends_with(['m', 'p']) || { last }
        .pick(|sense| matches!(sense, Sense::Am | Sense::Pm | Sense::Time(_)).then_some(()))
        .is_some()
}

/// "18:25-7:40": where the start is one of 24 hours, so is the end, and it is the next morning's. The end after noon is offered.
fn over_midnight(cursor: Cursor<'_>, (starts, ends, behind): &Ends<'_>) -> Option<Found> {
    let word = cursor.word();
    let first = shown(word.split_once(['-', '–']).map_or(word, |(first, _)| first))?;
    let ([start], true) = (starts.as_slice(), first.pm.is_none() && first.hour >= 13) else { return None };
    // Of the two readings of an hour the one before noon is as it stands.
    let early = ends.iter().min().filter(|end| ends.len() > 1 && **end < HALF)?;
    let length = |end: &u32| (end + DAY - start) % DAY;
    // Hardly anything goes on until the next afternoon.
    let late = ends.iter().filter(|end| length(end) > 0 && length(end) < length(early));
    found(std::iter::once(early).chain(late).map(|end| Said::Range(*start, length(end))), *behind)
}

pub type Ends<'a> = (Vec<u32>, Vec<u32>, Cursor<'a>);

fn in_one_word(mut cursor: Cursor<'_>, led: bool) -> Option<Ends<'_>> {
    let (first, second) = cursor.word().split_once(['-', '–'])?;
    // "18:25-7:40+1" is how journeys say the next day.
    let second = second.strip_suffix("+1").filter(|second| second.contains(':')).unwrap_or(second);
    // "14-16h"; from two to three it is a length.
    let in_hours =
        second.strip_suffix('h').filter(|_| !cursor.sentence.vocabulary.twelve_hours && small(first).is_some_and(|hour| hour > 5));
    let (first, second) = (shown(first)?, shown(in_hours.unwrap_or(second))?);
    cursor.step(1);
    let clock = cursor.eat(Sense::Clock) || in_hours.is_some();
    let pm = second.pm.or_else(|| meridiem(&mut cursor));
    // "9-10:30" can be nothing else; "1.2-3" can.
    let colon = |shown: Shown| shown.minute.is_some() && !shown.dotted;
    let sure = colon(first) || colon(second) || first.minute.is_some() && second.minute.is_some() || first.pm.is_some() || pm.is_some();
    let second = Shown { pm: pm.filter(|_| (1..=12).contains(&second.hour)), ..second };
    (led || clock || sure || makes_hours(cursor)).then(|| (readings(first, clock, cursor), readings(second, clock, cursor), cursor))
}

fn in_words(first: Cursor<'_>, led: bool) -> Option<Ends<'_>> {
    let is_ordinal = first.sentence.vocabulary.ordinals.contains(&".") && first.token().is_some_and(|token| token.dot);
    let (starts, mut cursor) = plain(first, true).filter(|_| !is_ordinal)?;
    if matches!(cursor.word(), "-" | "–") {
        cursor.step(1);
    } else {
        cursor.need(Sense::To)?;
    }
    let (ends, behind) = plain(cursor, true)?;
    // In "6pm until 20 December" the second is a part of a date, and in "7 Uhr bis 20.12." it is one.
    let dotted = cursor.token().is_some_and(|token| token.dot && token.word.contains('.'));
    if days(cursor, true).is_some_and(|(_, date)| date.at > behind.at || dotted) {
        return None;
    }
    // Two bare numbers are a time only with a word that says so.
    let said = led || plain(first, false).is_some() || plain(cursor, false).is_some();
    said.then_some((starts, ends, behind))
}

/// Whether a time of day stands here: "9am", "um 9". It asks for no date, as dates ask it.
pub fn is_before_clock(mut cursor: Cursor<'_>) -> bool {
    let led = cursor.skip(&[Sense::At]);
    plain(cursor, led).is_some()
}

/// Whether "18h" or "um 18h" stands here; "9h" is a length, but behind a date with its weekday.
pub fn is_before_letter(mut cursor: Cursor<'_>) -> bool {
    let day = cursor.at.checked_sub(2).map(|at| cursor.sentence.cursor(at));
    let is_weekday = day.is_some_and(|mut day| day.weekday(true).is_some());
    let sure = cursor.skip(&[Sense::At]) || is_weekday;
    let hour = cursor.word().split_once('h').filter(|(_, minute)| minute.is_empty() || small(minute).is_some_and(|minute| minute < 60));
    hour.and_then(|(hour, _)| small(hour)).is_some_and(|hour| hour < 24 && (sure || hour > 12))
}

/// A time without "to" in it, so that "9 to 5" is not nine minutes before five.
pub fn plain(cursor: Cursor<'_>, led: bool) -> Option<(Vec<u32>, Cursor<'_>)> {
    named(cursor).or_else(|| spoken::spoken(cursor, led)).or_else(|| digital(cursor, led)).or_else(|| fraction(cursor))
}

/// "tonight", "abends", "in the evening", "this morning".
pub fn around(mut cursor: Cursor<'_>) -> Option<Found> {
    let around = cursor.pick(|sense| match sense {
        Sense::Around(part) => Some(part),
        _ => None,
    });
    if let Some(part) = around {
        return found([Said::Part(part, false)], cursor);
    }
    if cursor.eat(Sense::Tonight) {
        return found([Said::Part(Part::Tonight, true)], cursor);
    }
    let today = cursor.eat(Sense::This);
    let led = cursor.skip(&[Sense::In, Sense::On, Sense::At]) || today;
    cursor.skip(&[Sense::The]);
    let part = match part_of_day(&mut cursor).filter(|_| led && !is_of_something(cursor))? {
        Part::Night if today => Part::Tonight,
        Part::Night => Part::AtNight,
        part => part,
    };
    found([Said::Part(part, today)], cursor)
}

/// "8" right before "this evening" or "heute Abend".
pub fn before_part(mut cursor: Cursor<'_>) -> Option<Found> {
    // "A table for 8 tonight" counts guests.
    if cursor.at.checked_sub(1).is_some_and(|at| cursor.sentence.cursor(at).eat(Sense::For)) {
        return None;
    }
    let hour = cursor.pick(|sense| if let Sense::Digits(hour @ 1..=12) = sense { Some(hour) } else { None })?;
    let mut behind = cursor;
    let mut day = behind.pick(|sense| matches!(sense, Sense::Day(_)).then_some(())).is_some();
    if let Some((_, next)) = in_digits(behind, false).filter(|(days, _)| !day && !days.is_empty()) {
        behind.step(next - behind.at);
        day = true;
    }
    let part = around(behind).is_some() || day && part_of_day(&mut behind).is_some();
    part.then(|| found(both(hour * 60).into_iter().map(Said::Time), cursor))?
}

/// A part of the day right behind a date: "tomorrow morning".
pub fn part(mut cursor: Cursor<'_>) -> Option<Found> {
    let several = cursor.pick(|sense| if let Sense::Parts(part) = sense { Some(part) } else { None });
    let part = several.or_else(|| part_of_day(&mut cursor))?;
    found([Said::Part(part, false)], cursor)
}

/// "5 Uhr früh": a part of the day right behind a time, where nothing of a title follows.
pub fn part_behind(cursor: Cursor<'_>) -> Option<Found> {
    let found = part(cursor)?;
    let mut behind = cursor;
    // "Um 7 morgen" is tomorrow.
    if behind.pick(|sense| matches!(sense, Sense::Day(_)).then_some(())).is_some() {
        return None;
    }
    behind.step(found.next - cursor.at);
    behind.is_free().then_some(found)
}

pub fn part_of_day(cursor: &mut Cursor<'_>) -> Option<Part> {
    cursor.pick(|sense| match sense {
        Sense::Part(part) => Some(part),
        _ => None,
    })
}

/// The times that a part of the day can mean, in minutes, the likeliest first.
pub fn times_of(part: Part) -> &'static [u32] {
    match part {
        Part::Morning => &[9 * 60, 8 * 60],
        Part::Noon => &[12 * 60],
        Part::Afternoon => &[15 * 60, 14 * 60],
        Part::Evening | Part::Tonight => &[19 * 60, 18 * 60, 20 * 60],
        Part::Night | Part::AtNight | Part::NightTo => &[20 * 60, 22 * 60],
    }
}

/// Whether a time is in that part of the day.
pub fn is_in(minutes: u32, part: Part) -> bool {
    match part {
        Part::Morning => minutes < HALF,
        Part::Noon => (11 * 60..15 * 60).contains(&minutes),
        Part::Afternoon => (HALF..DAY).contains(&minutes),
        Part::Evening => (16 * 60..DAY).contains(&minutes),
        Part::Night | Part::AtNight | Part::Tonight | Part::NightTo => !(6 * 60..17 * 60).contains(&minutes),
    }
}
