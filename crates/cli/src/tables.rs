//! Tables that people read. Columns fit what is in them; the last may be long.

mod here;

use belfry_app::backups::{BackupDocument, CopyState, RestoredDocument};
use belfry_app::counted;
use belfry_app::doctor::{Check, Health};
use belfry_app::documents::{
    AccountDocument, CalendarDocument, ListDocument, LogEntryDocument, ReminderDocument, RunDocument, StatusDocument,
};
use belfry_app::duplicates::DuplicateDocument;
use belfry_app::imports::ImportReport;
use belfry_app::pausing::Pause;
use belfry_app::registration::RegistrationDocument;
use belfry_app::syncing::SyncDocument;
use belfry_app::undo::{UndoDocument, UndoneDocument};
use belfry_core::{Exit, ProblemCode, Zone, word};
use chrono::{DateTime, Utc};

use here::Here;

/// Rows in columns.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.chars().count()))));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub fn accounts(accounts: &[AccountDocument]) -> String {
    if accounts.is_empty() {
        return "No account is connected. `belfry account add` connects one.".into();
    }
    table(
        &accounts
            .iter()
            .map(|account| vec![account.login.clone(), word(&account.kind), word(&account.state), account.id.clone()])
            .collect::<Vec<_>>(),
    )
}

pub fn registration(registration: &RegistrationDocument) -> String {
    let own = match &registration.client_id {
        Some(id) => format!("This copy signs in with the client id {id}."),
        None => "This copy has no client id yet.".into(),
    };
    format!("{own}\n\n{}", registration.steps)
}

pub fn account(account: &AccountDocument) -> String {
    format!("{} ({}, {})", account.login, word(&account.kind), word(&account.state).replace('_', " "))
}

pub fn calendars(calendars: &[CalendarDocument]) -> String {
    let note = |calendar: &CalendarDocument| match (calendar.default, calendar.writable) {
        (true, _) => "default",
        (false, true) => "",
        (false, false) => "read only",
    };
    table(&calendars.iter().map(|calendar| vec![calendar.name.clone(), note(calendar).to_owned()]).collect::<Vec<_>>())
}

pub fn calendar(calendar: &CalendarDocument) -> String {
    calendar.name.clone()
}

pub fn lists(lists: &[ListDocument], home: Zone) -> String {
    table(&lists.iter().map(|list| row_of_list(list, home)).collect::<Vec<_>>())
}

pub fn list(list: &ListDocument, home: Zone) -> String {
    table(&[row_of_list(list, home)])
}

/// A moment by the clock at home, to the minute.
fn moment(at: DateTime<Utc>, home: Zone) -> String {
    home.wall(at).format("%Y-%m-%d %H:%M").to_string()
}

fn row_of_list(list: &ListDocument, home: Zone) -> Vec<String> {
    let place = list.calendar.as_ref().map_or_else(|| "this computer only".to_owned(), |calendar| format!("Outlook calendar {calendar}"));
    let count = counted(list.count, "reminder");
    let follows = list.source.as_ref().map(|source| format!("follows {}", source.shown())).unwrap_or_default();
    let read = list.last_read_at.map(|at| format!("read {}", moment(at, home))).unwrap_or_default();
    vec![list.name.clone(), count, place, follows, read]
}

/// In the order of their moments. The clock of another zone stands behind the title, where it makes no column wider.
pub fn reminders(reminders: &[ReminderDocument], home: Zone) -> String {
    if reminders.is_empty() {
        return "No reminders. `belfry add TITLE --at WHEN` adds one.".into();
    }
    let mut all: Vec<_> = reminders.iter().map(|reminder| (Here::of(reminder, home), reminder)).collect();
    all.sort_by(|((one, _), _), ((other, _), _)| one.cmp(other));
    let rows: Vec<Vec<String>> = all
        .into_iter()
        .map(|((_, here), reminder)| {
            let done = if reminder.done { "\u{2713} " } else { "" };
            let repeat = if reminder.recurrence.is_some() { " \u{21bb}" } else { "" };
            let there = here.there.map(|there| format!(" ({there})")).unwrap_or_default();
            vec![
                short(&reminder.id).to_owned(),
                here.at,
                reminder.state.to_owned(),
                reminder.list.clone(),
                format!("{done}{}{repeat}{there}", reminder.title),
            ]
        })
        .collect();
    table(&rows)
}

