//! One VEVENT or VTODO as it stands in the file (RFC 5545 sections 3.6.1 and 3.6.2): texts through calcard, dates and rules from the lines themselves.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::plainer::plainer;
use belfry_core::recurrence::is_given;
use belfry_core::reminder::{is_link, plain_text};
use belfry_core::rule::{End, Until};
use belfry_core::{ChangedOccurrence, Length, Recurrence, Rule, ShowAs, When, Zone, expand};
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarProperty as P, ICalendarStatus, ICalendarTransparency, ICalendarValue};
use calcard::{Entry, Parser};
use chrono::{DateTime, Datelike, NaiveTime, Utc};

use crate::alarms::{Alarms, Old};
use crate::item::{Item, OwnName, Role, check_fitting, with_place};
use crate::line::{ContentLine, own_lines, unfold};
use crate::moment::{
    Original, Place, Spelled, between, day_at_home, duration, ended_like, is_floating, moment, occurrence_of, occurrences_of, of_duration,
    period, spelled, tzid,
};
use crate::others::{self, LeftOut};
use crate::problem::ItemProblem;
use crate::rules;
use crate::split::Part;
use crate::task::Task;
use crate::within_day::times_of;

/// A rule without a date of its own: the first date of a series that is given as a list of dates.
pub const FIRST_ONLY: &str = "FREQ=DAILY;COUNT=1";

/// The most dates that a series leaves out.
const MOST_CANCELLED: usize = 200_000;

/// Reads one item. What of it cannot be carried is counted, also when the item itself is bad.
pub fn read(part: &Part<'_>, place: Place<'_>, left_out: &mut LeftOut) -> Result<Item, ItemProblem> {
    let is_todo = part.is("VTODO");
    if !(is_todo || part.is("VEVENT")) {
        return Err(ItemProblem::OtherKind(part.kind.to_ascii_uppercase()));
    }
    let text = unfold(part.text);
    let Entry::ICalendar(calendar) = Parser::new(&text).entry() else { return Err(ItemProblem::Unreadable) };
    let component = calendar.components.first().ok_or(ItemProblem::Unreadable)?;
    let lines: Vec<ContentLine<'_>> = own_lines(&text).collect();
    let own_clock = lines.iter().find(|line| line.is("DTSTART")).and_then(tzid).filter(|tzid| place.zones.is_own(tzid));
    let place = Place { own_clock, ..place };
    let mut reader =
        Reader { component, calendar: &calendar, lines, place, is_todo, is_taken_back: part.calendar.is_cancelled(), days_in: None };
    reader.days_in = reader.all_day_zone()?;
    let mut lost = LeftOut::new();
    let item = reader.item(part.line, &mut lost)?;
    for (what, count) in lost {
        *left_out.entry(what).or_default() += count;
    }
    Ok(item)
}

/// The times of an item as they stand.
struct Spoken {
    start: Option<When>,
    when: When,
    length: Length,
    task: Option<Task>,
}

/// Those of its reminder.
struct Times {
    when: When,
    length: Length,
    recurrence: Option<Recurrence>,
}

struct Reader<'a> {
    component: &'a ICalendarComponent,
    calendar: &'a ICalendar,
    lines: Vec<ContentLine<'a>>,
    place: Place<'a>,
    is_todo: bool,
    /// Whether its calendar is one of what is cancelled.
    is_taken_back: bool,
    /// Where its midnights are, of an item that means whole days by them.
    days_in: Option<Zone>,
}

/// Whether a series does not have the date that it begins with: RFC 5545 section 3.8.5.3 counts it whatever the rule says, Outlook and most programs do not.
fn lacks_start(series: &Recurrence, when: &When) -> bool {
    let named = || series.extra.contains(when) || series.cancelled.contains(when) || series.changed.contains_key(when);
    expand::is_expanded(&series.rule, when) && !is_given(&series.rule, when, when) && !named()
}

/// Whether a series has a date, as far as its dates are worked out.
fn has_date(series: &Recurrence, start: &When, date: &When) -> bool {
    date == start || series.extra.contains(date) || !expand::is_expanded(&series.rule, start) || is_given(&series.rule, start, date)
}

