//! Reminders to iCalendar (RFC 5545), for other programs and for coming back.
//!
//! Every reminder is a VEVENT, also one that is done: a VTODO has a due time and no length, and a series of them is read by few programs. What an event cannot say
//! stands in lines of our own, which other programs skip: `X-BELFRY-DONE:TRUE`; `X-BELFRY-ALARMS` with the lead times of a reminder that is done (so that nobody rings for it), or
//! `NONE` where a reader would take its own default; `X-BELFRY-ID` and `X-BELFRY-UID` where the UID of the file does not give the reminder its id.
//!
//! A person's own choices over a source are written as if the source had made them: that is what the person sees.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::recurrence::carried;
use belfry_core::when::end_of;
use belfry_core::{ChangedOccurrence, Lead, Length, ListId, Recurrence, Reminder, ReminderId, ShowAs, When, Zone};
use chrono::{DateTime, Datelike, Utc};

use crate::line::{escaped, push_line};
use crate::moment::{between, ended_like};
use crate::write_zone::push_zone;

/// Years that a VTIMEZONE covers at least.
const YEARS: (i32, i32) = (2020, 2040);
/// Beyond these no clock is known well enough to be written.
const KNOWN_YEARS: (i32, i32) = (1900, 2090);

/// Writes reminders as one calendar. `names` are the names of lists; that of the list is the calendar's when all reminders are of one list.
/// `now` is the time stamp of the items. Lines end in CRLF and have at most 75 octets.
///
/// Reading it back into the same list gives the same reminders, to the second.
#[must_use]
pub fn write(reminders: &[Reminder], names: &BTreeMap<ListId, String>, now: DateTime<Utc>) -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Belfry//Belfry//EN", "CALSCALE:GREGORIAN"] {
        push_line(&mut out, line);
    }
    let lists: BTreeSet<ListId> = reminders.iter().map(|reminder| reminder.list).collect();
    if let (Some(name), 1) = (lists.first().and_then(|list| names.get(list)), lists.len()) {
        push_line(&mut out, &format!("X-WR-CALNAME:{}", escaped(&one_line(name))));
    }
    for (zone, years) in zones_of(reminders) {
        push_zone(&mut out, zone, years);
    }
    for reminder in reminders {
        push_reminder(&mut out, reminder, now);
    }
    push_line(&mut out, "END:VCALENDAR");
    out
}

/// Every moment that a reminder names.
fn moments(reminder: &Reminder) -> Vec<When> {
    let mut all = vec![reminder.when];
    if let Some(series) = &reminder.recurrence {
        all.extend(series.cancelled.iter().chain(&series.extra).chain(series.changed.keys()));
        all.extend(series.changed.values().filter_map(|change| change.when));
    }
    all.extend(&reminder.kept.cancelled);
    all
}

/// Zones with the years that they are used in. UTC needs no definition.
fn zones_of(reminders: &[Reminder]) -> BTreeMap<Zone, (i32, i32)> {
    let mut zones: BTreeMap<Zone, (i32, i32)> = BTreeMap::new();
    for moment in reminders.iter().flat_map(moments) {
        let Some(zone) = moment.zone().filter(|zone| *zone != Zone::UTC) else { continue };
        let year = moment.date().year().clamp(KNOWN_YEARS.0, KNOWN_YEARS.1);
        let years = zones.entry(zone).or_insert(YEARS);
        *years = (years.0.min(year), years.1.max(year));
    }
    zones
}

fn push_reminder(out: &mut String, reminder: &Reminder, now: DateTime<Utc>) {
    let event = Event { reminder, now, original: None, change: None };
    event.push(out);
    let Some(series) = &reminder.recurrence else { return };
    // A date that is left out and changed is one that a person left out over its source: read back, the change would bring it back.
    let cancelled = cancelled(reminder, series);
    for (original, change) in series.changed.iter().filter(|(original, _)| !cancelled.contains(original)) {
        Event { original: Some(*original), change: Some(change), ..event }.push(out);
    }
}