pub fn reminder(reminder: &ReminderDocument) -> String {
    let mut rows = vec![
        vec!["id".to_owned(), reminder.id.clone()],
        vec!["title".to_owned(), reminder.title.clone()],
        vec!["start".to_owned(), format!("{} {}", reminder.start, reminder.zone.unwrap_or("all day"))],
        vec!["end".to_owned(), reminder.end.clone()],
        vec!["list".to_owned(), reminder.list.clone()],
        vec!["state".to_owned(), reminder.state.to_owned()],
        vec!["alarms".to_owned(), alarms(&reminder.alarms)],
    ];
    for (name, is) in [("done", reminder.done), ("private", reminder.private)] {
        if is {
            rows.push(vec![name.to_owned(), "yes".to_owned()]);
        }
    }
    rows.push(vec!["show as".to_owned(), reminder.show_as.replace('_', " ")]);
    let optional = [("repeats", &reminder.recurrence), ("category", &reminder.category), ("link", &reminder.link)];
    rows.extend(optional.into_iter().filter_map(|(name, value)| Some(vec![name.to_owned(), value.clone()?])));
    if reminder.occurrences_changed > 0 {
        rows.push(vec!["dates".to_owned(), format!("{} changed or left out", reminder.occurrences_changed)]);
    }
    if !reminder.notes.is_empty() {
        rows.push(vec!["notes".to_owned(), reminder.notes.replace('\n', "\n        ")]);
    }
    table(&rows)
}

fn alarms(alarms: &[i32]) -> String {
    let word = |lead: &i32| {
        let side = if *lead < 0 { "after" } else { "before" };
        match lead.unsigned_abs() {
            0 => "at the start".to_owned(),
            minutes if minutes % 10_080 == 0 => format!("{} w {side}", minutes / 10_080),
            minutes if minutes % 1_440 == 0 => format!("{} d {side}", minutes / 1_440),
            minutes if minutes % 60 == 0 => format!("{} h {side}", minutes / 60),
            minutes => format!("{minutes} min {side}"),
        }
    };
    if alarms.is_empty() { "none".into() } else { alarms.iter().map(word).collect::<Vec<_>>().join(", ") }
}

/// What was done to one reminder: each line with its run, which `belfry undo` takes.
pub fn history(entries: &[LogEntryDocument], home: Zone) -> String {
    let time = |entry: &LogEntryDocument| moment(entry.at, home);
    let row = |entry: &LogEntryDocument| {
        vec![time(entry), format!("run {}", entry.run), entry.op.name().to_owned(), entry.title.clone(), why(entry)]
    };
    table(&entries.iter().map(row).collect::<Vec<_>>())
}

pub fn import(report: &ImportReport) -> String {
    let mut lines = vec![format!("{}: {} added, {} changed, {} unchanged", report.list, report.added, report.changed, report.unchanged)];
    lines.extend(report.set_aside.iter().map(|item| format!("  line {}: left out, {}", item.line, item.reason)));
    lines.join("\n")
}

pub fn sync(document: &SyncDocument) -> String {
    match document {
        SyncDocument::Done { accounts, problems, outcome, .. } => {
            // What could not be asked is no "nothing to do"; the problem says what is.
            let went = matches!(outcome, belfry_sync::Outcome::Ok | belfry_sync::Outcome::Held);
            let all = accounts.iter().flat_map(|account| &account.calendars);
            let calendars: Vec<String> = all.filter(|calendar| went || !calendar.is_quiet()).map(calendar_line).collect();
            if calendars.is_empty() && !problems.is_empty() {
                String::new()
            } else if calendars.is_empty() {
                NOTHING_KEPT.into()
            } else {
                calendars.join("\n")
            }
        }
        SyncDocument::Planned { accounts, problems, .. } => {
            let operations = accounts
                .iter()
                .flat_map(|account| &account.calendars)
                .flat_map(|calendar| calendar.operations.iter().map(move |operation| (calendar, operation)));
            let rows: Vec<Vec<String>> = operations
                .map(|(calendar, operation)| {
                    let held = if operation.held { " (waits for --confirm)" } else { "" };
                    vec![
                        operation.op.name().to_owned(),
                        calendar.name.clone(),
                        operation.title.clone(),
                        format!("{}{held}", operation.reason),
                    ]
                })
                .collect();
            match (rows.is_empty(), accounts.is_empty()) {
                (false, _) => table(&rows),
                (true, false) if problems.iter().any(|problem| problem.code.exit() != Exit::Done) => String::new(),
                (true, false) if problems.iter().any(|problem| problem.code == ProblemCode::EventRefused) => {
                    "Nothing to do: what Outlook did not take is not tried again as it is.".into()
                }
                (true, false) if problems.iter().any(|problem| problem.code == ProblemCode::EventWaits) => "Nothing else to do.".into(),
                (true, false) => "Nothing to do: Outlook and this computer agree.".into(),
                (true, true) => NOTHING_KEPT.into(),
            }
        }
    }
}

