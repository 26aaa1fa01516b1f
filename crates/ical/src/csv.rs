//! Tables (RFC 4180, with `,` `;` or tab) to reminders and back: one row, one reminder.
//!
//! A table says less than a calendar: a rule, but no exceptions from it; what it has columns for is in [`Contents::columns`]. Rows that cannot be read are set aside with their line; a table whose last row breaks off is an error.

mod cells;
mod clocks;
mod columns;
mod dates;
mod values;
mod write;

use std::collections::BTreeMap;

use belfry_core::plainer::plainer;
use belfry_core::reminder::ALARM_LIMIT;
use belfry_core::{Kept, Lead, Length, Recurrence, Reminder, ReminderId, Rule, When};
use chrono::NaiveTime;

pub use columns::{BadMap, Column, ColumnMap, DateOrder, guess_columns};
pub use write::write_csv;

use crate::item::{OwnName, check_fitting, fitting, with_place};
use crate::moment::{between, ended_like, in_range};
use crate::problem::ItemProblem;
use crate::unread::is_meant;
use crate::within_day::by_time;
use crate::zones::by_name;
use crate::{Contents, FileProblem, LARGEST_FILE, Open, RAW_LIMIT, ReadInto, SetAside, text};
use cells::{Row, Table};
use columns::Places;
use dates::Moment;

/// The header of a table, for a person to say what its columns are.
///
/// # Errors
/// It is no table, or a cut one.
pub fn csv_header(bytes: &[u8]) -> Result<Vec<String>, FileProblem> {
    Ok(table(bytes)?.header)
}

/// The header and the first rows of a table.
///
/// # Errors
/// It is no table, or a cut one.
pub fn csv_head(bytes: &[u8], rows: usize) -> Result<(Vec<String>, Vec<Vec<String>>), FileProblem> {
    let table = table(bytes)?;
    Ok((table.header, table.rows.into_iter().take(rows).map(|row| row.cells).collect()))
}

/// Reads a table. Columns that the map does not speak of are guessed by their names ([`guess_columns`]); one mapped to nothing stays unread.
///
/// Ids are v5 of the list and the id column, else of title and first start. Dates are `2027-03-03`, `3.3.2027`, `3 March 2027`, or `03/04/2027` in the order
/// that the whole table shows; a date without a time is all-day, an end without a time is the last day, and an end without a date is the next such time. Birthdays come every year.
///
/// # Errors
/// When nothing of it can be trusted: it breaks off, lacks a title or a date column, or its dates can be read two ways.
pub fn read_csv(bytes: &[u8], map: &ColumnMap, into: &ReadInto) -> Result<Contents, FileProblem> {
    let table = table(bytes)?;
    let places = Places::of(map, &table)?;
    let dates = places.cells(&table, &[Column::Date, Column::End, Column::ReminderDate]);
    let order = match map.order {
        Some(order) => order,
        None => dates::order_of(dates).map_err(|value| FileProblem::AmbiguousDates { value })?,
    };
    if let Some(line) = clocks::cut_in(&table, &places) {
        return Err(FileProblem::Truncated { line, open: Open::Part });
    }
    let has_days = has_days_only(&table, &places, order);
    let mut contents = Contents { left_out: places.unread(&table), ..Contents::default() };
    let mut found: BTreeMap<ReminderId, (usize, Reminder)> = BTreeMap::new();
    for row in &table.rows {
        let reader = RowReader { row, places: &places, header: &table.header, order, has_days, into };
        match reader.reminder().and_then(|reminder| reminder.check().map_err(ItemProblem::Reminder).map(|()| reminder)) {
            Err(reason) => {
                if is_meant(&reason) {
                    contents.unread.row(into.list, reader.cell(Column::Id), reader.cell(Column::Title));
                    for line in clocks::lines_of(row, table.delimiter) {
                        contents.unread.row(into.list, places.cell(&line, Column::Id), places.cell(&line, Column::Title));
                    }
                }
                contents.set_aside.push(set_aside(row, reason));
            }
            Ok(reminder) => {
                let replaced = found.insert(reminder.id, (row.line, reminder.clone())).filter(|(_, before)| *before != reminder);
                let reason = if reader.cell(Column::Id).is_some() { ItemProblem::Replaced } else { ItemProblem::Alike };
                contents.set_aside.extend(replaced.map(|(line, before)| SetAside { line, reason, raw: before.title }));
            }
        }
    }
    let mut all: Vec<(usize, Reminder)> = found.into_values().collect();
    all.sort_by_key(|(line, _)| *line);
    contents.reminders = all.into_iter().flat_map(|(_, reminder)| by_time(reminder)).collect();
    contents.columns = Some(places.columns());
    contents.set_aside.sort_by_key(|aside| aside.line);
    Ok(contents)
}