/// The dates that a series leaves out. What a person left out over a source is known by its day; it is named as the series names its dates now.
fn cancelled(reminder: &Reminder, series: &Recurrence) -> BTreeSet<When> {
    let kept = reminder.kept.cancelled.iter().map(|day| carried(day, &reminder.when));
    series.cancelled.iter().copied().chain(kept).collect()
}

/// A reminder, or one changed date of it.
#[derive(Clone, Copy)]
struct Event<'a> {
    reminder: &'a Reminder,
    now: DateTime<Utc>,
    original: Option<When>,
    change: Option<&'a ChangedOccurrence>,
}

impl Event<'_> {
    fn push(self, out: &mut String) {
        push_line(out, "BEGIN:VEVENT");
        self.push_names(out);
        self.push_times(out);
        self.push_texts(out);
        let done = self.change.map_or(self.reminder.is_done(), |change| change.done);
        if done {
            push_line(out, "X-BELFRY-DONE:TRUE");
        }
        if self.change.is_none() {
            for line in self.reminder.other.iter().filter(|line| is_line(line)) {
                push_line(out, line);
            }
        }
        self.push_alarms(out, done);
        push_line(out, "END:VEVENT");
    }

    fn push_names(self, out: &mut String) {
        let reminder = self.reminder;
        let uid = reminder.uid.as_deref().filter(|uid| !uid.is_empty() && ReminderId::of_uid(reminder.list, uid) == reminder.id);
        push_line(out, &format!("UID:{}", uid.map_or_else(|| reminder.id.to_string(), escaped)));
        if uid.is_none() {
            push_line(out, &format!("X-BELFRY-ID:{}/{}", reminder.list, reminder.id));
            if let Some(uid) = &reminder.uid {
                push_line(out, &format!("X-BELFRY-UID:{}", escaped(&one_line(uid))));
            }
        }
        for (name, at) in [("DTSTAMP", self.now), ("CREATED", reminder.created_at), ("LAST-MODIFIED", reminder.changed_at)] {
            push_line(out, &format!("{name}:{}", at.format("%Y%m%dT%H%M%SZ")));
        }
    }

    fn push_times(self, out: &mut String) {
        if let Some(original) = &self.original {
            push_line(out, &dated("RECURRENCE-ID", original));
        }
        let when = self.change.and_then(|change| change.when).or(self.original).unwrap_or(self.reminder.when);
        let length = self.change.and_then(|change| change.length).unwrap_or(self.reminder.length);
        push_line(out, &dated("DTSTART", &when));
        push_line(out, &end(&when, length));
        let Some(series) = self.reminder.recurrence.as_ref().filter(|_| self.change.is_none()) else { return };
        push_line(out, &format!("RRULE:{}", ended_like(series.rule.clone(), &when)));
        for extra in &series.extra {
            push_line(out, &dated("RDATE", extra));
        }
        for cancelled in &cancelled(self.reminder, series) {
            push_line(out, &dated("EXDATE", cancelled));
        }
    }

    fn push_texts(self, out: &mut String) {
        let reminder = self.reminder;
        push_line(out, &format!("SUMMARY:{}", escaped(&one_line(self.title()))));
        let notes = self.change.and_then(|change| change.notes.as_deref()).unwrap_or(&reminder.notes);
        if !notes.is_empty() {
            push_line(out, &format!("DESCRIPTION:{}", escaped(notes)));
        }
        let category = self.change.and_then(|change| change.category.as_ref());
        match category.map_or(reminder.effective_category(), Option::as_deref) {
            Some(category) => push_line(out, &format!("CATEGORIES:{}", escaped(&one_line(category)))),
            // One date without the category of its series: a line that is not there would say nothing.
            None if category.is_some() => push_line(out, "CATEGORIES:"),
            None => {}
        }
        let private = self.change.and_then(|change| change.private).unwrap_or(reminder.effective_private());
        push_line(out, if private { "CLASS:PRIVATE" } else { "CLASS:PUBLIC" });
        let show_as = self.change.and_then(|change| change.show_as).unwrap_or(reminder.effective_show_as());
        let (transparency, busy) = match show_as {
            ShowAs::Free => ("TRANSPARENT", "FREE"),
            ShowAs::Tentative => ("OPAQUE", "TENTATIVE"),
            ShowAs::Busy => ("OPAQUE", "BUSY"),
            ShowAs::Oof => ("OPAQUE", "OOF"),
            ShowAs::WorkingElsewhere => ("OPAQUE", "WORKINGELSEWHERE"),
        };
        push_line(out, &format!("TRANSP:{transparency}"));
        push_line(out, &format!("X-MICROSOFT-CDO-BUSYSTATUS:{busy}"));
        let link = self.change.and_then(|change| change.link.as_ref());
        match link.unwrap_or(&reminder.link) {
            Some(link) => push_line(out, &format!("URL:{}", one_line(link))),
            None if link.is_some() => push_line(out, "URL:"),
            None => {}
        }
    }

    fn push_alarms(self, out: &mut String, done: bool) {
        let own = self.change.and_then(|change| change.alarms.as_deref());
        let alarms = own.unwrap_or_else(|| self.reminder.effective_alarms());
        if alarms.is_empty() {
            return push_line(out, "X-BELFRY-ALARMS:NONE");
        }
        if done {
            let leads: Vec<String> = alarms.iter().map(i32::to_string).collect();
            return push_line(out, &format!("X-BELFRY-ALARMS:{}", leads.join(",")));
        }
        for lead in alarms {
            let description = format!("DESCRIPTION:{}", escaped(&one_line(self.title())));
            for line in ["BEGIN:VALARM", "ACTION:DISPLAY", &description, &format!("TRIGGER:{}", trigger(*lead)), "END:VALARM"] {
                push_line(out, line);
            }
        }
    }

    fn title(&self) -> &str {
        self.change.and_then(|change| change.title.as_deref()).unwrap_or(&self.reminder.title)
    }
}