const NOTHING_KEPT: &str = "Nothing is kept in Outlook yet. `belfry list target NAME --account A` keeps a list there.";

fn calendar_line(calendar: &belfry_sync::CalendarReport) -> String {
    let counts = [
        ("created", calendar.created),
        ("updated", calendar.updated),
        ("deleted", calendar.deleted),
        ("pulled", calendar.pulled),
        ("dismissed", calendar.dismissed),
        ("adopted", calendar.adopted),
        ("conflicts", calendar.conflicts),
        ("held", calendar.held),
    ];
    let word = |word: &'static str, count| if (word, count) == ("conflicts", 1) { "conflict" } else { word };
    let said: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(of, count)| format!("{count} {}", word(of, *count))).collect();
    let said = if said.is_empty() { "nothing to do".to_owned() } else { said.join(", ") };
    format!("{}: {said} ({}, {} ms)", calendar.name, counted(calendar.requests, "request"), calendar.elapsed_ms)
}

pub fn status(status: &StatusDocument, home: Zone) -> String {
    let mut lines = vec![lists(&status.lists, home)];
    lines.push(if status.accounts.is_empty() { "No account is connected.".into() } else { accounts(&status.accounts) });
    lines.push(match &status.last_run {
        Some(run) => {
            let why = run.why.as_ref().map(|why| format!("\n  {why}")).unwrap_or_default();
            format!("Last sync {}: {}{why}", moment(run.at, home), ended(&run.outcome))
        }
        None => "Not synced yet.".into(),
    });
    if let Some(cut_off) = status.cut_off {
        lines.push(format!("The sync of {} was cut off; the next one goes on from there.", moment(cut_off.at, home)));
    }
    if status.waiting > 0 {
        lines.push(match status.waiting {
            1 => "1 reminder waits for the next sync.".into(),
            waiting => format!("{waiting} reminders wait for the next sync."),
        });
    }
    if status.conflicts > 0 {
        lines.push(match status.conflicts {
            1 => "1 conflict was settled by rule; `belfry log` shows what lost.".into(),
            conflicts => format!("{conflicts} conflicts were settled by rule; `belfry log` shows what lost."),
        });
    }
    lines.extend(status.pause.map(|pause| match pause {
        Pause::ForGood => "Paused; `belfry resume` goes on.".to_owned(),
        Pause::Until(at) => format!("Paused until {}; `belfry resume` goes on.", moment(at, home)),
    }));
    let of_lists = status.lists.iter().flat_map(|list| &list.problems).filter(|problem| Some(*problem) != status.attention.as_ref());
    lines.extend(of_lists.map(|problem| format!("{}\n  {}", problem.detail, problem.action)));
    if let Some(problem) = &status.attention {
        lines.push(format!("{}: {}\n  {}", problem.title, problem.detail, problem.action));
    }
    lines.join("\n")
}

/// How a run ended, for a person: "offline" also stands for a server that asked to slow down.
fn ended(outcome: &str) -> &str {
    match outcome {
        "attention" => "needs you",
        "held" => "something waits for you",
        "offline" => "not everything was reached",
        other => other,
    }
}

pub fn runs(runs: &[RunDocument], home: Zone) -> String {
    let mut lines = Vec::new();
    for run in runs {
        let kind = match run.kind.as_str() {
            "undo" => "  undo",
            "hand" => "  by hand",
            _ => "",
        };
        let outcome = ended(run.outcome.as_deref().unwrap_or("cut off"));
        lines.push(format!("run {}  {}  {outcome}{kind}", run.run, home.wall(run.at).format("%Y-%m-%d %H:%M:%S")));
        lines.extend(
            run.entries.iter().map(|entry| format!("  {:8}  {}  {}", entry.op.name(), entry.title, why(entry)).trim_end().to_owned()),
        );
    }
    if lines.is_empty() { "Nothing was done yet.".into() } else { lines.join("\n") }
}