/// Spreadsheets and databases write a day as its midnight. Where all are, and no column speaks of hours, they are days.
fn has_days_only(table: &Table, places: &Places, order: DateOrder) -> bool {
    let speaks = [Column::Time, Column::EndTime, Column::AllDay, Column::Zone].iter().any(|column| places.at(*column).is_some());
    let mut dates = places.cells(table, &[Column::Date, Column::End]).filter_map(|cell| dates::moment(cell, order)).peekable();
    !speaks && dates.peek().is_some() && dates.all(|moment| moment.time == Some(NaiveTime::MIN))
}

/// The rule that a table is read to say where this one was written into it, for a series that begins at `start`.
#[must_use]
pub fn rule_of_table(rule: Rule, start: &When) -> Rule {
    plainer(ended_like(rule, start), start)
}

fn table(bytes: &[u8]) -> Result<Table, FileProblem> {
    if bytes.len() > LARGEST_FILE {
        return Err(FileProblem::TooLarge);
    }
    Table::parse(&text::decode(bytes))
}

fn set_aside(row: &Row, reason: ItemProblem) -> SetAside {
    let raw = row.broken.clone().unwrap_or_else(|| row.cells.join(" | "));
    SetAside { line: row.line, reason, raw: raw.chars().take(RAW_LIMIT).collect() }
}

/// So much of a cell is shown.
const SHOWN: usize = 60;

struct RowReader<'a> {
    row: &'a Row,
    places: &'a Places,
    header: &'a [String],
    order: DateOrder,
    has_days: bool,
    into: &'a ReadInto,
}

