//! The beginning of a table, for its columns to be named.

use belfry_app::controller::Answer;
use serde::Serialize;
use specta::Type;

/// The beginning of a table.
#[derive(Debug, Clone, Serialize, Type)]
pub struct TableView {
    /// Names of its columns.
    pub header: Vec<String>,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
    /// What a reminder can be told of.
    pub fields: Vec<String>,
    /// Field and the column that is taken for it.
    pub columns: Vec<(String, String)>,
}

/// The table of an answer.
pub fn table(answer: Answer) -> Option<TableView> {
    let Answer::Table(Some(head)) = answer else { return None };
    Some(TableView {
        header: head.header,
        rows: head.rows,
        fields: head.fields.into_iter().map(str::to_owned).collect(),
        columns: head.columns.into_iter().map(|(field, column)| (field.to_owned(), column)).collect(),
    })
}
