//! What was said, put together: which phrases fit together, and which day and time they make.

use std::num::NonZeroU32;

use belfry_core::rule::{ByDay, End, Frequency, Until};
use belfry_core::{Length, Rule, When, Zone};
use chrono::{Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, Weekday};

use crate::Here;
use crate::grammar::{Day, Said, is_in, times_of};
use crate::vocabulary::Part;

mod days;
mod often;
mod put;

use days::{first, last_day, next, period, series_end};

/// Minutes in a day.
const DAY: u32 = 24 * 60;

/// Something said, and by which phrase.
type Slot<T> = Option<(usize, T)>;

/// What the phrases make together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    pub when: Option<When>,
    pub length: Option<Length>,
    pub rule: Option<Rule>,
    pub alarms: Vec<i32>,
    pub no_alarm: bool,
    pub zone: Option<Zone>,
    pub list: Option<String>,
}

/// Puts phrases together.
///
/// # Errors
/// The number of the first phrase that does not fit: its place is taken, or it says nothing beside the others.
pub fn values<'a>(said: impl IntoIterator<Item = &'a Said>, here: Here) -> Result<Values, usize> {
    let mut draft = Draft::default();
    for (index, said) in said.into_iter().enumerate() {
        if !draft.put(index, said) {
            return Err(index);
        }
    }
    draft.finish(here)
}

#[derive(Default)]
struct Draft {
    date: Slot<Day>,
    time: Slot<u32>,
    part: Slot<(Part, bool)>,
    zone: Slot<Zone>,
    series: Slot<Rule>,
    count: Slot<NonZeroU32>,
    until: Slot<Day>,
    /// The first day on which a series may begin, if no date says it.
    season: Slot<NaiveDate>,
    except: Slot<Vec<Weekday>>,
    length: Slot<u32>,
    /// A length, or how long a series goes on.
    lasting: Slot<u32>,
    months: Slot<u32>,
    all_day: Slot<()>,
    alarms: Vec<i32>,
    /// How many days before, and at which minute of that day it rings.
    eve: Slot<(u32, u32)>,
    /// How many months before.
    months_before: Slot<u32>,
    /// At which minute of the day itself it rings, or in the other half of it.
    alarm_at: Slot<(u32, Option<u32>)>,
    /// What says nothing without a day.
    of_day: Slot<()>,
    /// Further parts of the day of a series.
    also_parts: Vec<(usize, Part)>,
    /// Further times of the day of a series.
    also: Vec<(usize, u32)>,
    /// It rings when it begins.
    at_start: Slot<()>,
    no_alarm: bool,
    list: Slot<String>,
    from_now: bool,
}

/// Fills a slot, if it is free.
fn fill<T>(slot: &mut Slot<T>, index: usize, value: T) -> bool {
    let free = slot.is_none();
    if free {
        *slot = Some((index, value));
    }
    free
}

fn value<T: Copy>(slot: Slot<T>) -> Option<T> {
    slot.map(|(_, value)| value)
}

