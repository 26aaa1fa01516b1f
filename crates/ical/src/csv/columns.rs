//! Which column of a table is what.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cells::{Row, Table, bare};
use super::dates;
use crate::FileProblem;

/// What a column can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Title; a table needs it.
    Title,
    /// Date of the start, perhaps with the time; a table needs it.
    Date,
    /// Time of the start.
    Time,
    /// Date of the end, perhaps with the time. Without one it is the last day.
    End,
    /// Time of the end.
    EndTime,
    /// Whether it takes the whole day.
    AllDay,
    /// Length: minutes, or days of an all-day reminder, or with a unit (`90m`, `2h`, `3 days`).
    Duration,
    /// IANA or Windows name of the time zone.
    Zone,
    /// RRULE without its prefix.
    Repeat,
    /// Lead times, minutes or with a unit; `none`.
    Alarm,
    /// Whether it reminds at all, as Outlook exports it.
    ReminderOn,
    /// Date of the alarm.
    ReminderDate,
    /// Time of the alarm.
    ReminderTime,
    /// Category.
    Category,
    /// Show-as.
    ShowAs,
    /// Whether it is private.
    Private,
    /// Web address.
    Link,
    /// Whether it is done.
    Done,
    /// Notes.
    Notes,
    /// Place; it goes into the notes, as that of a calendar file does.
    Place,
    /// What names the row for good.
    Id,
}

/// The name of each column in `--map`, then what people and programs (Outlook, Google) call it, in lower case without blanks.
const WORDS: [(Column, &[&str]); 21] = [
    (
        Column::Title,
        &[
            "title",
            "subject",
            "name",
            "summary",
            "betreff",
            "titel",
            "bezeichnung",
            "contract",
            "vertrag",
            "event",
            "task",
            "aufgabe",
            "item",
            "what",
            "titre",
            "objet",
            "nom",
            "asunto",
            "titulo",
        ],
    ),
    (
        Column::Date,
        &[
            "date",
            "startdate",
            "start",
            "begin",
            "due",
            "duedate",
            "dueon",
            "deadline",
            "expires",
            "expireson",
            "expiry",
            "expirydate",
            "expiration",
            "expirationdate",
            "validuntil",
            "renewal",
            "renewaldate",
            "renewson",
            "when",
            "datum",
            "beginntam",
            "beginn",
            "ablauf",
            "ablaufdatum",
            "l\u{e4}uftabam",
            "f\u{e4}llig",
            "f\u{e4}lligam",
            "f\u{e4}lligkeit",
            "g\u{fc}ltigbis",
            "termin",
            "frist",
            "enddate",
            "endson",
            "end",
            "fecha",
            "\u{e9}ch\u{e9}ance",
            "von",
            "geburtstag",
            "birthday",
            "geburtsdatum",
        ],
    ),
    (Column::Time, &["time", "starttime", "beginntum", "uhrzeit", "zeit", "heure", "hora", "startzeit", "anfangszeit", "beginnzeit"]),
    (Column::End, &["end", "enddate", "endson", "ende", "endetam", "until", "bis", "fin"]),
    (Column::EndTime, &["end_time", "endtime", "endetum", "endzeit"]),
    (Column::AllDay, &["all_day", "alldayevent", "allday", "ganzt\u{e4}gigesereignis", "ganztaegigesereignis", "ganzt\u{e4}gig"]),
    (Column::Duration, &["duration", "length", "minutes", "dauer"]),
    (Column::Zone, &["zone", "timezone", "zeitzone"]),
    (Column::Repeat, &["repeat", "recurrence", "rrule", "wiederholung"]),
    (Column::Alarm, &["alarm", "alarms", "reminder", "remind", "remindbefore", "leadtime", "erinnerung", "vorlauf"]),
    (Column::ReminderOn, &["reminder_on", "reminderonoff", "erinnerungeinaus"]),
    (Column::ReminderDate, &["reminder_date", "erinnerungam"]),
    (Column::ReminderTime, &["reminder_time", "erinnerungum"]),
    (Column::Category, &["category", "categories", "kategorie", "kategorien", "tag", "tags", "type", "typ"]),
    (Column::ShowAs, &["show_as", "showas", "showtimeas", "anzeigenals", "zeitspannezeigenals"]),
    (Column::Private, &["private", "privat"]),
    (Column::Link, &["link", "url", "web", "website", "webaddress"]),
    (Column::Done, &["done", "completed", "complete", "erledigt"]),
    (
        Column::Notes,
        &[
            "notes",
            "note",
            "description",
            "details",
            "comment",
            "comments",
            "body",
            "beschreibung",
            "notiz",
            "notizen",
            "bemerkung",
            "kommentar",
        ],
    ),
    (Column::Place, &["place", "location", "ort", "where", "venue", "lieu", "lugar"]),
    (
        Column::Id,
        &["id", "uid", "key", "number", "no", "nr", "nummer", "contractnumber", "contractno", "vertragsnummer", "reference", "ref"],
    ),
];

