//! What the columns of a table are: guessed, and for a person to say.

use std::collections::BTreeMap;

use belfry_ical::{Column, FileProblem, csv_head, guess_columns};
use belfry_sources::SourceError;
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::following::app_error;
use crate::typed_path;

/// So many rows are enough to tell columns apart.
const ROWS: usize = 3;

/// The beginning of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableHead {
    /// Names of its columns.
    pub header: Vec<String>,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
    /// What a reminder can be told of, as `--map` names it.
    pub fields: Vec<&'static str>,
    /// Which column is taken for which field.
    pub columns: BTreeMap<&'static str, String>,
}

impl App {
    /// The beginning of a file that is a table; nothing for what is none.
    ///
    /// # Errors
    /// It cannot be read, or breaks off.
    pub fn table_head(&self, path: &str) -> Result<Option<TableHead>, AppError> {
        let path = &typed_path::path(path);
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = match belfry_sources::bytes(path) {
            Err(SourceError::Malformed { .. }) => return Ok(None),
            read => read.map_err(app_error)?,
        };
        // What is named as a calendar has no columns to be named, whatever became of it.
        if belfry_sources::is_named_calendar(path) || !belfry_sources::is_table(&bytes) {
            return Ok(None);
        }
        let (header, rows) = match csv_head(&bytes, ROWS) {
            Err(FileProblem::NotTable) => return Ok(None),
            head => head.map_err(|problem| AppError::bad(format!("{} cannot be read: {problem}.", path.display()), "Save it again."))?,
        };
        let columns = guess_columns(&header).columns.into_iter().map(|(column, name)| (column.name(), name)).collect();
        let fields = Column::ALL.into_iter().map(Column::name).collect();
        Ok(Some(TableHead { header, rows, fields, columns }))
    }
}
