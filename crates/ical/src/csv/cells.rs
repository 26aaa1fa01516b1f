//! Text to rows of cells (RFC 4180 section 2), each with its line.

use crate::{FileProblem, Open};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins, from 1.
    pub line: usize,
    pub cells: Vec<String>,
    /// The row as it stands, where a text goes on behind its closing quotation mark: what belongs to which cell, and to which row, is not sure then.
    pub broken: Option<String>,
}

/// A table with its first row apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub header: Vec<String>,
    /// Line of the header.
    pub header_line: usize,
    /// Rows that are not empty.
    pub rows: Vec<Row>,
    pub delimiter: char,
    /// Whether nothing says that the last cell is whole: neither a line end nor a quotation mark.
    pub is_open: bool,
}

impl Table {
    /// Reads a table whose lines end in `\n`.
    pub fn parse(text: &str) -> Result<Self, FileProblem> {
        let is_foreign = text.contains('\0') || text.starts_with("PK\u{3}\u{4}") || text.trim_start().starts_with('<');
        if text.trim().is_empty() {
            return Err(FileProblem::Truncated { line: 1, open: Open::File });
        }
        if is_foreign {
            return Err(FileProblem::NotTable);
        }
        let (text, delimiter) = with_delimiter(text);
        let rows = rows(text, delimiter)?;
        let mut rows = rows.into_iter().filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
        let header = rows.next().ok_or(FileProblem::NotTable)?;
        let table =
            Self { header: header.cells, header_line: header.line, rows: rows.collect(), delimiter, is_open: !text.ends_with(['\n', '"']) };
        match table.rows.split_last() {
            // A last row that has neither its last cells nor its line end, in a table whose other rows have both.
            Some((last, others)) if !text.ends_with('\n') && table.is_short(last) && !others.iter().any(|row| table.is_short(row)) => {
                Err(FileProblem::Truncated { line: last.line, open: Open::Part })
            }
            _ => Ok(table),
        }
    }

    fn is_short(&self, row: &Row) -> bool {
        row.cells.len() < self.header.len()
    }
}

/// A first line of `sep=;` tells Excel what parts the cells, and is no row; it stays as an empty line, so that lines keep their numbers.
fn with_delimiter(text: &str) -> (&str, char) {
    let first = text.split('\n').next().unwrap_or_default();
    let mut said = first.trim_end_matches('\r').strip_prefix("sep=").unwrap_or_default().chars();
    match (said.next(), said.next()) {
        (Some(said), None) => (text.get(first.len()..).unwrap_or_default(), said),
        _ => (text, delimiter(text)),
    }
}

/// The one of `,` `;` and tab that the first line has most of, outside quotes.
fn delimiter(text: &str) -> char {
    let count = |wanted: char| {
        let mut quoted = false;
        let outside = text.trim_start().chars().filter(|c| {
            quoted ^= *c == '"';
            !quoted
        });
        outside.take_while(|c| *c != '\n').filter(|c| *c == wanted).count()
    };
    [',', ';', '\t'].into_iter().rev().max_by_key(|wanted| count(*wanted)).unwrap_or(',')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// At the beginning of a cell.
    Start,
    Plain,
    Quoted,
    /// After a quote that closed the cell, or is the first of two.
    Closed,
}

fn rows(text: &str, delimiter: char) -> Result<Vec<Row>, FileProblem> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut state) = (Row { line: 1, cells: vec![], broken: None }, String::new(), Within::Start);
    let (mut line, mut opened) = (1, 1);
    let (mut begins, mut is_broken) = (0, false);
    for (at, c) in text.char_indices() {
        line += usize::from(c == '\n');
        match (state, c) {
            (Within::Quoted, '"') => state = Within::Closed,
            (Within::Quoted, c) => cell.push(c),
            (Within::Start, '"') => (state, opened) = (Within::Quoted, line),
            (Within::Closed, '"') => {
                cell.push('"');
                state = Within::Quoted;
            }
            (_, '\n') => {
                row.cells.push(std::mem::take(&mut cell));
                row.broken = text.get(begins..at).filter(|_| is_broken).map(str::to_owned);
                (begins, is_broken) = (at + 1, false);
                rows.push(std::mem::replace(&mut row, Row { line, cells: vec![], broken: None }));
                state = Within::Start;
            }
            (_, c) if c == delimiter => {
                row.cells.push(std::mem::take(&mut cell));
                state = Within::Start;
            }
            // Blanks before a quote do not make it a letter, and behind one they are nothing.
            (Within::Start | Within::Closed, ' ') => {}
            (_, c) => {
                is_broken |= state == Within::Closed && !c.is_whitespace();
                cell.push(c);
                state = Within::Plain;
            }
        }
    }
    if state == Within::Quoted {
        return Err(FileProblem::Truncated { line: opened, open: Open::Quote });
    }
    if !(row.cells.is_empty() && cell.is_empty()) {
        row.cells.push(cell);
        row.broken = text.get(begins..).filter(|_| is_broken).map(str::to_owned);
        rows.push(row);
    }
    Ok(rows)
}

/// A row of text with CRLF. What a spreadsheet would take for a formula gets an apostrophe, which [`bare`] takes off.
pub fn push_row<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            out.push(',');
        }
        let cell = if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell.to_owned() };
        if cell.contains([',', ';', '\t', '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// A cell without the apostrophe that keeps spreadsheets from reading it as a formula.
pub fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest.trim_start_matches('\''))).unwrap_or(cell)
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@'])
}