impl Draft {
    fn put(&mut self, index: usize, said: &Said) -> bool {
        match said {
            Said::Date(day) => fill(&mut self.date, index, *day),
            Said::Stretch(day, days) => {
                self.lasting.is_none() && fill(&mut self.date, index, *day) && fill(&mut self.lasting, index, days * DAY)
            }
            Said::Time(minutes) | Said::TimeBefore(minutes, _) => fill(&mut self.time, index, *minutes) || self.put_also(index, *minutes),
            Said::Range(start, length) => {
                self.length.is_none() && fill(&mut self.time, index, *start) && fill(&mut self.length, index, *length)
            }
            Said::Part(part, today) => fill(&mut self.part, index, (*part, *today)) || self.put_also_part(index, *part),
            Said::Moment(moment) => self.put_moment(index, *moment),
            Said::Zone(zone) => fill(&mut self.zone, index, *zone),
            Said::Series(rule, None) => self.put_series(index, rule),
            Said::Series(rule, Some(date)) => {
                self.series.is_none() && fill(&mut self.date, index, Day::of(*date)) && fill(&mut self.series, index, (**rule).clone())
            }
            Said::Count(count) => self.until.is_none() && fill(&mut self.count, index, *count),
            Said::Until(day) => self.count.is_none() && fill(&mut self.until, index, *day),
            Said::Season(first, last) => {
                let is_free =
                    self.season.is_none() && last.is_none_or(|last| self.count.is_none() && fill(&mut self.until, index, Day::of(last)));
                is_free && fill(&mut self.season, index, *first)
            }
            Said::Except(days) => fill(&mut self.except, index, days.clone()),
            Said::Lasting(minutes) => self.months.is_none() && fill(&mut self.lasting, index, *minutes),
            Said::DailyFor(minutes) => {
                let rule = Rule::every(Frequency::Daily, NonZeroU32::MIN);
                self.months.is_none() && fill(&mut self.series, index, rule) && fill(&mut self.lasting, index, *minutes)
            }
            Said::Months(months) => self.lasting.is_none() && fill(&mut self.months, index, *months),
            Said::Length(minutes) => fill(&mut self.length, index, *minutes),
            Said::AllDay => fill(&mut self.all_day, index, ()),
            Said::Lead(minutes) => self.put_lead(*minutes),
            Said::LengthAndLead(length, minutes) => fill(&mut self.length, index, *length) && self.put_lead(*minutes),
            Said::DaysBefore(days, minutes) => !self.no_alarm && fill(&mut self.eve, index, (*days, *minutes)),
            Said::LeadAndTime(lead, minutes) => self.put_lead_and_time(index, *lead, *minutes),
            Said::LeadMonths(months) => !self.no_alarm && fill(&mut self.months_before, index, *months),
            Said::LeadAt(minutes, other) => !self.no_alarm && fill(&mut self.alarm_at, index, (*minutes, *other)),
            Said::AtStart => !self.no_alarm && fill(&mut self.at_start, index, ()),
            Said::NoAlarm => self.put_no_alarm(),
            Said::List(name) => fill(&mut self.list, index, name.clone()),
            Said::Bid | Said::Title => true,
            Said::Impossible | Said::Unfixed | Said::Past | Said::LeftOut | Said::Named(..) => false,
        }
    }

    fn finish(mut self, here: Here) -> Result<Values, usize> {
        self.in_season(here)?;
        self.deadline()?;
        self.check()?;
        self.leave_out()?;
        if self.date.is_none() && self.series.is_none() {
            let today = |(index, (_, today)): (usize, (Part, bool))| today.then(|| (index, Day::of(here.now.date())));
            self.date = self.part.and_then(today);
        }
        let zone = value(self.zone).unwrap_or(here.zone);
        let now = zone.wall(here.zone.instant(here.now));
        self.small_hours(now)?;
        self.evening_before();
        self.hours_between()?;
        self.several_times()?;
        let when = self.begins(now, zone)?;
        self.spans(when)?;
        let rule = self.ended(when)?;
        let length = self.length_of(when)?;
        self.early_alarms(when)?;
        self.alarms.sort_unstable();
        self.alarms.dedup();
        Ok(Values {
            when,
            length,
            rule,
            alarms: self.alarms,
            no_alarm: self.no_alarm,
            zone: value(self.zone),
            list: self.list.map(|(_, list)| list),
        })
    }

