//! More than one time a day, and alarms that a date or its rule has to be known for.

use belfry_core::rule::Frequency;
use belfry_core::{Lead, When, Zone};
use chrono::{Days, Duration, Months, NaiveDate, NaiveDateTime, Timelike};

use super::{Draft, at};
use crate::grammar::times_of;
use crate::vocabulary::Part;

impl Draft {
    /// Another time of the day, of a series or of nothing: that is known at the end.
    pub(super) fn put_also(&mut self, index: usize, minutes: u32) -> bool {
        let is_new = self.length.is_none()
            && self.time.is_some_and(|(_, time)| time != minutes)
            && self.also.iter().all(|(_, also)| *also != minutes);
        if is_new {
            self.also.push((index, minutes));
        }
        is_new
    }

    /// Another part of the day: its usual time is one more, if the others are usual ones too.
    pub(super) fn put_also_part(&mut self, index: usize, part: Part) -> bool {
        let is_new = self.part.is_some_and(|(_, (known, _))| known != part) && self.also_parts.iter().all(|(_, known)| *known != part);
        if is_new {
            self.also_parts.push((index, part));
        }
        is_new
    }

    /// "Morning and evening" are the usual times of both.
    fn usual_times(&mut self) -> Result<(), usize> {
        let Some((index, _)) = self.also_parts.first().copied() else { return Ok(()) };
        let usual = |part: Part| times_of(part).first().copied();
        let (Some((first, (part, _))), None) = (self.part, self.time) else { return Err(index) };
        self.time = usual(part).map(|minutes| (first, minutes));
        self.also = self.also_parts.iter().filter_map(|(index, part)| Some((*index, usual(*part)?))).collect();
        Ok(())
    }

    /// Several times of the day are hours of one rule (`BYHOUR`): all are at the same minute, and the rule counts no days. The first of them is the time.
    pub(super) fn several_times(&mut self) -> Result<(), usize> {
        self.usual_times()?;
        let (Some((index, _)), Some((_, time))) = (self.also.first().copied(), self.time) else { return Ok(()) };
        let Some((_, rule)) = self.series.as_mut().filter(|(_, rule)| rule.by_set_pos.is_empty() && rule.frequency >= Frequency::Daily)
        else {
            return Err(index);
        };
        if let Some((other, _)) = self.also.iter().find(|(_, also)| also % 60 != time % 60) {
            return Err(*other);
        }
        let mut all: Vec<u32> = self.also.iter().map(|(_, also)| *also).chain([time]).collect();
        all.sort_unstable();
        rule.by_hour = all.iter().filter_map(|minutes| u8::try_from(minutes / 60).ok()).collect();
        if rule.by_hour.last().is_some_and(|hour| *hour > 23) {
            return Err(index);
        }
        // On a date that is said the earliest is the first.
        if let (Some(_), Some(first)) = (self.date, all.first()) {
            self.time = self.time.map(|(index, _)| (index, *first));
        }
        Ok(())
    }

    /// "Every 2 hours from 8am to 6pm": so many times a day, and not so long.
    pub(super) fn hours_between(&mut self) -> Result<(), usize> {
        let (Some((index, start)), Some((_, length)), true) =
            (self.time, self.length.filter(|(at, _)| self.is_range(*at)), self.is_hourly())
        else {
            return Ok(());
        };
        let Some((_, rule)) = &mut self.series else { return Ok(()) };
        let step = rule.interval.get() * 60;
        if step >= length || start + length >= super::DAY || !self.also.is_empty() {
            return Err(index);
        }
        (rule.frequency, rule.interval) = (Frequency::Daily, std::num::NonZeroU32::MIN);
        self.length = None;
        self.also = (1..=length / step).map(|times| (index, start + times * step)).collect();
        Ok(())
    }

    /// Whether a length is that of a time with an end.
    fn is_range(&self, index: usize) -> bool {
        self.time.is_some_and(|(time, _)| time == index)
    }

