//! Alarms as lead times (RFC 5545 section 3.6.6). What is none (at one instant of a series) is counted as left out.

use belfry_core::reminder::ALARM_LIMIT;
use belfry_core::{Lead, Length, When, Zone};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName, ICalendarParameterValue,
    ICalendarProperty as P, ICalendarRelated, ICalendarValue,
};
use chrono::{DateTime, TimeZone, Utc};

use crate::moment::Place;
use crate::others::LeftOut;

/// What an alarm is measured from.
pub struct Alarms<'a> {
    pub place: Place<'a>,
    /// `DTSTART`, which a task may lack.
    pub start: Option<When>,
    /// When the reminder is.
    pub when: When,
    pub length: Length,
    /// When a task is due that has a start too.
    pub due: Option<When>,
    pub is_series: bool,
    pub is_todo: bool,
}

/// What became of one alarm.
enum Read {
    /// Minutes before the reminder.
    Lead(Lead),
    /// Apple's way to say that there is to be none.
    Silent,
    Lost(&'static str),
}

impl Alarms<'_> {
    /// Lead times in minutes, and how many alarms they carry. No alarm in the file is "unknown", not "none".
    pub fn read(&self, component: &ICalendarComponent, calendar: &ICalendar, lost: &mut LeftOut) -> (Option<Vec<Lead>>, usize) {
        let children = component.component_ids.iter().filter_map(|id| calendar.component_by_id(*id));
        let (mut leads, mut is_silent) = (Vec::new(), false);
        for alarm in children.filter(|child| child.component_type == ICalendarComponentType::VAlarm) {
            if alarm.property(&P::Repeat).and_then(|entry| entry.values.first()?.as_integer()).is_some_and(|times| times > 0) {
                *lost.entry("VALARM (repeated)".into()).or_default() += 1;
            }
            match self.one(alarm) {
                Read::Lead(lead) => leads.push(lead),
                Read::Silent => is_silent = true,
                Read::Lost(why) => *lost.entry(why.into()).or_default() += 1,
            }
        }
        let carried = leads.len();
        leads.sort_unstable();
        leads.dedup();
        ((is_silent || !leads.is_empty()).then_some(leads), carried)
    }

    fn one(&self, alarm: &ICalendarComponent) -> Read {
        let is_none = |value: &ICalendarValue| value.as_text().is_some_and(|text| text.eq_ignore_ascii_case("NONE"));
        if alarm.property(&P::Action).and_then(|entry| entry.values.first()).is_some_and(is_none) {
            return Read::Silent;
        }
        let Some(entry) = alarm.property(&P::Trigger) else { return Read::Lost("VALARM (without a time)") };
        let seconds = match entry.values.first() {
            Some(ICalendarValue::Duration(duration)) => {
                let from = self.anchor(entry);
                (self.when.instant(self.place.into.zone) - from).num_seconds() - duration.as_seconds()
            }
            Some(ICalendarValue::PartialDateTime(_)) if self.is_series => return Read::Lost("VALARM (at one instant of a series)"),
            Some(ICalendarValue::PartialDateTime(date)) => {
                let Some(read) = date.to_date_time() else { return Read::Lost("VALARM (without a time)") };
                // RFC 5545 wants UTC; what says nothing is read as the list's zone.
                let at = match (read.offset, entry.tz_id().and_then(|tzid| self.place.zones.find(tzid))) {
                    (Some(offset), _) => offset.from_local_datetime(&read.date_time).single().map(|at| at.to_utc()),
                    (None, zone) => Some(zone.unwrap_or(self.place.into.zone).instant(read.date_time)),
                };
                let Some(at) = at else { return Read::Lost("VALARM (without a time)") };
                (self.when.instant(self.place.into.zone) - at).num_seconds()
            }
            _ => return Read::Lost("VALARM (without a time)"),
        };
        match Lead::try_from(seconds / 60) {
            Ok(minutes) if minutes.saturating_abs() <= ALARM_LIMIT => Read::Lead(minutes),
            _ => Read::Lost("VALARM (years away)"),
        }
    }

    /// The instant that a duration counts from: start or end of an event, start or due time of a task.
    fn anchor(&self, entry: &ICalendarEntry) -> DateTime<Utc> {
        let home = self.place.into.zone;
        let related = entry.parameter(&ICalendarParameterName::Related);
        let from_end = related == Some(&ICalendarParameterValue::Related(ICalendarRelated::End));
        match (from_end, self.is_todo) {
            (true, false) => end(&self.when, self.length, home),
            (true, true) => self.due.unwrap_or(self.when).instant(home),
            (false, _) => self.start.unwrap_or(self.when).instant(home),
        }
    }
}

/// A day counts as 24 hours, as in the lead times themselves.
fn end(when: &When, length: Length, home: Zone) -> DateTime<Utc> {
    when.instant(home) + chrono::Duration::minutes(i64::from(length.minutes()))
}

/// What Belfry wrote of alarms that a `VALARM` cannot say: `NONE`, or lead times in minutes.
pub fn own(value: &str) -> Option<Vec<Lead>> {
    if value.eq_ignore_ascii_case("NONE") {
        return Some(vec![]);
    }
    value.split(',').map(|lead| lead.trim().parse().ok().filter(|lead: &Lead| lead.saturating_abs() <= ALARM_LIMIT)).collect()
}