impl Reader<'_> {
    fn item(&self, line: usize, lost: &mut LeftOut) -> Result<Item, ItemProblem> {
        let times = self.times(lost)?;
        let role = self.role()?;
        let status = self.component.status();
        let cancelled = status == Some(&ICalendarStatus::Cancelled) || self.is_taken_back;
        if cancelled && role == Role::Main {
            return Err(ItemProblem::Cancelled);
        }
        let Times { when, length, recurrence } = self.placed(&times, lost)?;
        if recurrence.as_ref().is_some_and(|series| !self.is_todo && lacks_start(series, &when)) {
            *lost.entry("DTSTART that its RRULE does not give".into()).or_default() += 1;
        }
        let (title, notes) = (self.title(), self.notes());
        check_fitting(&title, &notes)?;
        let is_whole = self.raw("PERCENT-COMPLETE") == Some("100");
        let done = self.is_todo && (status == Some(&ICalendarStatus::Completed) || self.line("COMPLETED").is_some() || is_whole);
        let due = times.task.map(|task| task.due);
        let is_series = recurrence.is_some();
        let alarms = Alarms { place: self.place, start: times.start, when, length, due, is_series, is_todo: self.is_todo };
        let (alarms, alarms_carried) =
            alarms.read(self.component, self.calendar, Old { lines: &self.lines, own: self.raw("X-BELFRY-ALARMS") }, lost);
        let categories = self.values(&P::Categories);
        if categories.len() > 1 {
            *lost.entry("CATEGORIES (after the first)".into()).or_default() += categories.len() - 1;
        }
        Ok(Item {
            line,
            uid: self.text(&P::Uid).map(|uid| uid.trim().to_owned()).filter(|uid| !uid.is_empty()),
            own: self.raw("X-BELFRY-ID").and_then(|value| OwnName::parse(value, self.own_text("X-BELFRY-UID"))),
            role,
            cancelled,
            sequence: self.raw("SEQUENCE").and_then(|value| value.parse().ok()).unwrap_or(0),
            title,
            notes,
            when,
            is_floating: self.line("DTSTART").is_some_and(is_floating),
            task: times.task,
            length,
            recurrence,
            alarms,
            alarms_carried,
            category: self.line("CATEGORIES").map(|_| categories.into_iter().next()),
            show_as: self.show_as(),
            private: self.raw("CLASS").map(|class| ["PRIVATE", "CONFIDENTIAL"].iter().any(|word| class.eq_ignore_ascii_case(word))),
            link: self.link(),
            done: done || self.raw("X-BELFRY-DONE").is_some_and(|value| value.eq_ignore_ascii_case("TRUE")),
            created_at: self.instant("CREATED"),
            changed_at: self.instant("LAST-MODIFIED"),
            other: others::kept(self.lines.iter().copied(), self.is_todo, lost),
        })
    }

    fn lines_of(&self, name: &'static str) -> impl Iterator<Item = &ContentLine<'_>> {
        self.lines.iter().filter(move |line| line.is(name))
    }

    fn line(&self, name: &'static str) -> Option<&ContentLine<'_>> {
        self.lines_of(name).next()
    }

    /// A value as the file spells it.
    fn raw(&self, name: &'static str) -> Option<&str> {
        self.line(name).map(|line| line.value.trim()).filter(|value| !value.is_empty())
    }

    fn own_text(&self, name: &str) -> Option<String> {
        self.text(&P::Other(name.to_owned()))
    }

    fn values(&self, property: &P) -> Vec<String> {
        let entries = self.component.properties(property);
        let texts = entries.flat_map(|entry| &entry.values).filter_map(ICalendarValue::as_text);
        texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    }

    fn text(&self, property: &P) -> Option<String> {
        let entry = self.component.property(property)?;
        // Commas in a text that was not escaped come as several values.
        let all: Vec<&str> = entry.values.iter().filter_map(ICalendarValue::as_text).collect();
        Some(all.join(",")).filter(|text| !text.trim().is_empty())
    }

    fn title(&self) -> String {
        let first_line =
            || self.text(&P::Description).and_then(|text| text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned));
        self.text(&P::Summary).or_else(first_line).unwrap_or_else(|| "(untitled)".to_owned())
    }

    /// A place has no field of its own in a reminder; it is not lost.
    fn notes(&self) -> String {
        let notes = self.text(&P::Description).map(|text| plain_text(&text)).unwrap_or_default();
        match self.text(&P::Location) {
            None => notes,
            Some(place) => with_place(&notes, &place),
        }
    }

    /// As the file spells it: an address has no escapes (RFC 5545 section 3.3.13), but some programs write them before commas.
    /// `Some(None)` where the line is empty; one that holds no address says nothing.
    fn link(&self) -> Option<Option<String>> {
        self.line("URL")?;
        let Some(text) = self.raw("URL") else { return Some(None) };
        let text = text.replace("\\,", ",").replace("\\;", ";");
        is_link(&text).then_some(Some(text))
    }

    /// Outlook's own word for it says more than `TRANSP` can (MS-OXCICAL section 2.1.3.1.1.20.31).
    fn show_as(&self) -> Option<ShowAs> {
        let busy = match self.raw("X-MICROSOFT-CDO-BUSYSTATUS").map(str::to_ascii_uppercase).as_deref() {
            Some("FREE") => Some(ShowAs::Free),
            Some("TENTATIVE") => Some(ShowAs::Tentative),
            Some("BUSY") => Some(ShowAs::Busy),
            Some("OOF") => Some(ShowAs::Oof),
            Some("WORKINGELSEWHERE") => Some(ShowAs::WorkingElsewhere),
            _ => None,
        };
        busy.or(match self.component.property(&P::Transp)?.values.first()? {
            ICalendarValue::Transparency(ICalendarTransparency::Opaque) => Some(ShowAs::Busy),
            ICalendarValue::Transparency(ICalendarTransparency::Transparent) => Some(ShowAs::Free),
            _ => None,
        })
    }

    /// A time stamp; one of year 0, which some programs write for "unknown", is none.
    fn instant(&self, name: &'static str) -> Option<DateTime<Utc>> {
        match spelled(self.raw(name)?)? {
            Spelled::Utc(at) | Spelled::Local(at) => Some(at.and_utc()).filter(|at| (1900..2200).contains(&at.year())),
            Spelled::Date(_) => None,
        }
    }

    /// When it is and how long, as the file has it.
    fn times(&self, lost: &mut LeftOut) -> Result<Spoken, ItemProblem> {
        let start = self.when("DTSTART", None)?;
        if self.is_todo {
            let due = self.when("DUE", start.as_ref())?;
            // A task is due when it is due; its start is when one may begin.
            let when = due.or(start).ok_or(ItemProblem::NoDate)?;
            let task = match (start, due) {
                (Some(start), Some(due)) => Some(Task::due_at(start, due)),
                (Some(start), None) => {
                    self.length_said(lost, |value| duration(value).and_then(|(days, time)| Task::due_after(start, days, time)))
                }
                _ => None,
            };
            let task = task.filter(|task| task.due != task.start);
            let when = task.map_or(when, |task| task.due);
            return Ok(Spoken { start, when, length: Length::default_for(&when), task });
        }
        let when = start.ok_or(ItemProblem::NoDate)?;
        let end = self.when("DTEND", Some(&when))?;
        let length = match end {
            Some(end) => {
                // A day that a time lasts until ends where that day begins, as it does for days (RFC 5545 section 3.6.1).
                let end = if let (When::Date(on), When::At { zone, .. }) = (end, when) { When::At { local: on.into(), zone } } else { end };
                let length = between(&when, &end);
                let is_same_day = when.is_all_day() && end.date() == when.date();
                // It says when it ends, and cannot mean that.
                if length.is_none() && !is_same_day {
                    *lost.entry("DTEND (before DTSTART)".into()).or_default() += 1;
                }
                length
            }
            None => self.length_said(lost, |value| self.days_of_series(&when, value).or_else(|| of_duration(&when, value))),
        };
        Ok(Spoken { start, when, length: length.unwrap_or_else(|| Length::default_for(&when)), task: None })
    }

    /// Whole days of a series have 24 hours, as on most of its dates, also where the clock changes within the first.
    fn days_of_series(&self, when: &When, value: &str) -> Option<Length> {
        let (days, seconds) = duration(value).filter(|_| !when.is_all_day() && self.line("RRULE").is_some())?;
        u32::try_from(days.checked_mul(24 * 60)?).ok().filter(|_| seconds == 0 && days > 0).map(Length::Minutes)
    }

    /// What `DURATION` says; one that is no length, or one beyond all time, is counted as left out.
    fn length_said<T>(&self, lost: &mut LeftOut, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.raw("DURATION")?;
        let length = read(value);
        if length.is_none() {
            *lost.entry("DURATION (no length)".into()).or_default() += 1;
        }
        length
    }

    /// Exchange writes whole days as times, from midnight to midnight where its user lives, and in UTC if need be (MS-OXCICAL, `X-MICROSOFT-CDO-ALLDAYEVENT`).
    fn all_day_zone(&self) -> Result<Option<Zone>, ItemProblem> {
        if !self.raw("X-MICROSOFT-CDO-ALLDAYEVENT").is_some_and(|value| value.eq_ignore_ascii_case("TRUE")) {
            return Ok(None);
        }
        let Some(start @ When::At { zone, .. }) = self.when("DTSTART", None)? else { return Ok(None) };
        let end = self.when("DTEND", Some(&start))?;
        let is_midnight = |at: &When, zone: Zone| zone.wall(at.instant(zone)).time() == NaiveTime::MIN;
        let are_days = |zone: &Zone| is_midnight(&start, *zone) && end.as_ref().is_none_or(|end| is_midnight(end, *zone));
        Ok([zone, self.place.zone].into_iter().find(are_days))
    }

    /// A moment of an item that means whole days by its times.
    fn as_day(&self, when: When) -> When {
        match (self.days_in, when) {
            (Some(zone), When::At { .. }) => When::Date(zone.wall(when.instant(zone)).date()),
            (_, same) => same,
        }
    }

    /// When the reminder is, and how it repeats. A task that repeats is one of due times, or of spans.
    fn placed(&self, times: &Spoken, lost: &mut LeftOut) -> Result<Times, ItemProblem> {
        let Spoken { when, length, task, .. } = *times;
        let recurrence = self.recurrence(task.as_ref().map_or(&when, |task| &task.start), length, lost)?;
        let (Some(task), Some(series)) = (task, &recurrence) else { return Ok(Times { when, length, recurrence }) };
        if let Some(turned) = task.turned(series) {
            return Ok(Times { when, length, recurrence: Some(turned) });
        }
        let span = task.length();
        if span.is_none() {
            *lost.entry("DUE (not after DTSTART)".into()).or_default() += 1;
        }
        Ok(Times { when: task.start, length: span.unwrap_or_else(|| Length::default_for(&task.start)), recurrence })
    }

    /// A moment; one that names no zone is in that of what it belongs to.
    fn when(&self, name: &'static str, beside: Option<&When>) -> Result<Option<When>, ItemProblem> {
        let Some(line) = self.line(name).filter(|line| !line.value.trim().is_empty()) else { return Ok(None) };
        moment(line, line.value.trim(), name, &self.place.beside(beside)).map(|when| Some(self.as_day(when)))
    }

    fn role(&self) -> Result<Role, ItemProblem> {
        let Some(when) = self.when("RECURRENCE-ID", None)? else { return Ok(Role::Main) };
        let day = day_at_home(&when, self.place.zone);
        let original = Original { when, is_floating: self.line("RECURRENCE-ID").is_some_and(is_floating), day };
        let range = self.line("RECURRENCE-ID").and_then(|line| line.parameter("RANGE"));
        let is_later = range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
        Ok(if is_later { Role::Later(original) } else { Role::Override(original) })
    }

    /// The rule is read from the file's own text: calcard forgives more than a rule can stand. `length` is that of each date which has none of its own.
    fn recurrence(&self, start: &When, length: Length, lost: &mut LeftOut) -> Result<Option<Recurrence>, ItemProblem> {
        let rules: Vec<&str> = self.lines_of("RRULE").map(|line| line.value).collect();
        if self.line("EXRULE").is_some() {
            return Err(ItemProblem::ExclusionRule);
        }
        if rules.len() > 1 {
            return Err(ItemProblem::SeveralRules);
        }
        let mut series = match (rules.first(), self.values_of("RDATE").next()) {
            (None, None) => return Ok(None),
            (Some(rule), _) => Recurrence::of(plainer(self.rule(rule, start)?, start)),
            // Dates without a rule: the first date and the others.
            (None, Some(_)) => Recurrence::of(FIRST_ONLY.parse::<Rule>()?),
        };
        if let Some(tzid) = self.place.own_clock {
            return Err(ItemProblem::OwnClock(tzid.to_owned()));
        }
        let times = times_of(&series.rule, start);
        let extra = self.extra(start, &times)?;
        let own = extra.iter().filter_map(|(at, own)| Some((*at, own.filter(|own| *own != length && own.fits(at) && !self.is_todo)?)));
        series.changed = own.map(|(at, own)| (at, ChangedOccurrence { length: Some(own), ..ChangedOccurrence::default() })).collect();
        series.extra = extra.into_keys().collect();
        series.cancelled = self.cancelled(&series, start, &times, lost)?;
        Ok(Some(series))
    }

    fn rule(&self, text: &str, start: &When) -> Result<Rule, ItemProblem> {
        let mut rule: Rule = rules::read(text, start)?;
        if let End::Until(Until::Utc(at)) = rule.end {
            let day = self.days_in.map(|zone| zone.wall(at).date());
            let near = || day_at_home(&When::At { local: at.naive_utc(), zone: Zone::UTC }, self.place.zone).filter(|_| start.is_all_day());
            rule.end = day.or_else(near).map_or(rule.end, |day| End::Until(Until::Date(day)));
        }
        Ok(ended_like(rule, start))
    }

    /// Values of a property that names dates of the series.
    fn values_of(&self, name: &'static str) -> impl Iterator<Item = (&ContentLine<'_>, &str)> {
        let values = |line| ContentLine::values(line).map(move |value| (line, value));
        self.lines_of(name).flat_map(values)
    }

    /// Dates beside the rule, in the zone of the series, with their lengths where they are periods.
    fn extra(&self, start: &When, times: &[NaiveTime]) -> Result<BTreeMap<When, Option<Length>>, ItemProblem> {
        let place = self.place.beside(Some(start));
        let read = |(line, value)| {
            period(line, value, "RDATE", &place).map(|(at, length)| (occurrence_of(start, times, self.as_day_of(start, at)), length))
        };
        self.values_of("RDATE").map(read).collect()
    }

    /// A moment of a series, which may be one of whole days and name them by their midnights.
    fn as_day_of(&self, start: &When, when: When) -> When {
        let day = day_at_home(&when, self.place.zone).filter(|_| start.is_all_day() && self.days_in.is_none());
        day.map_or_else(|| self.as_day(when), When::Date)
    }

    /// Dates that are left out. A day without a time is all of its times. A time that names no day of a series of whole days is counted as left out.
    fn cancelled(&self, series: &Recurrence, start: &When, times: &[NaiveTime], lost: &mut LeftOut) -> Result<BTreeSet<When>, ItemProblem> {
        let place = self.place.beside(Some(start));
        let mut out = BTreeSet::new();
        for (line, value) in self.values_of("EXDATE") {
            let (value, _) = value.split_once('/').unwrap_or((value, ""));
            match self.as_day_of(start, moment(line, value, "EXDATE", &place)?) {
                When::Date(on) if !start.is_all_day() => {
                    out.extend(times.iter().map(|time| start.at_local(on.and_time(*time))));
                    out.extend(series.extra.iter().copied().filter(|extra| extra.date() == on));
                }
                at => {
                    let dates = occurrences_of(start, times, at);
                    if start.is_all_day() && !at.is_all_day() && !dates.iter().any(|date| has_date(series, start, date)) {
                        *lost.entry("EXDATE (no date of its series)".into()).or_default() += 1;
                    }
                    out.extend(dates);
                }
            }
            if out.len() > MOST_CANCELLED {
                return Err(ItemProblem::TooManyDates);
            }
        }
        Ok(out)
    }
}
