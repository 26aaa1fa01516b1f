//! One VEVENT or VTODO.

use belfry_core::reminder::{BadReminder, TITLE_LIMIT, is_link, plain_text};
use belfry_core::rule::BadRule;
use belfry_core::when::minutes_between;
use belfry_core::{ChangedOccurrence, Length, ListId, Recurrence, Reminder, ReminderId, Rule, ShowAs, When, Zone};
use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarClassification, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName,
    ICalendarParameterValue, ICalendarPeriod, ICalendarProperty as P, ICalendarRelated, ICalendarStatus, ICalendarTransparency,
    ICalendarValue, Uri,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, TimeZone, Utc};

use crate::split::Part;
use crate::text::values_of;
use crate::zones::Zones;
use crate::{ReadInto, occurrence_of};

/// Why an item was set aside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemProblem {
    /// Journals and free-busy tables.
    #[error("a {0} is no reminder")]
    OtherKind(String),
    /// Not readable at all.
    #[error("it cannot be read")]
    Unreadable,
    /// No date.
    #[error("it has no date")]
    NoDate,
    /// A date that is none.
    #[error("{property} is not a date: {value}")]
    BadDate {
        /// Which property.
        property: &'static str,
        /// What stands there.
        value: String,
    },
    /// A zone that nobody knows.
    #[error("its time zone `{0}` is not known")]
    UnknownZone(String),
    /// A rule that is none.
    #[error("{0}")]
    Rule(#[from] BadRule),
    /// More than one rule, or rules of exclusion.
    #[error("it has more than one repeat rule")]
    SeveralRules,
    /// An override of this and all later dates.
    #[error("it changes all later dates of a series, which Belfry cannot read yet")]
    ThisAndFuture,
    /// The file has another item of the same UID further down.
    #[error("another item of the same UID follows")]
    Replaced,
    /// Cancelled by who sent it.
    #[error("it is cancelled")]
    Cancelled,
    /// It breaks a rule of reminders.
    #[error("{0}")]
    Reminder(BadReminder),
}

/// A series or single, or an override of one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Main,
    Override(When),
}

/// An item as read.
pub struct Item {
    pub line: usize,
    pub uid: Option<String>,
    pub role: Role,
    pub cancelled: bool,
    title: String,
    notes: String,
    when: When,
    length: Length,
    recurrence: Option<Recurrence>,
    alarms: Option<Vec<u32>>,
    category: Option<String>,
    show_as: Option<ShowAs>,
    private: bool,
    link: Option<String>,
    done: bool,
    created_at: Option<DateTime<Utc>>,
    changed_at: Option<DateTime<Utc>>,
}

/// Reads one.
pub fn read(part: &Part<'_>, into: &ReadInto, zones: &Zones) -> Result<Item, ItemProblem> {
    let is_todo = part.is("VTODO");
    if !(is_todo || part.is("VEVENT")) {
        return Err(ItemProblem::OtherKind(part.kind.to_ascii_uppercase()));
    }
    let Entry::ICalendar(calendar) = Parser::new(part.text).entry() else { return Err(ItemProblem::Unreadable) };
    let component = calendar.components.first().ok_or(ItemProblem::Unreadable)?;
    let reader = Reader { component, calendar: &calendar, into, zones };
    let (when, length) = reader.times(is_todo)?;
    let role = reader.role()?;
    let cancelled = component.status() == Some(&ICalendarStatus::Cancelled);
    if cancelled && role == Role::Main {
        return Err(ItemProblem::Cancelled);
    }
    let status = component.status();
    Ok(Item {
        line: part.line,
        uid: component.uid().map(str::to_owned).filter(|uid| !uid.is_empty()),
        role,
        cancelled,
        title: reader.title(),
        notes: reader.notes(),
        when,
        length,
        recurrence: reader.recurrence(part.text, &when)?,
        alarms: reader.alarms(&when, length),
        category: reader.text(&P::Categories),
        show_as: reader.show_as(),
        private: matches!(
            reader.value(&P::Class),
            Some(ICalendarValue::Classification(ICalendarClassification::Private | ICalendarClassification::Confidential))
        ),
        link: reader.link(),
        done: is_todo && (status == Some(&ICalendarStatus::Completed) || component.has_property(&P::Completed)),
        created_at: reader.instant(&P::Created),
        changed_at: reader.instant(&P::LastModified),
    })
}