impl RowReader<'_> {
    fn reminder(&self) -> Result<Reminder, ItemProblem> {
        let into = self.into;
        if self.row.broken.is_some() {
            return Err(ItemProblem::StrayQuote);
        }
        self.ends_with_header()?;
        let title = self.cell(Column::Title).ok_or(ItemProblem::NoTitle)?.to_owned();
        let when = self.when()?;
        let length = self.length(&when)?.unwrap_or_else(|| Length::default_for(&when));
        let own = self.cell(Column::Id).and_then(|id| OwnName::parse(id, None)).filter(|own| own.list == into.list);
        let uid = self.cell(Column::Id).filter(|_| own.is_none()).map(str::to_owned);
        let id = match (&own, &uid) {
            (Some(own), _) => own.id,
            (None, Some(uid)) => ReminderId::of_uid(into.list, uid),
            (None, None) => ReminderId::of_title(into.list, &title, &when.to_string()),
        };
        let notes = self.notes();
        check_fitting(&title, &notes)?;
        let (title, notes) = fitting(title, notes);
        Ok(Reminder {
            id,
            list: into.list,
            title,
            notes,
            when,
            length,
            recurrence: self.recurrence(&when)?,
            alarms: self.alarms(&when)?.unwrap_or_else(|| into.defaults.alarms_for(&when)),
            category: self.cell(Column::Category).map(str::to_owned),
            show_as: self.cell(Column::ShowAs).and_then(values::show_as).unwrap_or(into.defaults.show_as),
            private: self.cell(Column::Private).is_some_and(values::is_yes),
            link: self.cell(Column::Link).filter(|link| belfry_core::reminder::is_link(link)).map(str::to_owned),
            done: self.cell(Column::Done).is_some_and(values::is_yes),
            created_at: into.now,
            changed_at: into.now,
            uid,
            kept: Kept::default(),
            other: vec![],
        }
        .normal())
    }

    /// Spreadsheets end rows with empty cells, which say nothing.
    fn ends_with_header(&self) -> Result<(), ItemProblem> {
        let surplus = self.row.cells.iter().skip(self.header.len()).map(|cell| cell.trim()).find(|cell| !cell.is_empty());
        surplus.map_or(Ok(()), |cell| Err(ItemProblem::SurplusCell(cell.chars().take(SHOWN).collect())))
    }

    fn notes(&self) -> String {
        let notes = self.places.whole_cell(self.row, Column::Notes);
        match self.cell(Column::Place) {
            None => notes.to_owned(),
            Some(place) => with_place(notes, place),
        }
    }

    fn cell(&self, column: Column) -> Option<&str> {
        self.places.cell(self.row, column)
    }

    fn bad(&self, column: Column, value: &str) -> ItemProblem {
        let name = self.places.at(column).and_then(|at| self.header.get(at)).cloned().unwrap_or_else(|| column.name().to_owned());
        ItemProblem::BadCell { column: name, value: value.chars().take(SHOWN).collect() }
    }

    /// A value, nothing for an empty cell, or a problem that names the cell.
    fn read<T>(&self, column: Column, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ItemProblem> {
        let Some(cell) = self.cell(column) else { return Ok(None) };
        parse(cell).map(Some).ok_or_else(|| self.bad(column, cell))
    }

    fn moment(&self, date: Column, time: Column) -> Result<Option<Moment>, ItemProblem> {
        let Some(mut moment) = self.read(date, |cell| dates::moment(cell, self.order))? else { return Ok(None) };
        if self.has_days {
            moment.time = None;
        }
        match self.read(time, dates::clock)? {
            Some(clock) => Ok(Some(moment.at(clock))),
            None => Ok(Some(moment)),
        }
    }

    fn when(&self) -> Result<When, ItemProblem> {
        let moment = self.moment(Column::Date, Column::Time)?.ok_or(ItemProblem::NoDate)?;
        let zone = match self.cell(Column::Zone) {
            Some(name) => by_name(name).ok_or_else(|| ItemProblem::UnknownZone(name.to_owned()))?,
            None => self.into.zone,
        };
        let is_all_day = self.cell(Column::AllDay).is_some_and(values::is_yes);
        let when = if is_all_day { When::Date(moment.on) } else { moment.when(zone) };
        in_range(when).ok_or_else(|| self.bad(Column::Date, self.cell(Column::Date).unwrap_or_default()))
    }

    fn length(&self, when: &When) -> Result<Option<Length>, ItemProblem> {
        let Some(end) = self.moment(Column::End, Column::EndTime)? else {
            let said = self.read(Column::Duration, values::minutes_or_days)?.map(|read| read.length(when));
            return if said.is_some() { Ok(said) } else { self.length_to_time(when) };
        };
        let end = match (when, end.time) {
            // Someone who writes a last day means it with its evening; Outlook writes the midnight after it.
            (When::Date(_), None) => When::Date(end.on + chrono::Duration::days(1)),
            (When::Date(_), Some(_)) => When::Date(end.on),
            (When::At { zone, .. }, None) => When::At { local: end.on.and_time(when.local().time()), zone: *zone },
            (When::At { zone, .. }, Some(_)) => end.when(*zone),
        };
        Ok(between(when, &end))
    }

    /// To a time of the end without its date: the next such time, which after 22:00 is 02:00 of the day after.
    fn length_to_time(&self, when: &When) -> Result<Option<Length>, ItemProblem> {
        let Some((time, days)) = self.read(Column::EndTime, dates::clock)? else { return Ok(None) };
        let When::At { local, zone } = *when else { return Ok(None) };
        let days = days.max(u64::from(time < local.time()));
        let on = local.date().checked_add_days(chrono::Days::new(days));
        Ok(on.and_then(|on| between(when, &When::At { local: on.and_time(time), zone })))
    }

    /// Lead times as they are said, else what Outlook exports: whether it reminds, and when. Outlook says when also of what does not remind.
    fn alarms(&self, when: &When) -> Result<Option<Vec<Lead>>, ItemProblem> {
        if let Some(said) = self.read(Column::Alarm, values::alarms)? {
            return Ok(Some(said));
        }
        if self.cell(Column::ReminderOn).is_some_and(values::is_no) {
            return Ok(Some(vec![]));
        }
        let Some(at) = self.moment(Column::ReminderDate, Column::ReminderTime)?.filter(|at| at.time.is_some()) else { return Ok(None) };
        let home = when.zone().unwrap_or(self.into.zone);
        let minutes = (when.instant(home) - at.when(home).instant(home)).num_minutes();
        match Lead::try_from(minutes) {
            Ok(lead) if lead.saturating_abs() <= ALARM_LIMIT => Ok(Some(vec![lead])),
            _ => Err(self.bad(Column::ReminderDate, self.cell(Column::ReminderDate).unwrap_or_default())),
        }
    }

    fn recurrence(&self, when: &When) -> Result<Option<Recurrence>, ItemProblem> {
        if self.places.is_yearly(self.header) {
            return Ok(Some(Recurrence::of(rule_of_table("FREQ=YEARLY".parse()?, when))));
        }
        let Some(cell) = self.cell(Column::Repeat) else { return Ok(None) };
        let rule = match values::repeat(cell) {
            Some(None) => return Ok(None),
            Some(Some(rule)) => rule.parse()?,
            None => cell.parse()?,
        };
        Ok(Some(Recurrence::of(rule_of_table(rule, when))))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_people;
