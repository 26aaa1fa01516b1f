//! Phrases that say more than one thing, or narrow what is known.

use std::num::NonZeroU32;

use belfry_core::rule::Frequency;
use belfry_core::{Lead, Rule};
use chrono::NaiveDateTime;

use super::{Draft, fill, is_daily, is_weekly_on, minutes_of, weeks};
use crate::grammar::Day;

impl Draft {
    /// "Every day" and "Monday to Friday" are one rule, and so are "Tuesdays" and "every two weeks".
    pub(super) fn put_series(&mut self, index: usize, rule: &Rule) -> bool {
        let narrows = rule.frequency == Frequency::Weekly && rule.interval == NonZeroU32::MIN && rule.by_day.len() > 1;
        match &mut self.series {
            Some((_, known)) if narrows && is_daily(known) => *known = rule.clone(),
            Some((_, known)) if is_weekly_on(known) && weeks(rule).is_some() => known.interval = weeks(rule).unwrap_or(known.interval),
            Some(_) => return false,
            None => self.series = Some((index, rule.clone())),
        }
        true
    }

    pub(super) fn put_moment(&mut self, index: usize, moment: NaiveDateTime) -> bool {
        self.from_now = true;
        self.time.is_none()
            && self.part.is_none()
            && fill(&mut self.date, index, Day::of(moment.date()))
            && fill(&mut self.time, index, minutes_of(moment))
    }

    pub(super) fn put_lead(&mut self, minutes: Lead) -> bool {
        let free = !self.no_alarm && !self.alarms.contains(&minutes);
        if free {
            self.alarms.push(minutes);
        }
        free
    }

    pub(super) fn put_no_alarm(&mut self) -> bool {
        let early = self.eve.is_some() || self.months_before.is_some() || self.alarm_at.is_some();
        let is_free = self.alarms.is_empty() && !early && self.at_start.is_none();
        is_free && !std::mem::replace(&mut self.no_alarm, true)
    }

    /// "2 days before at 6pm", as the hour of the day itself.
    pub(super) fn put_lead_and_time(&mut self, index: usize, lead: Lead, minutes: u32) -> bool {
        fill(&mut self.time, index, minutes) && fill(&mut self.of_day, index, ()) && self.put_lead(lead)
    }
}
