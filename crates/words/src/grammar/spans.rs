//! Spans of time: durations, lead times, "in 2 weeks".

use belfry_core::reminder::{ALARM_LIMIT, Lead};
use chrono::{Duration, Months};

use super::alarm_lists::goes_on;
use super::clock::DAY;
use super::dates::{days, is_eight_days};
use super::further_alarms;
use super::short_spans::{hours_and_minutes, in_one_word, short_parts, short_unit};
use super::times::{is_in, time, times_of};
use super::{Day, Found, Said, found, phrase_but_alarm};
use crate::sentence::{Cursor, small};
use crate::vocabulary::{Part, Sense, Unit};

/// The longest length that a reminder can have, in minutes: five years.
const LONGEST: u32 = 5 * 365 * 24 * 60;

/// "1 week before", "eine Woche vorher", "half an hour afterwards". "Before" may also tie the time to a thing ("2 weeks before Christmas"): that is no alarm.
pub fn alarm(mut cursor: Cursor<'_>) -> Option<Found> {
    let start = cursor;
    let led = cursor.skip(&[Sense::Alarm]);
    if led {
        // "Alert: 1h", "reminder = 1h"
        if cursor.word() == "=" {
            cursor.step(1);
        } else if cursor.is_behind_colon() {
            cursor = cursor.over();
        }
        cursor.skip(&[Sense::At, Sense::On]);
    }
    if let Some(found) =
        named_lead(cursor, led).or_else(|| eve(cursor)).or_else(|| lead_of_months(cursor)).or_else(|| days_before_at(cursor, led))
    {
        return Some(found);
    }
    let read = lead(cursor).or_else(|| first_of_two(cursor)).or_else(|| several(cursor));
    let (minutes, side, mut cursor) = read.or_else(|| bare(cursor).filter(|_| led))?;
    let led = cursor.eat(Sense::Remind) || led;
    let ends = || cursor.token().is_none_or(|token| token.name.is_some());
    let free = led
        || match side {
            Sense::Before => ends() || begins_a_phrase(cursor) || further_alarms::follows(cursor),
            // A time may follow that it belongs to: "15 minutes after midnight".
            Sense::After => ends() || further_alarms::follows(cursor),
            _ => true,
        };
    let lead = Lead::try_from(minutes).ok().filter(|lead| *lead <= ALARM_LIMIT)?;
    // "2h 15m before" may be how long it takes, and the alarm.
    let two = length_and_lead(start).filter(|_| !led && !is_late(side));
    let one = Said::Lead(if is_late(side) { -lead } else { lead });
    free.then(|| found(std::iter::once(one).chain(two), cursor))?
}

/// The other reading of "2h 15m before".
fn length_and_lead(cursor: Cursor<'_>) -> Option<Said> {
    let (length, _, behind) = in_one_word(cursor).filter(|(_, unit, _)| *unit == Unit::Hour)?;
    let (lead, unit, behind) = in_one_word(behind)?;
    (unit == Unit::Minute && is_lead(behind)).then_some(Said::LengthAndLead(length, Lead::try_from(lead).ok()?))
}

/// "Remind me the day before", "am Vortag erinnern".
pub fn named_lead(mut cursor: Cursor<'_>, led: bool) -> Option<Found> {
    let minutes = cursor.pick(|sense| if let Sense::Lead(minutes) = sense { Some(minutes) } else { None })?;
    let led = cursor.eat(Sense::Remind) || led;
    // "Remind me the day before at 6pm", "am Vortag um 18 Uhr erinnern"
    if let Some(found) = at_hour((minutes, Sense::Before, cursor), led) {
        return Some(found);
    }
    let ends = cursor.token().is_none_or(|token| token.name.is_some()) || begins_a_phrase(cursor) || further_alarms::follows(cursor);
    let lead = Lead::try_from(minutes).ok().filter(|_| led && ends)?;
    found([Said::Lead(lead)], cursor)
}

/// "The evening before", "am Vorabend um 18 Uhr": at the time that evenings have, or the one that is said.
fn eve(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Eve)?;
    let led = cursor.eat(Sense::Remind);
    if let Some(Found { said: Said::Time(minutes), others, next }) = time(cursor) {
        let evening = |minutes: u32| is_in(minutes, Part::Evening);
        let others = others.into_iter().filter_map(|other| if let Said::Time(minutes) = other { Some(minutes) } else { None });
        let at = std::iter::once(minutes).chain(others).find(|minutes| evening(*minutes))?;
        cursor.step(next - cursor.at);
        cursor.eat(Sense::Remind);
        return found([Said::DaysBefore(1, at)], cursor);
    }
    let ends = led || cursor.token().is_none_or(|token| token.name.is_some()) || begins_a_phrase(cursor) || further_alarms::follows(cursor);
    ends.then(|| found(times_of(Part::Evening).iter().map(|minutes| Said::DaysBefore(1, *minutes)), cursor))?
}