    /// The first date and time.
    fn begins(&self, now: NaiveDateTime, zone: Zone) -> Result<Option<When>, usize> {
        if self.is_hourly() {
            return self.first_hour(now, zone).map(Some);
        }
        let minutes = value(self.time).or_else(|| self.usual_time(now));
        let rule = self.series.as_ref().map(|(_, rule)| rule);
        let on = |rule: &Rule, minutes| first(rule, now, minutes).map(|date| at(date, minutes, zone)).ok_or(self.index_of_series());
        Ok(match (value(self.date), rule) {
            (Some(day), rule) => self.on_date(day.date, rule, minutes, zone)?,
            // Of several times of the day the first to come, whichever it is.
            (None, Some(rule)) => {
                let also = self.also.iter().map(|(_, minutes)| on(rule, Some(*minutes)));
                std::iter::once(on(rule, minutes)).chain(also).collect::<Result<Vec<_>, _>>()?.into_iter().min_by_key(When::local)
            }
            (None, None) => minutes.map(|minutes| at(next(now, minutes), Some(minutes), zone)),
        })
    }

    /// The time that a part of the day usually means; today one that is still to come.
    fn usual_time(&self, now: NaiveDateTime) -> Option<u32> {
        let (part, _) = value(self.part)?;
        let today = value(self.date).is_some_and(|day| day.date == now.date());
        let to_come = times_of(part).iter().find(|minutes| !today || **minutes > minutes_of(now));
        to_come.or(times_of(part).first()).copied()
    }

    fn index_of_series(&self) -> usize {
        self.series.as_ref().map_or(0, |(index, _)| *index)
    }

    /// Without a series and a date, "until Friday" is a deadline: the date. Behind a time it says that something goes on, and not how often.
    fn deadline(&mut self) -> Result<(), usize> {
        if self.series.is_none() && self.date.is_none() {
            let begun = |until: usize| self.time.is_some_and(|(time, _)| time < until);
            if let Some((index, _)) = self.until.filter(|(index, _)| begun(*index)) {
                return Err(index);
            }
            self.date = self.until.take();
        }
        Ok(())
    }

