//! What only the cells of a table tell: which of its columns hold times of day, whether its last cell is cut, and what a row says whose quotation marks are not sure.

use std::collections::BTreeSet;

use super::cells::{Row, Table};
use super::columns::{Column, DateOrder, Places};
use super::dates;

impl Table {
    /// The columns that hold times of day, and nothing else.
    pub fn clocks(&self) -> BTreeSet<usize> {
        let is_clock = |cell: &str| dates::clock(cell).is_some() && dates::moment(cell, DateOrder::DayFirst).is_none();
        let cells =
            |at: usize| self.rows.iter().filter_map(move |row| row.cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        (0..self.header.len()).filter(|at| cells(*at).next().is_some() && cells(*at).all(is_clock)).collect()
    }
}

/// Columns whose cells have a form that shows what they lack.
const FORMED: [Column; 6] = [Column::Date, Column::Time, Column::End, Column::EndTime, Column::ReminderDate, Column::ReminderTime];

/// The line of the last row, where the table ends within a number of a date or time: `2027-03-1`, `14:3`, `3.3.20` below years of four digits. It would be read as another date.
pub fn cut_in(table: &Table, places: &Places) -> Option<usize> {
    let (last, others) = table.rows.split_last().filter(|_| table.is_open)?;
    let at = last.cells.len().checked_sub(1)?;
    if !FORMED.iter().any(|column| places.at(*column) == Some(at)) {
        return None;
    }
    let form = form(last.cells.get(at)?);
    let forms: Vec<String> = others.iter().filter_map(|row| row.cells.get(at)).map(|cell| self::form(cell)).collect();
    let is_longer = |other: &String| other.strip_prefix(&form).is_some_and(|rest| rest.starts_with('9'));
    let is_short = form == "9999-99-9" || form.ends_with(":9");
    // An hour alone, below times that have minutes.
    let is_hour = ["9", "99"].contains(&form.as_str()) && forms.iter().any(|other| other.contains(':'));
    let is_cut = form.ends_with('9') && (is_short || is_hour || forms.iter().any(is_longer));
    (is_cut && !forms.contains(&form)).then_some(last.line)
}

/// A cell with every digit alike.
fn form(cell: &str) -> String {
    cell.trim().chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
}

/// The lines of a broken row, each as a row of its own without regard to quotation marks: the reminders that it may be about are not taken for dropped.
pub fn lines_of(row: &Row, delimiter: char) -> Vec<Row> {
    let lines = row.broken.as_deref().unwrap_or_default().lines();
    let cells = |line: &str, without: &[char]| line.split(delimiter).map(|cell| cell.trim().replace(without, "")).collect();
    let all = lines.flat_map(|line| [cells(line, &['"'][..]), cells(line, &[])]);
    all.map(|cells| Row { line: row.line, cells, broken: None }).collect()
}