/// "2 days before at 6pm": an alarm at that hour, or the hour of the day itself and its alarm. Both ring at the same time, if no other time is said.
fn days_before_at(cursor: Cursor<'_>, led: bool) -> Option<Found> {
    at_hour(lead(cursor)?, led)
}

/// The same behind the span.
fn at_hour((minutes, side, mut cursor): (u32, Sense, Cursor<'_>), led: bool) -> Option<Found> {
    (minutes % DAY == 0 && minutes > 0 && !is_late(side)).then_some(())?;
    // "2 days before 6pm" is counted from there.
    let tied = led || side == Sense::Ahead || { cursor }.eat(Sense::At);
    let Found { said: Said::Time(at), others, next } = time(cursor).filter(|_| tied)? else { return None };
    cursor.step(next - cursor.at);
    let led = cursor.eat(Sense::Remind) || led;
    let days = minutes / DAY;
    let lead = Lead::try_from(minutes).ok().filter(|lead| *lead <= ALARM_LIMIT)?;
    let halves = others.iter().filter_map(|other| if let Said::Time(at) = other { Some(Said::DaysBefore(days, *at)) } else { None });
    let of_day = Some(Said::LeadAndTime(lead, at)).filter(|_| !led);
    found(std::iter::once(Said::DaysBefore(days, at)).chain(halves).chain(of_day), cursor)
}

/// "3 months before", "ein Jahr vorher erinnern": as many minutes as that is from a date that comes once.
fn lead_of_months(cursor: Cursor<'_>) -> Option<Found> {
    let (count, mut cursor) = months(cursor).filter(|(count, _)| (1..=120).contains(count))?;
    let mut second = cursor;
    if second.eat(Sense::And) && lead(second).is_some_and(|(_, side, _)| !is_late(side)) {
        return found([Said::LeadMonths(count)], cursor);
    }
    let side = cursor.pick(|sense| matches!(sense, Sense::Before | Sense::Ahead).then_some(sense))?;
    let led = cursor.eat(Sense::Remind);
    let ends = led || side == Sense::Ahead || cursor.token().is_none_or(|token| token.name.is_some());
    ends.then(|| found([Said::LeadMonths(count)], cursor))?
}

/// "1h" behind "reminder", where nothing of a title follows.
fn bare(cursor: Cursor<'_>) -> Option<(u32, Sense, Cursor<'_>)> {
    let (minutes, _, behind) = hours_and_more(cursor).or_else(|| short_parts(cursor)).or_else(|| span(cursor, true))?;
    let ends = behind.token().is_none_or(|token| token.name.is_some()) || begins_a_phrase(behind) || goes_on(behind);
    // "Remind me a week today" says the day.
    let is_date = days(cursor, true).is_some_and(|(_, date)| date.at > behind.at);
    (ends && !is_date && minutes > 0).then_some((minutes, Sense::Ahead, behind))
}

/// One of "15m, 1h, 1d before": three or more, the last of which says on which side of the start all are.
fn several(cursor: Cursor<'_>) -> Option<(u32, Sense, Cursor<'_>)> {
    let (minutes, _, first) = span(cursor, false)?;
    let mut known = 1 + usize::from(is_behind_span(cursor));
    let mut next = first;
    for _ in 0..6 {
        let mut more = next.over();
        let joined = more.eat(Sense::And) || next.token().is_none();
        let (_, _, behind) = span(more, false).filter(|_| joined)?;
        known += 1;
        if let Some(side) = { behind }.pick(|sense| is_side(sense).then_some(sense)) {
            return (known > 2).then_some((minutes, side, first));
        }
        next = behind;
    }
    None
}

/// Whether a comma and a span in one word stand right before.
fn is_behind_span(cursor: Cursor<'_>) -> bool {
    let before = |back: usize| cursor.at.checked_sub(back).map(|at| cursor.sentence.cursor(at));
    let stopped = before(1).and_then(Cursor::token).is_some_and(|token| token.stop);
    stopped && [1, 2].into_iter().filter_map(before).any(|at| span(at, false).is_some_and(|(.., behind)| behind.at == cursor.at))
}

/// The day in "1 day and 2 hours before": two alarms, the second of which says on which side of the start both are.
fn first_of_two(cursor: Cursor<'_>) -> Option<(u32, Sense, Cursor<'_>)> {
    let (minutes, unit, cursor) = span(cursor, false)?;
    let mut second = cursor.over();
    let and = second.eat(Sense::And);
    let (less, side, _) = lead(second).filter(|(less, ..)| and || cursor.token().is_none() && *less < minutes)?;
    let is_part = unit == Unit::Hour && less < 60;
    (!is_part).then_some((minutes, side, cursor))
}

fn is_late(side: Sense) -> bool {
    matches!(side, Sense::Afterwards | Sense::After)
}

pub fn lead(cursor: Cursor<'_>) -> Option<(u32, Sense, Cursor<'_>)> {
    let more = || hours_then_minutes(cursor).and_then(side_of);
    short_parts(cursor).and_then(side_of).or_else(|| side_of(span(cursor, true)?)).or_else(more)
}

fn side_of((minutes, _, mut cursor): (u32, Unit, Cursor<'_>)) -> Option<(u32, Sense, Cursor<'_>)> {
    let side = cursor.pick(|sense| is_side(sense).then_some(sense))?;
    Some((minutes, side, cursor))
}

/// Whether anything else is said here. Another alarm counts by its shape, so that a thousand of them do not ask each other.
pub fn begins_a_phrase(mut cursor: Cursor<'_>) -> bool {
    cursor.eat(Sense::And);
    let cursor = cursor.sentence.cursor(cursor.at);
    lead(cursor).is_some() || phrase_but_alarm(cursor).is_some()
}

/// "no alarm".
pub fn no_alarm(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::Without)?;
    cursor.need(Sense::Alarm)?;
    found([Said::NoAlarm], cursor)
}

/// "all day".
pub fn all_day(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.need(Sense::AllDay)?;
    found([Said::AllDay], cursor)
}

/// "for 2 hours", "90 min", "3 days long". Days and weeks need a word that says that they are a length.
pub fn duration(mut cursor: Cursor<'_>) -> Option<Found> {
    let sure = cursor.eat(Sense::Lasts);
    let led = cursor.eat(Sense::For) || sure;
    // "every 8 hours" is no length, and words know no such rule.
    if cursor.at.checked_sub(1).is_some_and(|at| cursor.sentence.cursor(at).eat(Sense::Every)) {
        return None;
    }
    // "1:30 hours" needs no word before it; "1:30 h" may be a time.
    let in_full = cursor.word().len() == 4 && cursor.sentence.cursor(cursor.at + 1).word().len() > 2;
    let colon =
        with_colon(cursor).filter(|_| led || in_full).or_else(|| with_parts(cursor).filter(|_| led)).filter(|span| !is_lead(span.2));
    let Some((minutes, unit, mut cursor)) = colon
        .or_else(|| hours_and_minutes(cursor).filter(|span| !is_lead(span.2)))
        .or_else(|| span(cursor, false))
        .filter(|span| !is_lead(span.2))
        .or_else(|| counted(cursor).filter(|span| !leads_to_something(span.2)))
    else {
        return lasting_months(cursor, led);
    };
    let led = cursor.eat(Sense::Long) || led || leads_to_start(cursor);
    let short = matches!(unit, Unit::Minute | Unit::Hour);
    let said = if minutes % DAY == 0 && !sure { Said::Lasting(minutes) } else { Said::Length(minutes) };
    // "At 10 for 2 weeks" may be daily.
    let daily = matches!(said, Said::Lasting(_)).then_some(Said::DailyFor(minutes)).filter(|_| minutes > DAY);
    (minutes <= LONGEST && (led || short)).then(|| found(std::iter::once(said).chain(daily), cursor))?
}

/// "for 6 months".
fn lasting_months(cursor: Cursor<'_>, led: bool) -> Option<Found> {
    let (count, mut cursor) = months(cursor).filter(|(count, _)| (1..=60).contains(count))?;
    let led = cursor.eat(Sense::Long) || led;
    (led && !is_lead(cursor)).then(|| found([Said::Months(count)], cursor))?
}

/// Whether a first day follows: "2 weeks starting Friday", "2 Wochen ab Freitag".
fn leads_to_start(mut cursor: Cursor<'_>) -> bool {
    cursor.eat(Sense::From) && days(cursor, true).is_some()
}

/// Whether what was just read is a lead time: the minutes in "for 1 hour 30 minutes before" are the alarm's.
fn is_lead(mut cursor: Cursor<'_>) -> bool {
    cursor.pick(|sense| is_side(sense).then_some(())).is_some()
}

/// "Before" and what is no time: "24 hours before departure" is no length.
fn leads_to_something(mut cursor: Cursor<'_>) -> bool {
    cursor.eat(Sense::Before) && cursor.token().is_some() && time(cursor).is_none()
}

/// Whether it makes a lead time of the span before it.
pub fn is_side(sense: Sense) -> bool {
    matches!(sense, Sense::Before | Sense::Ahead | Sense::Afterwards | Sense::After)
}

/// "in 2 weeks", "in 20 minutes".
pub fn from_now(mut cursor: Cursor<'_>) -> Option<Found> {
    let now = cursor.sentence.here.now;
    if let Some((minutes, Unit::Minute | Unit::Hour, mut behind)) = span(cursor, false)
        && behind.eat(Sense::Hence)
    {
        let moment = now.checked_add_signed(Duration::minutes(i64::from(minutes)))?;
        return found([Said::Moment(whole_minute(moment))], behind);
    }
    let eight = is_eight_days(cursor);
    cursor.need(Sense::In)?;
    if let Some((months, cursor)) = months(cursor) {
        return found([Said::Date(Day::of(now.date().checked_add_months(Months::new(months))?))], cursor);
    }
    if let Some(found) = hours_or_time(cursor) {
        return Some(found);
    }
    let (minutes, unit, cursor) = with_colon(cursor)
        .or_else(|| with_parts(cursor))
        .or_else(|| hours_and_minutes(cursor))
        .or_else(|| hours_and_more(cursor))
        .or_else(|| span(cursor, false))?;
    // "Check in 24 hours before the flight"
    if is_lead(cursor) {
        return None;
    }
    let moment = now.checked_add_signed(Duration::minutes(i64::from(minutes)))?;
    let said =
        if matches!(unit, Unit::Minute | Unit::Hour) { Said::Moment(whole_minute(moment)) } else { Said::Date(Day::of(moment.date())) };
    let week = (eight && minutes == 8 * DAY).then(|| now.date().checked_add_days(chrono::Days::new(7))).flatten();
    found(std::iter::once(said).chain(week.map(|date| Said::Date(Day::of(date)))), cursor)
}

/// Reminders begin on a whole minute.
fn whole_minute(moment: chrono::NaiveDateTime) -> chrono::NaiveDateTime {
    use chrono::Timelike;
    moment.with_second(0).and_then(|moment| moment.with_nanosecond(0)).unwrap_or(moment)
}

fn months(mut cursor: Cursor<'_>) -> Option<(u32, Cursor<'_>)> {
    if let Some(months) = cursor.pick(|sense| if let Sense::Months(months) = sense { Some(months) } else { None }) {
        return Some((months, cursor));
    }
    let count = cursor.number()?;
    let months = cursor.pick(|sense| match sense {
        Sense::Unit(Unit::Month) => Some(1),
        Sense::Unit(Unit::Year) => Some(12),
        _ => None,
    })?;
    Some((count.checked_mul(months)?, cursor))
}

/// A span in minutes, and the smallest unit that it was said in. `zero` allows one of nothing.
pub fn span(cursor: Cursor<'_>, zero: bool) -> Option<(u32, Unit, Cursor<'_>)> {
    let (minutes, unit, cursor) = named(cursor).or_else(|| in_one_word(cursor)).or_else(|| in_parts(cursor)).or_else(|| counted(cursor))?;
    (minutes > 0 || zero).then_some((minutes, unit, cursor))
}

/// "half an hour".
fn named(mut cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let minutes = cursor.pick(|sense| match sense {
        Sense::Minutes(minutes) => Some(minutes),
        _ => None,
    })?;
    Some((minutes, if minutes % DAY == 0 { Unit::Day } else { Unit::Minute }, cursor))
}

/// "2 hours".
pub fn counted(mut cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let number = cursor.number();
    let hundredths = match number {
        Some(number) => u64::from(number) * 100,
        None => fraction(&mut cursor)?,
    };
    let unit = cursor.pick(|sense| match sense {
        Sense::Unit(unit) => Some(unit),
        _ => None,
    })?;
    let minutes = hundredths * u64::from(unit.minutes()?);
    // A third of a minute is no length.
    (minutes % 100 == 0).then_some((u32::try_from(minutes / 100).ok()?, if number.is_some() { unit } else { Unit::Minute }, cursor))
}

/// "1.5" or "1,5", in hundredths.
fn fraction(cursor: &mut Cursor<'_>) -> Option<u64> {
    let (whole, part) = cursor.word().split_once(['.', ','])?;
    let scale = match part.len() {
        1 => 10,
        2 => 1,
        _ => return None,
    };
    let hundredths = u64::from(small(whole)?) * 100 + u64::from(small(part)?) * scale;
    cursor.step(1);
    Some(hundredths)
}

/// "2 hours and 30 minutes", "1 week 2 days", "1 day 2 hours": of whatever is smaller there is less than one of the larger. Days and hours with "and" between them may be two.
fn in_parts(cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let (mut sum, mut least, mut cursor) = counted(cursor)?;
    let mut has_parts = false;
    loop {
        let mut ahead = cursor;
        let and = ahead.eat(Sense::And);
        let Some((minutes, unit, behind)) = counted(ahead) else { break };
        let fits = least.minutes().is_some_and(|of| minutes < of) && (!and || (least, unit) == (Unit::Hour, Unit::Minute));
        if !fits {
            break;
        }
        (sum, least, cursor, has_parts) = (sum.checked_add(minutes)?, unit, behind, true);
    }
    has_parts.then_some((sum, least, cursor))
}

/// "1:30h", "1:30 Stunden": a length behind a word that asks for one; elsewhere "14:30 h" is a time.
fn with_colon(mut cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let word = cursor.word();
    let digits = word.trim_end_matches(char::is_alphabetic);
    let name = word.get(digits.len()..)?;
    let (hours, minutes) = digits.split_once(':').filter(|(_, minutes)| minutes.len() == 2)?;
    let minutes = small(minutes).filter(|minutes| *minutes < 60)?;
    let sum = small(hours)?.checked_mul(60)?.checked_add(minutes).filter(|sum| *sum > 0)?;
    cursor.step(1);
    if name.is_empty() {
        cursor.need(Sense::Unit(Unit::Hour))?;
    } else {
        short_unit(name).filter(|unit| *unit == Unit::Hour)?;
    }
    Some((sum, Unit::Minute, cursor))
}

/// "In 1:30" is so long from now, or at that time.
fn hours_or_time(cursor: Cursor<'_>) -> Option<Found> {
    let (hours, minutes) = cursor.word().split_once(':').filter(|(hours, minutes)| hours.len() == 1 && minutes.len() == 2)?;
    let minutes = small(hours)? * 60 + small(minutes).filter(|minutes| *minutes < 60)?;
    let times = time(cursor)?;
    let mut behind = cursor;
    behind.step(1);
    // "In 1:30 Uhr" is a time.
    (times.next == behind.at && behind.is_free() && (1..6 * 60).contains(&minutes)).then_some(())?;
    let moment = cursor.sentence.here.now.checked_add_signed(Duration::minutes(i64::from(minutes)))?;
    found(std::iter::once(Said::Moment(whole_minute(moment))).chain([times.said]).chain(times.others), behind)
}

/// "1h 30" and "1 hour 30" behind "in", where nothing of a title follows.
fn hours_and_more(cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    hours_then_minutes(cursor).filter(|(.., behind)| behind.is_free())
}

/// The same before "before": "1 hour 30 before".
fn hours_then_minutes(cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let (hours, unit, mut cursor) = in_one_word(cursor).or_else(|| counted(cursor)).filter(|(hours, ..)| hours % 60 == 0)?;
    let minutes = cursor.pick(|sense| if let Sense::Digits(minutes @ 1..60) = sense { Some(minutes) } else { None })?;
    (unit == Unit::Hour).then_some((hours.checked_add(minutes)?, Unit::Minute, cursor))
}

/// "1 1/2 hours", "1½ Stunden".
fn with_parts(mut cursor: Cursor<'_>) -> Option<(u32, Unit, Cursor<'_>)> {
    let word = cursor.word();
    let joined = word.find(['¼', '½', '¾']).and_then(|at| word.split_at_checked(at)).and_then(|(whole, part)| Some((small(whole)?, part)));
    let (whole, part) = match joined {
        Some(joined) => joined,
        None => (cursor.number()?, cursor.word()),
    };
    let quarters = quarters(part)?;
    cursor.step(1);
    let unit = cursor.pick(|sense| if let Sense::Unit(unit) = sense { unit.minutes() } else { None })?;
    Some((whole.checked_mul(unit)?.checked_add(unit * quarters / 4)?, Unit::Minute, cursor))
}

/// Quarters of one.
fn quarters(word: &str) -> Option<u32> {
    match word {
        "1/4" | "¼" => Some(1),
        "1/2" | "½" => Some(2),
        "3/4" | "¾" => Some(3),
        _ => None,
    }
}