    /// A month of every year is not where a series of years ends; more than one is none that a rule says.
    pub(super) fn each_year(&mut self, index: usize, first: NaiveDate) -> Result<(), usize> {
        let is_yearly = self.series.as_ref().is_some_and(|(_, rule)| rule.frequency == Frequency::Yearly);
        let Some((_, last)) = self.until.filter(|(until, _)| is_yearly && *until == index) else { return Ok(()) };
        if (last.date - first).num_days() > 31 {
            return Err(index);
        }
        self.until = None;
        Ok(())
    }

    pub(super) fn is_hourly(&self) -> bool {
        self.series.as_ref().is_some_and(|(_, rule)| rule.frequency == Frequency::Hourly)
    }

    /// Where "every 8 hours" begins: at the time that is said, on its date or the first such step to come; without a time at the next full hour.
    pub(super) fn first_hour(&self, now: NaiveDateTime, zone: Zone) -> Result<When, usize> {
        let Some((index, rule)) = &self.series else { return Err(0) };
        let step = Duration::hours(i64::from(rule.interval.get()));
        let full = |at: NaiveDateTime| at.with_minute(0)?.with_second(0)?.with_nanosecond(0)?.checked_add_signed(Duration::hours(1));
        let start = match (self.date, self.time, self.part) {
            (Some((_, day)), Some((_, minutes)), _) => return Ok(at(day.date, Some(minutes), zone)),
            (None, Some((_, minutes)), _) => {
                let today = at(now.date(), Some(minutes), zone).local();
                std::iter::successors(Some(today), |at| at.checked_add_signed(step)).find(|at| *at > now)
            }
            (None, None, None) => full(now),
            _ => None,
        };
        start.map(|local| When::At { local, zone }).ok_or(*index)
    }

    /// The alarm at an hour of a day before, and those that are months before.
    pub(super) fn early_alarms(&mut self, when: Option<When>) -> Result<(), usize> {
        if let Some((index, (days, minutes))) = self.eve {
            let on = when.map(|when| when.local()).ok_or(index)?;
            let day = on.date().checked_sub_days(Days::new(u64::from(days)));
            let early = day.map(|day| at(day, Some(minutes), Zone::UTC).local()).ok_or(index)?;
            // One that comes within a day of its own has no evening before it.
            if self.is_hourly() || !self.also.is_empty() {
                return Err(index);
            }
            self.alarms.push(lead(on, early).ok_or(index)?);
        }
        if let Some((index, alarm)) = self.alarm_at {
            let lead = self.time.filter(|_| self.also.is_empty() && !self.is_hourly()).and_then(|(_, time)| by_clock(time, alarm));
            self.alarms.push(lead.ok_or(index)?);
        }
        if let Some((index, ())) = self.at_start {
            let morning = times_of(Part::Morning).first().copied().and_then(|minutes| Lead::try_from(minutes).ok());
            let lead = when.and_then(|when| if when.is_all_day() { morning.map(|minutes| -minutes) } else { Some(0) });
            self.alarms.push(lead.ok_or(index)?);
        }
        if let Some((index, months)) = self.months_before {
            let on = when.map(|when| when.local()).filter(|_| self.series.is_none()).ok_or(index)?;
            let early = on.checked_sub_months(Months::new(months)).ok_or(index)?;
            self.alarms.push(lead(on, early).ok_or(index)?);
        }
        Ok(())
    }
}

/// The lead of an alarm that rings at a minute of the day, or in the other half of it: the nearer one, if it is near.
fn by_clock(time: u32, (minutes, other): (u32, Option<u32>)) -> Option<Lead> {
    let leads = std::iter::once(minutes).chain(other).filter_map(|minutes| time.checked_sub(minutes));
    let lead = leads.min().filter(|lead| other.is_none() || *lead <= 6 * 60)?;
    Lead::try_from(lead).ok()
}

fn lead(on: NaiveDateTime, early: NaiveDateTime) -> Option<Lead> {
    Lead::try_from((on - early).num_minutes()).ok().filter(|lead| *lead <= belfry_core::reminder::ALARM_LIMIT)
}