/// What people call a column of times and also one of dates: which it is, its cells say.
const CLOCK_WORDS: [(Column, &[&str]); 2] = [
    (Column::Time, &["start", "begin", "beginn", "beginntam", "anfang", "von", "from", "d\u{e9}but", "inicio"]),
    (Column::EndTime, &["end", "ende", "endetam", "bis", "until", "to", "fin"]),
];

/// Days that come back every year, as their columns are called.
const YEARLY_WORDS: [&str; 3] = ["geburtstag", "birthday", "geburtsdatum"];

impl Column {
    /// All of them, in the order in which guesses are made.
    pub const ALL: [Self; 21] = [
        Self::Title,
        Self::Date,
        Self::Time,
        Self::End,
        Self::EndTime,
        Self::AllDay,
        Self::Duration,
        Self::Zone,
        Self::Repeat,
        Self::Alarm,
        Self::ReminderOn,
        Self::ReminderDate,
        Self::ReminderTime,
        Self::Category,
        Self::ShowAs,
        Self::Private,
        Self::Link,
        Self::Done,
        Self::Notes,
        Self::Place,
        Self::Id,
    ];

    /// The word for it in `--map`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.words().first().copied().unwrap_or_default()
    }

    fn words(self) -> &'static [&'static str] {
        WORDS.iter().find(|(column, _)| *column == self).map_or(&[], |(_, words)| words)
    }

    fn clock_words(self) -> &'static [&'static str] {
        CLOCK_WORDS.iter().find(|(column, _)| *column == self).map_or(&[], |(_, words)| words)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == word)
    }
}

/// Order of the numbers in dates like `03/04/2027`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 3 April.
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// Which column is what, by the names in the header (any case) or `#3` for the third.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnMap {
    /// Empty text: no column at all, whatever could be guessed.
    pub columns: BTreeMap<Column, String>,
    /// When the person says it; else the table decides.
    pub order: Option<DateOrder>,
}

/// Why a map cannot be used. Each reads as one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMap {
    /// Not `field=column`.
    #[error("`{0}` is not of the form field=column")]
    Part(String),
    /// No such field.
    #[error("`{0}` is no field; there are {names}", names = field_names())]
    Field(String),
    /// A field twice.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// A format that is none.
    #[error("`{0}` is not a date format; write DD/MM/YYYY or MM/DD/YYYY")]
    Format(String),
}

fn field_names() -> String {
    let mut names: Vec<&str> = Column::ALL.into_iter().map(Column::name).collect();
    names.push("format");
    names.join(", ")
}

impl ColumnMap {
    /// Reads `title=Name,date=Expires on,format=DD/MM/YYYY`. A comma within a name is one, as long as no field follows it.
    ///
    /// # Errors
    /// The first part that cannot be read.
    pub fn parse(text: &str) -> Result<Self, BadMap> {
        let mut parts: Vec<String> = Vec::new();
        for piece in text.split(',') {
            match parts.last_mut() {
                Some(last) if !piece.contains('=') => {
                    last.push(',');
                    last.push_str(piece);
                }
                _ => parts.push(piece.to_owned()),
            }
        }
        let mut map = Self::default();
        for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
            let (field, value) = part.split_once('=').ok_or_else(|| BadMap::Part(part.to_owned()))?;
            map.set(&field.trim().to_ascii_lowercase().replace([' ', '-'], "_"), value.trim())?;
        }
        Ok(map)
    }

    fn set(&mut self, field: &str, value: &str) -> Result<(), BadMap> {
        if field == "format" {
            let order = dates::order_named(value).ok_or_else(|| BadMap::Format(value.to_owned()))?;
            return if self.order.replace(order).is_some() { Err(BadMap::Twice(field.to_owned())) } else { Ok(()) };
        }
        let column = Column::parse(field).ok_or_else(|| BadMap::Field(field.to_owned()))?;
        if self.columns.insert(column, value.to_owned()).is_some() { Err(BadMap::Twice(field.to_owned())) } else { Ok(()) }
    }
}

/// What the columns of a table are, as far as their names tell.
#[must_use]
pub fn guess_columns(header: &[String]) -> ColumnMap {
    let mut taken = BTreeSet::new();
    let columns = guessed(header, &mut taken, &ColumnMap::default(), &BTreeSet::new());
    let name = |at: usize| header.get(at).map(|name| name.trim().to_owned());
    ColumnMap { columns: columns.into_iter().filter_map(|(column, at)| Some((column, name(at)?))).collect(), order: None }
}

