//! The phrases that all languages share, over the senses of words.

mod alarm_lists;
mod between;
mod calendar_weeks;
mod clock;
mod clock_alarms;
mod coming;
mod counts;
mod dates;
mod day_parts;
mod ends;
mod exceptions;
mod feasts;
mod from_month;
mod further_alarms;
mod hours;
mod letters;
mod lost;
mod minutes;
mod mixed_days;
mod monthly;
mod months;
mod near;
mod numeric;
mod one_word;
mod parted;
mod parts;
mod repeats;
mod seasons;
mod short_days;
mod short_spans;
mod spans;
mod spoken;
mod stretches;
mod times;
mod week;
mod weekdays;
mod yearly;
mod zone_letters;
mod zones;

use std::num::NonZeroU32;

use belfry_core::{Lead, Rule, Zone};
use chrono::{NaiveDate, NaiveDateTime, Weekday};

pub use calendar_weeks::named as names_week;
pub use clock::is_shown;
pub use feasts::each_year;
pub use further_alarms::looks_like_alarm;
pub use hours::unled as names_hours;
pub use letters::letters;
pub use monthly::days_of_month;
pub use numeric::{coming, is_row_of_hours};
pub use short_days::{follows_article, looks_like_day};
pub use spans::is_side;
pub use times::{is_in, times_of};
pub use zone_letters::is_sure;
pub use zones::{is_short, names_city};

use crate::sentence::Cursor;
use crate::tokens::Name;
use crate::vocabulary::Part;

/// A day that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    /// Whether the year was not said, so that a later one may be meant.
    pub any_year: bool,
}

impl Day {
    pub fn of(date: NaiveDate) -> Self {
        Self { date, any_year: false }
    }
}

/// A day with a name inside a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub day: Day,
    /// Whether it may be the date.
    pub may_be_date: bool,
    /// Whether it is a part of the title all the same: "Thanksgiving dinner".
    pub stays: bool,
}

/// What a phrase says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Date(Day),
    /// From a date on, for so many days.
    Stretch(Day, u32),
    /// Minutes from midnight; 1440 is the end of the day.
    Time(u32),
    /// Minutes from midnight, and a number that is title: another reading of "9 Uhr 30 Blumen".
    TimeBefore(u32, u32),
    /// From a time on, for so many minutes.
    Range(u32, u32),
    /// A part of the day, and whether the words also say that it is today's.
    Part(Part, bool),
    /// A date and a time at once.
    Moment(NaiveDateTime),
    Zone(Zone),
    /// A rule, and the date from which on, if the same words say it.
    Series(Box<Rule>, Option<NaiveDate>),
    Count(NonZeroU32),
    Until(Day),
    /// Weekdays that a rule leaves out.
    Except(Vec<Weekday>),
    /// A day with a name inside a title.
    Named(Named),
    /// The days from which on, and up to which, a series goes on; nothing without one.
    Season(NaiveDate, Option<NaiveDate>),
    /// Single days that are left out, which no rule says.
    LeftOut,
    /// Minutes.
    Length(u32),
    /// Minutes: how long it takes, or of a series how long it goes on.
    Lasting(u32),
    /// Minutes: every day for so long.
    DailyFor(u32),
    /// Months: the same.
    Months(u32),
    AllDay,
    /// Minutes.
    Lead(Lead),
    /// Minutes: how long it takes, and a lead time.
    LengthAndLead(u32, Lead),
    /// So many days before the day, at this minute.
    DaysBefore(u32, u32),
    /// Minutes: a lead time, and the time of the day itself.
    LeadAndTime(Lead, u32),
    /// Months before.
    LeadMonths(u32),
    /// Minutes from midnight at which it rings, and the other half of the day if that is as open.
    LeadAt(u32, Option<u32>),
    /// That it rings when it begins; of a whole day in its morning.
    AtStart,
    NoAlarm,
    List(String),
    /// That somebody wants to be reminded.
    Bid,
    /// Nothing: as another reading, that the words are title.
    Title,
    /// A day that is in no calendar.
    Impossible,
    /// A day with a name that no rule finds, in a title.
    Unfixed,
    /// A day that has gone.
    Past,
}

impl Said {
    /// Whether it is about when.
    pub fn is_when(&self) -> bool {
        matches!(
            self,
            Self::Date(_) | Self::Stretch(..) | Self::Time(_) | Self::Range(..) | Self::Part(..) | Self::Moment(_) | Self::Series(..)
        )
    }

    /// Whether it can be a part of what is understood.
    pub fn is_read(&self) -> bool {
        !matches!(self, Self::Impossible | Self::Unfixed | Self::Past | Self::LeftOut)
    }
}

/// What stands right before a phrase.
#[derive(Debug, Clone, Copy, Default)]
pub struct Behind {
    pub date: bool,
    pub time: bool,
    /// Whether it is a time of day itself.
    pub hour: bool,
    /// Whether a comma or "and" stands between a time of day and this.
    pub listed: bool,
    /// Whether "or" stands between a time of day and this.
    pub either: bool,
    /// Whether a repeat rule stands anywhere before.
    pub series: bool,
    /// Whether phrases without a word between them lead back to a repeat rule.
    pub rule: bool,
    /// Whether a time of day stands anywhere before.
    pub timed: bool,
    /// Whether a comma or "and" stands between alarms and this.
    pub alarm: bool,
    /// Whether it stands between an alarm of any kind and this.
    pub lead: bool,
}

