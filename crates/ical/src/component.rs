//! One VEVENT or VTODO as it stands in the file (RFC 5545 sections 3.6.1 and 3.6.2): texts through calcard, dates and rules from the lines themselves.

use belfry_core::plainer::plainer;
use belfry_core::reminder::{is_link, plain_text};
use belfry_core::{Length, Recurrence, Rule, ShowAs, When};
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarProperty as P, ICalendarStatus, ICalendarTransparency, ICalendarValue};
use calcard::{Entry, Parser};
use chrono::{DateTime, Datelike, Utc};

use crate::alarms::{self, Alarms};
use crate::item::{Item, OwnName, Role};
use crate::line::{ContentLine, own_lines, unfold};
use crate::moment::{Place, Spelled, between, ended_like, moment, occurrence_of, of_seconds, spelled};
use crate::others::{self, LeftOut};
use crate::problem::ItemProblem;
use crate::split::Part;

/// A rule without a date of its own: the first date of a series that is given as a list of dates.
pub const FIRST_ONLY: &str = "FREQ=DAILY;COUNT=1";

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
    let reader = Reader { component, calendar: &calendar, lines, place, is_todo };
    let mut lost = LeftOut::new();
    let item = reader.item(part.line, &mut lost)?;
    for (what, count) in lost {
        *left_out.entry(what).or_default() += count;
    }
    Ok(item)
}

struct Reader<'a> {
    component: &'a ICalendarComponent,
    calendar: &'a ICalendar,
    lines: Vec<ContentLine<'a>>,
    place: Place<'a>,
    is_todo: bool,
}

impl Reader<'_> {
    fn item(&self, line: usize, lost: &mut LeftOut) -> Result<Item, ItemProblem> {
        let (start, when, length) = self.times(lost)?;
        let role = self.role()?;
        let status = self.component.status();
        let cancelled = status == Some(&ICalendarStatus::Cancelled);
        if cancelled && role == Role::Main {
            return Err(ItemProblem::Cancelled);
        }
        let recurrence = self.recurrence(&when)?;
        let done = self.is_todo && (status == Some(&ICalendarStatus::Completed) || self.line("COMPLETED").is_some());
        let alarms = Alarms { place: self.place, start, when, length, is_series: recurrence.is_some(), is_todo: self.is_todo };
        let (alarms, alarms_carried) = alarms.read(self.component, self.calendar, lost);
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
            title: self.title(),
            notes: self.notes(),
            when,
            length,
            recurrence,
            alarms: alarms.or_else(|| alarms::own(self.raw("X-BELFRY-ALARMS")?)),
            alarms_carried,
            category: categories.into_iter().next(),
            show_as: self.show_as(),
            private: self.raw("CLASS").is_some_and(|class| ["PRIVATE", "CONFIDENTIAL"].iter().any(|word| class.eq_ignore_ascii_case(word))),
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
            Some(place) => format!("{notes}\n\nLocation: {}", place.replace('\n', ", ")).trim_start().to_owned(),
        }
    }

    /// As the file spells it: an address has no escapes (RFC 5545 section 3.3.13), but some programs write them before commas.
    fn link(&self) -> Option<String> {
        let text = self.raw("URL")?.replace("\\,", ",").replace("\\;", ";");
        Some(text).filter(|text| is_link(text))
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

    /// Start as the file has it, when the reminder is, and how long.
    fn times(&self, lost: &mut LeftOut) -> Result<(Option<When>, When, Length), ItemProblem> {
        let start = self.when("DTSTART")?;
        let due = if self.is_todo { self.when("DUE")? } else { None };
        // A task is due when it is due; its start is when one may begin.
        let when = due.or(start).ok_or(ItemProblem::NoDate)?;
        let end = if self.is_todo { None } else { self.end(&when)? };
        let duration = self.component.property(&P::Duration).and_then(|entry| entry.values.first());
        let length = match (end, duration) {
            (Some(end), _) => {
                let length = between(&when, &end);
                let is_same_day = when.is_all_day() && end.date() == when.date();
                // It says when it ends, and cannot mean that.
                if length.is_none() && !is_same_day {
                    *lost.entry("DTEND (before DTSTART)".into()).or_default() += 1;
                }
                length
            }
            (None, Some(ICalendarValue::Duration(duration))) if !self.is_todo => of_seconds(&when, duration.as_seconds()),
            _ => None,
        };
        Ok((start, when, length.unwrap_or_else(|| Length::default_for(&when))))
    }

    /// An end that names no zone is in that of the start.
    fn end(&self, start: &When) -> Result<Option<When>, ItemProblem> {
        let end = self.when("DTEND")?;
        let is_floating = self
            .line("DTEND")
            .is_some_and(|line| line.parameter("TZID").is_none() && matches!(spelled(line.value), Some(Spelled::Local(_))));
        Ok(match (end, start.zone()) {
            (Some(When::At { local, .. }), Some(zone)) if is_floating => Some(When::At { local, zone }),
            (end, _) => end,
        })
    }

    fn when(&self, name: &'static str) -> Result<Option<When>, ItemProblem> {
        let Some(line) = self.line(name).filter(|line| !line.value.trim().is_empty()) else { return Ok(None) };
        moment(line, line.value.trim(), name, &self.place).map(Some)
    }

    fn role(&self) -> Result<Role, ItemProblem> {
        let Some(original) = self.when("RECURRENCE-ID")? else { return Ok(Role::Main) };
        let range = self.line("RECURRENCE-ID").and_then(|line| line.parameter("RANGE"));
        let is_later = range.is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
        Ok(if is_later { Role::Later(original) } else { Role::Override(original) })
    }

    /// The rule is read from the file's own text: calcard forgives more than a rule can stand.
    fn recurrence(&self, start: &When) -> Result<Option<Recurrence>, ItemProblem> {
        let rules: Vec<&str> = self.lines_of("RRULE").map(|line| line.value).collect();
        if rules.len() > 1 || self.line("EXRULE").is_some() {
            return Err(ItemProblem::SeveralRules);
        }
        let extra = self.dates("RDATE", start)?;
        let mut series = match (rules.first(), extra.is_empty()) {
            (None, true) => return Ok(None),
            (Some(rule), _) => Recurrence::of(plainer(ended_like(gregorian(rule).parse()?, start), start)),
            // Dates without a rule: the first date and the others.
            (None, false) => Recurrence::of(FIRST_ONLY.parse::<Rule>()?),
        };
        series.extra = extra.into_iter().collect();
        series.cancelled = self.dates("EXDATE", start)?.into_iter().collect();
        Ok(Some(series))
    }

    /// Dates of a property that names occurrences, in the zone of the series.
    fn dates(&self, name: &'static str, start: &When) -> Result<Vec<When>, ItemProblem> {
        let mut out = Vec::new();
        for line in self.lines_of(name) {
            for value in line.value.split(',').map(str::trim).filter(|value| !value.is_empty()) {
                // Of a period only the start is a date of the series.
                let value = value.split('/').next().unwrap_or(value);
                out.push(occurrence_of(start, moment(line, value, name, &self.place)?));
            }
        }
        Ok(out)
    }
}

/// A rule without the parts of RFC 7529 that say what is so anyhow.
fn gregorian(rule: &str) -> String {
    let usual = ["RSCALE=GREGORIAN", "SKIP=OMIT"];
    rule.split(';').filter(|part| !usual.iter().any(|usual| part.trim().eq_ignore_ascii_case(usual))).collect::<Vec<_>>().join(";")
}