    /// Months say when a series goes on. One that is going on has begun, and the series begins with the first day to come.
    fn in_season(&mut self, here: Here) -> Result<(), usize> {
        let Some((index, first)) = self.season else { return Ok(()) };
        let is_to_come = first > here.now.date();
        self.each_year(index, first)?;
        match (&self.series, self.date) {
            (None, _) => Err(index),
            (Some(_), Some((date, _))) if is_to_come => Err(date.max(index)),
            (Some(_), None) if is_to_come => {
                self.date = Some((index, Day::of(first)));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The weekdays without those that are left out.
    fn leave_out(&mut self) -> Result<(), usize> {
        let Some((index, days)) = self.except.take() else { return Ok(()) };
        let Some((_, rule)) = &mut self.series else { return Err(index) };
        let daily = is_daily(rule);
        let weekly = rule.frequency == Frequency::Weekly && !rule.by_day.is_empty();
        let mut by_day = if daily {
            (0..7).filter_map(|day| Weekday::try_from(day).ok()).map(|day| ByDay { nth: None, day }).collect()
        } else {
            rule.by_day.clone()
        };
        by_day.retain(|by| !days.contains(&by.day));
        if by_day.is_empty() || !(daily || weekly) {
            return Err(index);
        }
        (rule.frequency, rule.by_day) = (Frequency::Weekly, by_day);
        Ok(())
    }

    /// The hours after midnight of a night belong to the day after the one on which it begins, unless it is going on.
    fn small_hours(&mut self, now: NaiveDateTime) -> Result<(), usize> {
        let (Some((index, (part @ (Part::Night | Part::Tonight), _))), Some((_, minutes))) = (self.part, self.time) else { return Ok(()) };
        if !is_small(minutes) {
            return Ok(());
        }
        let is_on = is_small(minutes_of(now)) && minutes > minutes_of(now);
        if let Some((_, day)) = &mut self.date {
            let stays = is_on && day.date == now.date();
            day.date = if stays { day.date } else { day.date.succ_opt().ok_or(index)? };
        } else if let Some((_, rule)) = &mut self.series {
            match rule.frequency {
                Frequency::Daily => {}
                Frequency::Weekly => rule.by_day.iter_mut().for_each(|by| by.day = by.day.succ()),
                _ => return Err(index),
            }
            rule.by_day.sort_by_key(|by| by.day.num_days_from_monday());
        } else if part == Part::Night {
            return Err(index);
        }
        Ok(())
    }

    /// The evening of the night that ends on a day is the day's before.
    fn evening_before(&mut self) {
        let is_late = self.time.is_none_or(|(_, minutes)| !is_small(minutes));
        if let (Some((_, (Part::NightTo, _))), Some((_, day)), true) = (self.part, &mut self.date, is_late) {
            day.date = day.date.pred_opt().unwrap_or(day.date);
        }
    }

    /// How long a series goes on, or how long each one of it takes: as they do not overlap, no longer than its period.
    fn spans(&mut self, when: Option<When>) -> Result<(), usize> {
        let Some(when) = when else { return self.plain_spans() };
        let Some((_, rule)) = &self.series else { return self.all_day_months(when) };
        let often = matches!(rule.frequency, Frequency::Daily | Frequency::Weekly);
        let on = |start: NaiveDate, minutes: u32| start.checked_add_days(Days::new(u64::from(minutes / DAY)));
        let last = match (self.lasting, self.date, self.months) {
            // A stretch is from a day to a day, wherever between them the series begins.
            (Some((index, minutes)), Some((date, day)), _) if index == date && (often || minutes / DAY > period(rule)) => {
                Some((index, on(day.date, minutes)))
            }
            (Some((index, minutes)), date, _) if date.is_none_or(|(date, _)| date != index) && minutes / DAY > period(rule) => {
                Some((index, on(when.date(), minutes)))
            }
            (_, _, Some((index, months))) => Some((index, when.date().checked_add_months(Months::new(months)))),
            _ => None,
        };
        let Some((index, behind)) = last else { return self.plain_spans() };
        (self.lasting, self.months) = (None, None);
        let day = behind.and_then(|day| day.pred_opt()).map(Day::of).ok_or(index)?;
        let free = self.count.is_none() && fill(&mut self.until, index, day);
        if free { Ok(()) } else { Err(index) }
    }

    fn all_day_months(&mut self, when: When) -> Result<(), usize> {
        let Some((index, months)) = self.months.take() else { return self.plain_spans() };
        let behind = when.date().checked_add_months(Months::new(months)).filter(|_| when.is_all_day()).ok_or(index)?;
        let days = u32::try_from((behind - when.date()).num_days()).map_err(|_| index)?;
        Length::Days(days).fits(&when).then(|| fill(&mut self.length, index, days * DAY)).filter(|filled| *filled).map(|_| ()).ok_or(index)
    }

    fn plain_spans(&mut self) -> Result<(), usize> {
        if let Some((index, _)) = self.months {
            return Err(index);
        }
        let Some((index, minutes)) = self.lasting.take() else { return Ok(()) };
        match self.length {
            Some((other, _)) => Err(other.max(index)),
            None => {
                self.length = Some((index, minutes));
                Ok(())
            }
        }
    }

    /// What says nothing beside the others.
    fn check(&self) -> Result<(), usize> {
        let timed = self.time.is_some() || self.part.is_some();
        let other_half = |(_, (part, _)): &(usize, (Part, bool))| self.time.is_some_and(|(_, minutes)| !is_in(minutes, *part));
        // Days that follow each other all day are one length.
        let whole = self.series.as_ref().zip(self.lasting).filter(|((series, _), (lasting, _))| series == lasting && !timed);
        let wrong = [
            whole.map(|(_, (index, _))| index),
            self.part.filter(other_half).map(|(index, _)| index),
            self.zone.filter(|_| !timed || self.from_now).map(|(index, _)| index),
            self.count.filter(|_| self.series.is_none()).map(|(index, _)| index),
            self.of_day.filter(|_| self.date.is_none() && self.series.is_none()).map(|(index, ())| index),
            self.all_day.filter(|_| timed).map(|(index, ())| index),
            self.date.filter(|(_, day)| !(1601..=4499).contains(&day.date.year())).map(|(index, _)| index),
        ];
        wrong.into_iter().flatten().next().map_or(Ok(()), Err)
    }

    fn on_date(&self, date: NaiveDate, rule: Option<&Rule>, minutes: Option<u32>, zone: Zone) -> Result<Option<When>, usize> {
        let Some(rule) = rule else { return Ok(Some(at(date, minutes, zone))) };
        let start = first(rule, date.and_time(chrono::NaiveTime::MIN), None).ok_or(self.index_of_series())?;
        Ok(Some(at(start, minutes, zone)))
    }

    /// The rule with its end.
    fn ended(&self, when: Option<When>) -> Result<Option<Rule>, usize> {
        let Some((_, rule)) = &self.series else { return Ok(None) };
        let end = match (self.count, self.until, when) {
            (Some((_, count)), _, _) => End::Count(count),
            (None, Some((index, day)), Some(when)) => End::Until(Until::Date(series_end(day, when.date(), rule).ok_or(index)?)),
            _ => End::Never,
        };
        Ok(Some(Rule { end, ..rule.clone() }))
    }

    /// Minutes for times and whole days for dates.
    fn length_of(&self, when: Option<When>) -> Result<Option<Length>, usize> {
        let all_day = when.is_some_and(|when| when.is_all_day());
        match (self.length, self.until, when) {
            (Some((_, minutes)), _, _) if !all_day => Ok(Some(Length::Minutes(minutes))),
            (Some((_, minutes)), _, _) if minutes % DAY == 0 => Ok(Some(Length::Days(minutes / DAY))),
            (Some((index, _)), _, _) => Err(index),
            (None, Some((index, day)), Some(when)) if self.series.is_none() => {
                let last = last_day(day, when.date()).filter(|_| all_day).ok_or(index)?;
                let days = u32::try_from((last - when.date()).num_days() + 1).map_err(|_| index)?;
                Some(Length::Days(days)).filter(|length| length.fits(&when)).map(Some).ok_or(index)
            }
            _ => Ok(self.all_day.map(|_| Length::Days(1))),
        }
    }
}

fn is_daily(rule: &Rule) -> bool {
    rule.frequency == Frequency::Daily && rule.interval == NonZeroU32::MIN
}

/// Whether a rule gives weekdays of every week.
fn is_weekly_on(rule: &Rule) -> bool {
    rule.frequency == Frequency::Weekly && rule.interval == NonZeroU32::MIN && !rule.by_day.is_empty()
}

/// Every how many weeks a rule comes that says nothing else.
fn weeks(rule: &Rule) -> Option<NonZeroU32> {
    let interval = rule.interval.get();
    match rule.frequency {
        Frequency::Weekly if rule.by_day.is_empty() => Some(rule.interval),
        Frequency::Daily if interval.is_multiple_of(7) => NonZeroU32::new(interval / 7),
        _ => None,
    }
}

/// Whether a time is in the hours after midnight that people count to the evening before.
pub fn is_small(minutes: u32) -> bool {
    minutes < 6 * 60
}

pub fn minutes_of(moment: NaiveDateTime) -> u32 {
    use chrono::Timelike;
    moment.hour() * 60 + moment.minute()
}

/// A date, or a time on it; the end of a day is the beginning of the next.
fn at(date: NaiveDate, minutes: Option<u32>, zone: Zone) -> When {
    match minutes {
        None => When::Date(date),
        Some(minutes) => {
            let midnight = date.and_time(chrono::NaiveTime::MIN);
            let local = midnight.checked_add_signed(Duration::minutes(i64::from(minutes))).unwrap_or(midnight);
            When::At { local, zone }
        }
    }
}