/// A phrase that was found.
#[derive(Debug, Clone)]
pub struct Found {
    pub said: Said,
    /// What else it can say.
    pub others: Vec<Said>,
    /// The token behind it.
    pub next: usize,
}

/// All readings of one phrase, the likeliest first; `None` without any.
fn found(readings: impl IntoIterator<Item = Said>, cursor: Cursor<'_>) -> Option<Found> {
    let mut readings = readings.into_iter();
    let said = readings.next()?;
    let mut others: Vec<Said> = Vec::new();
    for reading in readings {
        if reading != said && !others.contains(&reading) {
            others.push(reading);
        }
    }
    Some(Found { said, others, next: cursor.at })
}

type Phrase = fn(Cursor<'_>) -> Option<Found>;

/// Of two phrases that are equally long the first counts.
const PHRASES: [Phrase; 47] = [
    list,
    spans::no_alarm,
    week::row,
    calendar_weeks::date,
    calendar_weeks::even,
    calendar_weeks::unruled,
    yearly::of_quarter,
    yearly::nth_of_month,
    yearly::alternate,
    yearly::twice,
    monthly::of_something,
    monthly::edges,
    mixed_days::mixed,
    from_month::from_month,
    repeats::repeat,
    counts::count,
    exceptions::except,
    spans::all_day,
    times::by_letter,
    coming::next_days,
    spans::duration,
    spans::from_now,
    dates::until,
    dates::date,
    near::ahead_of_day,
    seasons::season,
    stretches::stretch,
    between::dates,
    between::times,
    times::range,
    times::time,
    hours::first,
    times::around,
    times::before_part,
    day_parts::twelve,
    day_parts::of_day,
    day_parts::before_time,
    times::from,
    times::roughly,
    zones::zone,
    zones::city,
    lost::impossible,
    lost::past,
    feasts::unfixed,
    feasts::in_title,
    short_days::in_title,
    short_days::inside_title,
];

/// The longest phrase at a place.
pub fn phrase(cursor: Cursor<'_>, behind: Behind) -> Option<Found> {
    let part = Some(times::part as Phrase).filter(|_| behind.date).or(Some(times::part_behind as Phrase).filter(|_| behind.hour));
    let zone = Some(zones::behind_time as Phrase).filter(|_| behind.time);
    let city = Some(zones::bare_city as Phrase).filter(|_| behind.hour);
    let also = Some(times::also as Phrase).filter(|_| behind.listed).or(Some(times::either as Phrase).filter(|_| behind.either));
    let letters = Some(letters::behind_time as Phrase).filter(|_| behind.hour);
    let other_day = Some(lost::other_day as Phrase).filter(|_| behind.series);
    let hours = Some(times::behind_date as Phrase).filter(|_| behind.date);
    let but = Some(exceptions::but as Phrase).filter(|_| behind.series);
    let season = Some(seasons::behind_series as Phrase).filter(|_| behind.series);
    let count = Some(counts::behind_rule as Phrase).filter(|_| behind.rule);
    let ends = Some(ends::before_date as Phrase).filter(|_| behind.series);
    let by_clock = Some(clock_alarms::led as Phrase).filter(|_| behind.timed);
    let by_clock = by_clock.into_iter().chain(Some(clock_alarms::before_word as Phrase).filter(|_| behind.time));
    let alarms = Some(alarm_lists::also as Phrase).filter(|_| behind.alarm);
    let further = Some(further_alarms::behind_alarm as Phrase).filter(|_| behind.lead);
    let further = further.or(Some(further_alarms::before_alarm as Phrase).filter(|_| behind.date || behind.hour));
    let alarms = alarms.into_iter().chain(further).chain([further_alarms::led as Phrase]);
    let count = count.into_iter().chain(Some(counts::ends_after as Phrase).filter(|_| behind.series));
    let first =
        season.into_iter().chain(alarms).chain(ends).chain(by_clock).chain(count).chain(part).chain(zone).chain([spans::alarm as Phrase]);
    let clocks = Some([zones::of_two_clocks as Phrase, zones::time_of_city, zones::at_home, zones::in_city])
        .filter(|_| behind.time)
        .into_iter()
        .flatten();
    let all = first.chain(PHRASES).chain(letters).chain(hours).chain(also).chain(city).chain(but).chain(other_day).chain(clocks);
    let found = longest(all, cursor)?;
    Some(if behind.series { lost::second_day(cursor, &found, behind.listed).unwrap_or(found) } else { found })
}

fn phrase_but_alarm(cursor: Cursor<'_>) -> Option<Found> {
    longest(PHRASES, cursor)
}

fn longest(phrases: impl IntoIterator<Item = Phrase>, cursor: Cursor<'_>) -> Option<Found> {
    let mut best: Option<Found> = None;
    for found in phrases.into_iter().filter_map(|phrase| phrase(cursor)) {
        if best.as_ref().is_none_or(|best| found.next > best.next) {
            best = Some(found);
        }
    }
    best
}

fn list(mut cursor: Cursor<'_>) -> Option<Found> {
    let Some(Name::List(name)) = &cursor.token()?.name else { return None };
    cursor.step(1);
    found([Said::List(name.clone())], cursor)
}