/// Why something was done, and what it changed.
fn why(entry: &LogEntryDocument) -> String {
    let changes = entry.changes.iter().map(|(field, old, new)| format!("{field} {} -> {}", or_none(old), or_none(new)));
    let changes = changes.collect::<Vec<_>>().join("; ");
    if changes.is_empty() { format!("({})", entry.reason) } else { format!("({}: {changes})", entry.reason) }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

pub fn checks(checks: &[Check]) -> String {
    let rows = checks.iter().flat_map(|check| {
        let mark = match check.health {
            Health::Fine => "fine",
            Health::Trouble => "TROUBLE",
            Health::Unknown => "-",
        };
        let advice = check.action.iter().map(|action| vec![String::new(), String::new(), action.clone()]);
        std::iter::once(vec![check.part.to_owned(), mark.to_owned(), check.said.clone()]).chain(advice).collect::<Vec<_>>()
    });
    table(&rows.collect::<Vec<_>>())
}

pub fn duplicates(all: &[DuplicateDocument]) -> String {
    let row = |one: &DuplicateDocument| {
        let list = one.list.clone().unwrap_or_else(|| "(unknown list)".into());
        let differs =
            if one.differs.is_empty() { String::new() } else { format!("other {} than `{}`", one.differs.join(", "), one.kept_title) };
        let what = if one.removed { "removed" } else { "copy" };
        let start = format!("{} {}", one.start, one.zone.unwrap_or("all day"));
        vec![what.to_owned(), list, start, one.title.clone(), format!("in {}", one.calendar), differs]
    };
    let mut parts = vec![table(&all.iter().map(row).collect::<Vec<_>>())];
    if all.is_empty() {
        return "Nothing is there twice.".into();
    }
    if all.iter().any(|one| !one.removed && one.differs.is_empty()) {
        parts.push("`belfry duplicates --remove` removes those that say the same.".into());
    }
    if all.iter().any(|one| !one.differs.is_empty()) {
        parts.push("Those that say something else were written by somebody; delete in Outlook what you do not want.".into());
    }
    parts.join("\n\n")
}

/// Copies of the database.
pub fn backups(all: &[BackupDocument]) -> String {
    if all.is_empty() {
        return "There is no copy yet; the next sync makes the first.".into();
    }
    let at = |one: &BackupDocument| one.at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let state = |one: &BackupDocument| match one.state {
        CopyState::Whole => String::new(),
        CopyState::Newer => "a newer Belfry made it".to_owned(),
        CopyState::Unreadable => "cannot be read".to_owned(),
    };
    let row = |one: &BackupDocument| vec![at(one), format!("{} KiB", one.bytes.div_ceil(1_024)), one.file.clone(), state(one)];
    table(&all.iter().map(row).collect::<Vec<_>>())
}

pub fn restored(done: &RestoredDocument) -> String {
    format!(
        "Everything is as in {}.\nHow it was before is in {}.\n\n`belfry sync` brings back what is in Outlook.",
        done.restored, done.saved
    )
}

/// What became of one change.
fn what_became(one: &UndoneDocument) -> String {
    let mut said = one.did.replace('_', " ");
    let without_words = one.fields.iter().filter(|field| one.changes.iter().all(|change| change.field != **field));
    let changes = one.changes.iter().map(|one| format!("{} {} -> {}", one.field, or_none(&one.before), or_none(&one.after)));
    let fields: Vec<String> = changes.chain(without_words.map(|field| (*field).to_owned())).collect();
    if !fields.is_empty() {
        said = format!("{said}: {}", fields.join("; "));
    }
    if !one.stay.is_empty() {
        said = format!("{said}; stays, as it was changed since: {}", one.stay.join(", "));
    }
    if let Some(why) = &one.why {
        said = format!("{said}: {why}");
    }
    said
}

/// Many dates of one reminder that all went the same way are one line.
fn undone_rows(all: &[UndoneDocument]) -> Vec<Vec<String>> {
    let mut rows: Vec<(&UndoneDocument, String, usize)> = Vec::new();
    for one in all {
        let said = what_became(one);
        let is_same =
            |(first, words, _): &&mut (&UndoneDocument, String, usize)| first.id == one.id && first.op == one.op && *words == said;
        match rows.iter_mut().find(is_same) {
            Some((_, _, more)) => *more += 1,
            None => rows.push((one, said, 0)),
        }
    }
    let title = |one: &UndoneDocument, more| match more {
        0 => one.title.clone(),
        more => format!("{} and {more} more", one.title),
    };
    rows.into_iter().map(|(one, said, more)| vec![one.op.name().to_owned(), title(one, more), said]).collect()
}

pub fn undone(document: &UndoDocument) -> String {
    let rows = undone_rows(&document.undone);
    if rows.is_empty() {
        return "There is nothing to take back.".into();
    }
    match document.run {
        Some(run) => format!("{}\n\nrun {run}; what of it is kept in Outlook is written there by the next sync.", table(&rows)),
        None if document.undone.iter().all(|one| one.did == "left") => format!("{}\n\nThere was nothing to take back.", table(&rows)),
        None => format!("{}\n\nNothing was changed yet.", table(&rows)),
    }
}

fn short(id: &str) -> &str {
    // The first part of a v7 id is its time; its last part tells reminders apart.
    id.get(..13).unwrap_or(id)
}

#[cfg(test)]
mod tests;
