//! Alarms as lead times (RFC 5545 section 3.6.6). What is none (at one instant of a series) is counted as left out.

use belfry_core::reminder::ALARM_LIMIT;
use belfry_core::{Lead, Length, When, Zone};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName, ICalendarParameterValue,
    ICalendarProperty as P, ICalendarRelated, ICalendarValue,
};
use chrono::{DateTime, TimeZone, Utc};

use crate::line::ContentLine;
use crate::moment::{Place, Spelled, spelled};
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

/// Alarms of vCalendar 1.0 (section 2.3), with sound and with a text.
const OLD: [&str; 2] = ["AALARM", "DALARM"];

/// What an item says of its alarms beside its `VALARM`s.
#[derive(Clone, Copy)]
pub struct Old<'a, 'b> {
    /// Its own lines.
    pub lines: &'a [ContentLine<'b>],
    /// `X-BELFRY-ALARMS`.
    pub own: Option<&'a str>,
}

const WITHOUT_TIME: Read = Read::Lost("VALARM (without a time)");

/// What became of one alarm.
enum Read {
    /// Minutes before the reminder.
    Lead(Lead),
    /// Apple's way to say that there is to be none.
    Silent,
    Lost(&'static str),
}

impl Alarms<'_> {
    /// Lead times in minutes, and how many alarms they carry. No alarm in the file is "unknown", not "none"; the usual one of the list rings then, which is told where it takes the
    /// place of one that could not be read: better than a reminder that is silent.
    pub fn read(
        &self,
        component: &ICalendarComponent,
        calendar: &ICalendar,
        old: Old<'_, '_>,
        lost: &mut LeftOut,
    ) -> (Option<Vec<Lead>>, usize) {
        let children = component.component_ids.iter().filter_map(|id| calendar.component_by_id(*id));
        let (mut leads, mut is_silent, mut is_lost) = (Vec::new(), false, false);
        let mut alarms = Vec::new();
        for alarm in children.filter(|child| child.component_type == ICalendarComponentType::VAlarm) {
            if alarm.property(&P::Repeat).and_then(|entry| entry.values.first()?.as_integer()).is_some_and(|times| times > 0) {
                *lost.entry("VALARM (repeated)".into()).or_default() += 1;
            }
            alarms.push(self.one(alarm));
        }
        alarms.extend(old.lines.iter().filter(|line| OLD.iter().any(|name| line.is(name))).map(|line| self.old(line)));
        for alarm in alarms {
            match alarm {
                Read::Lead(lead) => leads.push(lead),
                Read::Silent => is_silent = true,
                Read::Lost(why) => {
                    *lost.entry(why.into()).or_default() += 1;
                    is_lost = true;
                }
            }
        }
        let carried = leads.len();
        leads.sort_unstable();
        leads.dedup();
        let read = (is_silent || !leads.is_empty()).then_some(leads).or_else(|| own(old.own?));
        if read.is_none() && is_lost {
            *lost.entry("VALARM (the usual alarm of the list instead)".into()).or_default() += 1;
        }
        (read, carried)
    }

    fn one(&self, alarm: &ICalendarComponent) -> Read {
        let is_none = |value: &ICalendarValue| value.as_text().is_some_and(|text| text.eq_ignore_ascii_case("NONE"));
        if alarm.property(&P::Action).and_then(|entry| entry.values.first()).is_some_and(is_none) {
            return Read::Silent;
        }
        let Some(entry) = alarm.property(&P::Trigger) else { return WITHOUT_TIME };
        let home = self.place.into.zone;
        // RFC 5545 wants UTC; what says nothing is read as the list's zone.
        let zone = entry.tz_id().and_then(|tzid| self.place.zones.find(tzid)).unwrap_or(home);
        match entry.values.first() {
            Some(ICalendarValue::Duration(duration)) => {
                self.lead((self.when.instant(home) - self.anchor(entry)).num_seconds() - duration.as_seconds())
            }
            Some(ICalendarValue::PartialDateTime(date)) => {
                let Some(read) = date.to_date_time() else { return WITHOUT_TIME };
                let at = match read.offset {
                    Some(offset) => offset.from_local_datetime(&read.date_time).single().map(|at| at.to_utc()),
                    None => Some(zone.instant(read.date_time)),
                };
                at.map_or(WITHOUT_TIME, |at| self.at(at))
            }
            // An instant that does not say that it is one (`VALUE=DATE-TIME`).
            Some(value) => value.as_text().and_then(|text| instant(text, zone)).map_or(WITHOUT_TIME, |at| self.at(at)),
            None => WITHOUT_TIME,
        }
    }

    /// Of an instant, which in a series is that of one date alone.
    fn at(&self, at: DateTime<Utc>) -> Read {
        if self.is_series {
            Read::Lost("VALARM (at one instant of a series)")
        } else {
            self.lead((self.when.instant(self.place.into.zone) - at).num_seconds())
        }
    }

    fn lead(&self, seconds: i64) -> Read {
        match Lead::try_from(seconds / 60) {
            Ok(minutes) if minutes.saturating_abs() <= ALARM_LIMIT => Read::Lead(minutes),
            _ => Read::Lost("VALARM (years away)"),
        }
    }

    /// An alarm of vCalendar 1.0: its instant, then how it is repeated and shown. It has no other way to say a lead time, so that in a series it means that of the first date.
    fn old(&self, line: &ContentLine<'_>) -> Read {
        let zone = self.when.zone().unwrap_or(self.place.into.zone);
        let at = line.value.split(';').next().and_then(|text| instant(text, zone));
        at.map_or(WITHOUT_TIME, |at| self.lead((self.when.instant(self.place.into.zone) - at).num_seconds()))
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

/// The instant of a time as it is spelled.
fn instant(text: &str, zone: Zone) -> Option<DateTime<Utc>> {
    match spelled(text)? {
        Spelled::Utc(at) => Some(at.and_utc()),
        Spelled::Local(at) => Some(zone.instant(at)),
        Spelled::Date(_) => None,
    }
}

/// A day counts as 24 hours, as in the lead times themselves.
fn end(when: &When, length: Length, home: Zone) -> DateTime<Utc> {
    when.instant(home) + chrono::Duration::minutes(i64::from(length.minutes()))
}

/// What Belfry wrote of alarms that a `VALARM` cannot say: `NONE`, or lead times in minutes.
fn own(value: &str) -> Option<Vec<Lead>> {
    if value.eq_ignore_ascii_case("NONE") {
        return Some(vec![]);
    }
    value.split(',').map(|lead| lead.trim().parse().ok().filter(|lead: &Lead| lead.saturating_abs() <= ALARM_LIMIT)).collect()
}