impl Item {
    /// The id that it has on every computer.
    pub fn id(&self, list: ListId) -> ReminderId {
        match &self.uid {
            Some(uid) => ReminderId::of_uid(list, uid),
            None => ReminderId::of_title(list, &self.title, &self.when.to_string()),
        }
    }

    /// The reminder, with the list's defaults for what the item does not say.
    pub fn reminder(self, id: ReminderId, into: &ReadInto) -> Reminder {
        let (title, notes) = fitting(self.title, self.notes);
        Reminder {
            id,
            list: into.list,
            title,
            notes,
            when: self.when,
            length: self.length,
            recurrence: self.recurrence,
            alarms: self.alarms.unwrap_or_else(|| into.defaults.alarms_for(&self.when)),
            category: self.category,
            show_as: self.show_as.unwrap_or(into.defaults.show_as),
            private: self.private,
            link: self.link,
            done: self.done,
            created_at: self.created_at.unwrap_or(into.now),
            changed_at: self.changed_at.unwrap_or(into.now),
            uid: self.uid,
            kept: belfry_core::Kept::default(),
        }
        .normal()
    }

    /// Changes one date of its series.
    pub fn change(self, master: &mut Reminder, original: When, into: &ReadInto) {
        let original = occurrence_of(&master.when, original);
        let alarms = self.alarms.clone();
        let own = self.cancelled;
        let (when, length, done) = (self.when, self.length, self.done);
        let changed = self.reminder(master.id, into);
        let Some(series) = master.recurrence.as_mut() else { return };
        if own {
            series.cancelled.insert(original);
            return;
        }
        let difference = ChangedOccurrence {
            title: (changed.title != master.title).then_some(changed.title),
            notes: (changed.notes != master.notes).then_some(changed.notes),
            when: (when != original).then_some(when),
            length: (length != master.length).then_some(length),
            alarms: alarms.filter(|alarms| *alarms != master.alarms),
            done,
            ..ChangedOccurrence::default()
        };
        series.changed.insert(original, difference);
    }
}

/// A title that Outlook holds; one that is longer goes whole into the notes.
fn fitting(title: String, notes: String) -> (String, String) {
    if title.encode_utf16().count() <= TITLE_LIMIT {
        return (title, notes);
    }
    let mut short = String::new();
    let mut units = 1;
    for c in title.chars() {
        units += c.len_utf16();
        if units > TITLE_LIMIT {
            break;
        }
        short.push(c);
    }
    (format!("{}\u{2026}", short.trim_end()), format!("{title}\n\n{notes}"))
}

struct Reader<'a> {
    component: &'a ICalendarComponent,
    calendar: &'a ICalendar,
    into: &'a ReadInto,
    zones: &'a Zones,
}