fn dated(name: &str, when: &When) -> String {
    match when {
        When::Date(on) => format!("{name};VALUE=DATE:{}", on.format("%Y%m%d")),
        When::At { local, zone } if *zone == Zone::UTC => format!("{name}:{}Z", local.format("%Y%m%dT%H%M%S")),
        When::At { local, zone } => format!("{name};TZID={}:{}", zone.name(), local.format("%Y%m%dT%H%M%S")),
    }
}

/// The end, or the length where an end could not say it: none at all, or around a change of the clock.
fn end(when: &When, length: Length) -> String {
    let end = end_of(when, length);
    if length.minutes() > 0 && between(when, &end) == Some(length) {
        return dated("DTEND", &end);
    }
    match length {
        Length::Minutes(0) => "DURATION:PT0S".to_owned(),
        Length::Minutes(minutes) => format!("DURATION:PT{minutes}M"),
        Length::Days(days) => format!("DURATION:P{days}D"),
    }
}

/// A lead time (RFC 5545 section 3.3.6).
fn trigger(lead: Lead) -> String {
    let sign = if lead > 0 { "-" } else { "" };
    match lead.unsigned_abs() {
        0 => "PT0S".to_owned(),
        lead if lead.is_multiple_of(24 * 60) => format!("{sign}P{}D", lead / (24 * 60)),
        lead if lead.is_multiple_of(60) => format!("{sign}PT{}H", lead / 60),
        lead => format!("{sign}PT{lead}M"),
    }
}

/// Whether a kept line can stand in an event: one line, a property, and no bracket of a component.
fn is_line(line: &str) -> bool {
    let name = line.split([':', ';']).next().unwrap_or_default();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_bracket = ["BEGIN", "END"].iter().any(|word| name.eq_ignore_ascii_case(word));
    is_name && !is_bracket && line.contains(':') && !line.chars().any(|c| c.is_control() && c != '\t')
}

/// Values that have one line keep to it, whatever wrote them.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