/// `clocks` are columns that hold nothing but times of day.
fn guessed(header: &[String], taken: &mut BTreeSet<usize>, said: &ColumnMap, clocks: &BTreeSet<usize>) -> BTreeMap<Column, usize> {
    let names: Vec<String> = header.iter().map(|name| squeezed(name)).collect();
    let mut found = BTreeMap::new();
    let open = || Column::ALL.into_iter().filter(|column| !said.columns.contains_key(column));
    for column in open() {
        let place = |word: &&str| names.iter().position(|name| *name == squeezed(word));
        let is_free = |at: &usize| !(taken.contains(at) || clocks.contains(at) && is_of_days(column));
        let clock = || column.clock_words().iter().filter_map(place).find(|at| clocks.contains(at) && !taken.contains(at));
        let at = column.words().iter().filter_map(place).find(is_free).or_else(clock);
        found.extend(at.map(|at| (column, at)));
        taken.extend(at);
    }
    // The two that a table needs may be longer: "Contract name", "Expires on (local)".
    for column in open().take_while(|column| *column <= Column::Date) {
        if found.contains_key(&column) {
            continue;
        }
        let has = |name: &String| {
            let parts: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
            column.words().iter().any(|word| parts.iter().any(|part| part == word))
        };
        let at = header
            .iter()
            .enumerate()
            .find(|(at, name)| !(taken.contains(at) || clocks.contains(at) && is_of_days(column)) && has(name))
            .map(|(at, _)| at);
        found.extend(at.map(|at| (column, at)));
        taken.extend(at);
    }
    found
}

/// Whether a column of times of day cannot be it.
const fn is_of_days(column: Column) -> bool {
    matches!(column, Column::Date | Column::End)
}

/// In lower case, letters and digits only.
fn squeezed(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where each column stands in a table.
pub struct Places(BTreeMap<Column, usize>);

impl Places {
    /// As the map says, and by guess where it says nothing.
    pub fn of(map: &ColumnMap, table: &Table) -> Result<Self, FileProblem> {
        let mut places = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (column, name) in map.columns.iter().filter(|(_, name)| !name.is_empty()) {
            let at = place(name, &table.header).ok_or_else(|| FileProblem::NoSuchColumn { column: name.clone() })?;
            places.insert(*column, at);
            taken.insert(at);
        }
        let clocks = table.clocks();
        // An end that is a time, whoever said that it is one, is the time of the end.
        if let (Some(at), false) = (places.get(&Column::End).copied(), map.columns.contains_key(&Column::EndTime))
            && clocks.contains(&at)
        {
            places.remove(&Column::End);
            places.insert(Column::EndTime, at);
        }
        let said = |column: &Column| !places.contains_key(column);
        places.extend(guessed(&table.header, &mut taken, map, &clocks).into_iter().filter(|(column, _)| said(column)).collect::<Vec<_>>());
        for column in [Column::Title, Column::Date] {
            if !places.contains_key(&column) {
                return Err(FileProblem::ColumnNeeded { field: column.name() });
            }
        }
        Ok(Self(places))
    }

    /// Those that there are.
    pub fn columns(&self) -> BTreeSet<Column> {
        self.0.keys().copied().collect()
    }

    pub fn at(&self, column: Column) -> Option<usize> {
        self.0.get(&column).copied()
    }

    /// Whether the dates are those of days that come back every year, and no column says how.
    pub fn is_yearly(&self, header: &[String]) -> bool {
        let name = self.at(Column::Date).and_then(|at| header.get(at)).map(|name| squeezed(name));
        self.at(Column::Repeat).is_none() && name.is_some_and(|name| YEARLY_WORDS.contains(&name.as_str()))
    }

    /// What a row has in a column, unless that is empty.
    pub fn cell<'a>(&self, row: &'a Row, column: Column) -> Option<&'a str> {
        let cell = row.cells.get(self.at(column)?)?;
        Some(bare(cell.trim()).trim()).filter(|cell| !cell.is_empty())
    }

    /// What a row has in a column, with the blanks around it.
    pub fn whole_cell<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        bare(self.at(column).and_then(|at| row.cells.get(at)).map_or("", String::as_str))
    }

    /// All cells of some columns.
    pub fn cells<'a>(&'a self, table: &'a Table, columns: &'a [Column]) -> impl Iterator<Item = &'a str> {
        table.rows.iter().flat_map(move |row| columns.iter().filter_map(move |column| self.cell(row, *column)))
    }

    /// Columns that no reminder carries, with how many of their cells hold something.
    pub fn unread(&self, table: &Table) -> BTreeMap<String, usize> {
        let is_read = |at: usize| self.0.values().any(|place| *place == at);
        let unread = table.header.iter().enumerate().filter(|(at, _)| !is_read(*at));
        let count = |at: usize| table.rows.iter().filter(|row| row.cells.get(at).is_some_and(|cell| !cell.trim().is_empty())).count();
        unread.map(|(at, name)| (format!("column {}", name.trim()), count(at))).filter(|(_, count)| *count > 0).collect()
    }
}

fn place(name: &str, header: &[String]) -> Option<usize> {
    let numbered = name.strip_prefix('#').and_then(|number| number.parse::<usize>().ok()?.checked_sub(1)).filter(|at| *at < header.len());
    header.iter().position(|known| known.trim().to_lowercase() == name.trim().to_lowercase()).or(numbered)
}