impl Reader<'_> {
    fn value(&self, property: &P) -> Option<&ICalendarValue> {
        self.component.property(property)?.values.first()
    }

    fn text(&self, property: &P) -> Option<String> {
        let entry = self.component.property(property)?;
        // Commas in a text that was not escaped come as several values.
        let all: Vec<&str> = entry.values.iter().filter_map(ICalendarValue::as_text).collect();
        let text = if *property == P::Categories { all.first().map(|first| (*first).to_owned())? } else { all.join(",") };
        Some(text).filter(|text| !text.trim().is_empty())
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

    fn link(&self) -> Option<String> {
        let text = match self.value(&P::Url)? {
            ICalendarValue::Uri(Uri::Location(text)) | ICalendarValue::Text(text) => text.trim().to_owned(),
            _ => return None,
        };
        Some(text).filter(|text| is_link(text))
    }

    fn show_as(&self) -> Option<ShowAs> {
        match self.value(&P::Transp)? {
            ICalendarValue::Transparency(ICalendarTransparency::Opaque) => Some(ShowAs::Busy),
            ICalendarValue::Transparency(ICalendarTransparency::Transparent) => Some(ShowAs::Free),
            _ => None,
        }
    }

    fn instant(&self, property: &P) -> Option<DateTime<Utc>> {
        let date = self.value(property)?.as_partial_date_time()?.to_date_time()?;
        Some(Utc.from_utc_datetime(&date.date_time))
    }

    fn times(&self, is_todo: bool) -> Result<(When, Length), ItemProblem> {
        let start = self.when(&P::Dtstart, "DTSTART")?;
        let due = if is_todo { self.when(&P::Due, "DUE")? } else { None };
        // A task is due when it is due; its start is when one may begin.
        let when = due.or(start).ok_or(ItemProblem::NoDate)?;
        let end = if is_todo { None } else { self.when(&P::Dtend, "DTEND")? };
        let length = match (end, self.value(&P::Duration)) {
            (Some(end), _) => between(&when, &end),
            (None, Some(ICalendarValue::Duration(duration))) if !is_todo => of_seconds(&when, duration.as_seconds()),
            _ => None,
        };
        Ok((when, length.unwrap_or_else(|| Length::default_for(&when))))
    }

    fn when(&self, property: &P, name: &'static str) -> Result<Option<When>, ItemProblem> {
        let Some(entry) = self.component.property(property) else { return Ok(None) };
        let Some(value) = entry.values.first() else { return Ok(None) };
        let Some(date) = value.as_partial_date_time() else {
            return Err(ItemProblem::BadDate { property: name, value: value.as_text().unwrap_or_default().chars().take(60).collect() });
        };
        self.moment(entry, date, name).map(Some)
    }

    /// A value in the zone that its entry names.
    fn moment(&self, entry: &ICalendarEntry, date: &PartialDateTime, name: &'static str) -> Result<When, ItemProblem> {
        let bad = || ItemProblem::BadDate {
            property: name,
            value: format!("{:?}-{:?}-{:?}", date.year.unwrap_or(0), date.month.unwrap_or(0), date.day.unwrap_or(0)),
        };
        let when = if date.has_time() {
            let read = date.to_date_time().ok_or_else(bad)?;
            let zone = match (read.offset, entry.tz_id()) {
                (Some(offset), _) => {
                    let utc = read.date_time - chrono::Duration::seconds(i64::from(offset.local_minus_utc()));
                    return in_range(When::At { local: utc, zone: Zone::UTC }).ok_or_else(bad);
                }
                (None, Some(tzid)) => self.zones.find(tzid).ok_or_else(|| ItemProblem::UnknownZone(tzid.to_owned()))?,
                (None, None) => self.into.zone,
            };
            When::At { local: read.date_time, zone }
        } else {
            let (year, month, day) = (date.year.ok_or_else(bad)?, date.month.ok_or_else(bad)?, date.day.ok_or_else(bad)?);
            When::Date(chrono::NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)).ok_or_else(bad)?)
        };
        in_range(when).ok_or_else(bad)
    }

    fn role(&self) -> Result<Role, ItemProblem> {
        let Some(entry) = self.component.property(&P::RecurrenceId) else { return Ok(Role::Main) };
        if entry.parameter(&ICalendarParameterName::Range) == Some(&ICalendarParameterValue::Bool(true)) {
            return Err(ItemProblem::ThisAndFuture);
        }
        Ok(self.when(&P::RecurrenceId, "RECURRENCE-ID")?.map_or(Role::Main, Role::Override))
    }

    /// The rule is read from the file's own text: calcard forgives more than a rule can stand.
    fn recurrence(&self, raw: &str, start: &When) -> Result<Option<Recurrence>, ItemProblem> {
        let rules = values_of(raw, "RRULE");
        if rules.len() > 1 || !values_of(raw, "EXRULE").is_empty() {
            return Err(ItemProblem::SeveralRules);
        }
        let extra = self.dates(&P::Rdate, "RDATE", start)?;
        let mut series = match (rules.first(), extra.is_empty()) {
            (None, true) => return Ok(None),
            (Some(rule), _) => Recurrence::of(rule.parse()?),
            // Dates without a rule: the first date and the others.
            (None, false) => Recurrence::of("FREQ=DAILY;COUNT=1".parse::<Rule>()?),
        };
        series.extra = extra.into_iter().collect();
        series.cancelled = self.dates(&P::Exdate, "EXDATE", start)?.into_iter().collect();
        Ok(Some(series))
    }

    /// Dates of a property that names occurrences, in the zone of the series.
    fn dates(&self, property: &P, name: &'static str, start: &When) -> Result<Vec<When>, ItemProblem> {
        let mut out = Vec::new();
        for entry in self.component.properties(property) {
            for value in &entry.values {
                let date = match value {
                    ICalendarValue::PartialDateTime(date) => date.as_ref(),
                    ICalendarValue::Period(ICalendarPeriod::Range { start, .. } | ICalendarPeriod::Duration { start, .. }) => start,
                    other => {
                        return Err(ItemProblem::BadDate {
                            property: name,
                            value: other.as_text().unwrap_or_default().chars().take(60).collect(),
                        });
                    }
                };
                out.push(occurrence_of(start, self.moment(entry, date, name)?));
            }
        }
        Ok(out)
    }

    /// Lead times of the alarms. One after the start has no place in Outlook and is left out; no alarm at all is "unknown", not "none".
    fn alarms(&self, when: &When, length: Length) -> Option<Vec<u32>> {
        let children = self.component.component_ids.iter().filter_map(|id| self.calendar.component_by_id(*id));
        let alarms: Vec<&ICalendarComponent> = children.filter(|child| child.component_type == ICalendarComponentType::VAlarm).collect();
        if alarms.is_empty() {
            return None;
        }
        let mut leads = Vec::new();
        for entry in alarms.iter().filter_map(|alarm| alarm.property(&P::Trigger)) {
            let seconds_before = match entry.values.first() {
                Some(ICalendarValue::Duration(duration)) => {
                    let from_end =
                        entry.parameter(&ICalendarParameterName::Related) == Some(&ICalendarParameterValue::Related(ICalendarRelated::End));
                    let shift = if from_end { i64::from(length.minutes()) * 60 } else { 0 };
                    -(duration.as_seconds() + shift)
                }
                Some(ICalendarValue::PartialDateTime(date)) => match self.moment(entry, date, "TRIGGER") {
                    Ok(at) => (when.instant(self.into.zone) - at.instant(self.into.zone)).num_seconds(),
                    Err(_) => continue,
                },
                _ => continue,
            };
            if let Some(lead) =
                u32::try_from(seconds_before).ok().map(|seconds| seconds / 60).filter(|lead| *lead <= belfry_core::reminder::ALARM_LIMIT)
            {
                leads.push(lead);
            }
        }
        leads.sort_unstable();
        leads.dedup();
        let has_none = leads.is_empty() && alarms.iter().any(|alarm| alarm.has_property(&P::Trigger));
        (!has_none).then_some(leads)
    }
}

fn in_range(when: When) -> Option<When> {
    When::parse(&when.to_string(), when.zone().unwrap_or(Zone::UTC))
}

fn between(start: &When, end: &When) -> Option<Length> {
    match (start, end) {
        (When::Date(from), to) => u32::try_from((to.date() - *from).num_days()).ok().filter(|days| *days > 0).map(Length::Days),
        (When::At { .. }, When::At { .. }) => {
            let (from, to) = (start.instant(Zone::UTC), end.instant(Zone::UTC));
            (to >= from).then(|| Length::Minutes(minutes_between(from, to)))
        }
        (When::At { .. }, When::Date(_)) => None,
    }
}

fn of_seconds(when: &When, seconds: i64) -> Option<Length> {
    let minutes = u32::try_from(seconds).ok()? / 60;
    Some(if when.is_all_day() { Length::Days((minutes / (24 * 60)).max(1)) } else { Length::Minutes(minutes) })
}
