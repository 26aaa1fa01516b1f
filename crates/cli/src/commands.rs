//! Each command: ask the app, print the document.

mod account;
mod list;
mod watch;

use belfry_app::doctor::{Check, Health, Titles};
use belfry_app::documents::{CalendarDocument, LogEntryDocument, ReminderDocument};
use belfry_app::imports::ExportFormat;
use belfry_app::occurrences::{DateChange, dates_gone};
use belfry_app::pausing::Pause;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_app::{App, AppError, Chip, Home, Ports, Unread, counted};
use belfry_core::{Exit, ProblemCode, Reminder};
use serde::Serialize;

use crate::args::{AddArgs, BackupCommand, CalendarCommand, Command, FieldArgs, SyncArgs};
use crate::output::Output;
use crate::{tables, values};

/// Carries out a command.
pub async fn run(app: App, command: Command, output: &Output) -> Result<Exit, AppError> {
    if matches!(command, Command::Watch) {
        watch::run(app, output.json).await;
        return Ok(Exit::Done);
    }
    once(&app, command, output).await
}

async fn once(app: &App, command: Command, output: &Output) -> Result<Exit, AppError> {
    match command {
        Command::Account(command) => return account::run(app, command, output).await,
        Command::Calendar(command) => calendar(app, command, output).await?,
        Command::List(command) => list::run(app, command, output).await?,
        Command::Add(args) => add(app, args, output)?,
        Command::Ls { list } => output.document(&app.reminder_documents(list.as_deref())?, |all| tables::reminders(all, app.zone())),
        Command::Show { id } => show(app, &id, output)?,
        Command::Edit(args) => {
            let wish = ReminderWish { title: args.title, ..wish(args.fields)? };
            match &args.on {
                Some(day) => drop(app.change_date(&args.id, day, &DateChange::Edit(Box::new(wish)))?),
                None => edit_whole(app, &args.id, &wish, output)?,
            }
            print(app, &args.id, output)?;
        }
        Command::Done { id, undo, on, series } => {
            let next = if on.is_none() && !series { app.date_to_mark(&id, !undo)? } else { None };
            if let Some(day) = &next {
                output.note(&format!("This is about its date on {day}; --series is about all of it."));
            }
            let on = on.or(next);
            match on {
                Some(day) => drop(app.change_date(&id, &day, &DateChange::Done(!undo))?),
                None => drop(app.set_done(&id, !undo)?),
            }
            print(app, &id, output)?;
        }
        Command::Rm { id, on: Some(day) } => {
            app.change_date(&id, &day, &DateChange::Cancel)?;
            print(app, &id, output)?;
        }
        Command::Rm { id, on: None } => {
            let removed = app.remove_reminder(&id)?;
            output.document(&Removed { removed: removed.id.to_string() }, |_| format!("Removed: {}", removed.title));
        }
        Command::Restore { id, on } => {
            match on {
                Some(day) => drop(app.change_date(&id, &day, &DateChange::Restore)?),
                None => drop(app.restore_reminder(&id)?),
            }
            print(app, &id, output)?;
        }
        Command::Import { file, list, map } => import(app, &file, list.as_deref(), map.as_deref(), output)?,
        Command::Export { file, list } => export(app, &file, list.as_deref(), output)?,
        Command::Sync(args) => return sync(app, args, output).await,
        Command::Status => output.document(&app.status()?, |status| tables::status(status, app.zone())),
        Command::Log { run } => {
            let runs = app.run_documents(run, 50)?;
            output.document(&runs, |runs| tables::runs(runs, app.zone()));
            app.looked_at(&runs)?;
        }
        Command::Pause { minutes } => {
            let pause = app.pause(minutes)?;
            output.document(&Paused { paused_until: Some(until(pause)) }, in_words);
        }
        Command::Resume => {
            app.resume()?;
            output.document(&Paused { paused_until: None }, |_| "Timers sync again.".into());
        }
        Command::Duplicates { remove } => {
            let (documents, exit) = app.duplicates(remove).await?;
            output.document(&documents, |all| tables::duplicates(all));
            return Ok(exit);
        }
        Command::Backup(BackupCommand::Ls) => output.document(&app.backups().await, |all| tables::backups(all)),
        Command::Backup(BackupCommand::Now) => output.document(&app.back_up()?, |one| format!("A copy is in {}", one.file)),
        Command::Backup(BackupCommand::Restore { file }) => output.document(&app.restore_backup(&file).await?, tables::restored),
        Command::Doctor { bundle, titles } => return doctor(app, bundle.as_deref(), titles, output).await,
        Command::Undo { what, dry_run } => output.document(&app.undo(&what, dry_run).await?, tables::undone),
        Command::Practice { port } => practice(app, port, output).await?,
        Command::Watch | Command::Completions { .. } | Command::Man => {}
    }
    Ok(Exit::Done)
}

fn edit_whole(app: &App, id: &str, wish: &ReminderWish, output: &Output) -> Result<(), AppError> {
    let before = app.reminder(id)?;
    let gone = dates_gone(&before, &app.edit_reminder(id, wish)?);
    if !gone.is_empty() {
        let days: Vec<String> = gone.iter().map(ToString::to_string).collect();
        output.note(&format!(
            "No longer among its dates, and what was said of them is gone: {}. `belfry undo {}` brings it back.",
            days.join(", "),
            before.id
        ));
    }
    Ok(())
}

#[derive(Serialize)]
struct Removed {
    removed: String,
}

/// Until when it is quiet: a time, `resumed` when somebody has to say so, null when it is not.
#[derive(Serialize)]
struct Paused {
    paused_until: Option<String>,
}

fn until(pause: Pause) -> String {
    match pause {
        Pause::ForGood => "resumed".into(),
        Pause::Until(at) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

fn in_words(paused: &Paused) -> String {
    format!(
        "Nothing is synced by a timer until {}. `belfry sync` still does, `belfry resume` ends it.",
        paused.paused_until.as_deref().unwrap_or_default()
    )
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    reminder: ReminderDocument,
    history: Vec<Done>,
}

/// An entry of a history, with the run that `undo` takes.
#[derive(Serialize)]
struct Done {
    run: i64,
    at: chrono::DateTime<chrono::Utc>,
    #[serde(flatten)]
    entry: LogEntryDocument,
}

impl From<LogEntryDocument> for Done {
    fn from(entry: LogEntryDocument) -> Self {
        Self { run: entry.run, at: entry.at, entry }
    }
}

fn with_runs(history: &[LogEntryDocument]) -> Vec<Done> {
    history.iter().cloned().map(Done::from).collect()
}

async fn calendar(app: &App, command: CalendarCommand, output: &Output) -> Result<(), AppError> {
    match command {
        CalendarCommand::List { account } => {
            let (account, all) = app.calendars(account.as_deref()).await?;
            let documents: Vec<_> = all.iter().map(|calendar| CalendarDocument::of(&account, calendar)).collect();
            output.document(&documents, |all| tables::calendars(all));
        }
        CalendarCommand::Create { name, account } => {
            let (account, calendar) = app.create_calendar(account.as_deref(), &name).await?;
            output.document(&CalendarDocument::of(&account, &calendar), tables::calendar);
        }
    }
    Ok(())
}

fn wish(fields: FieldArgs) -> Result<ReminderWish, AppError> {
    Ok(ReminderWish {
        title: None,
        at: fields.at,
        zone: fields.zone,
        minutes: fields.duration,
        repeat: fields.repeat,
        alarms: values::alarms(&fields.alarm)?,
        notes: fields.notes,
        category: fields.category,
        show_as: fields.show_as,
        private: fields.private,
        link: fields.link,
        list: fields.list,
    })
}

fn add(app: &App, args: AddArgs, output: &Output) -> Result<(), AppError> {
    let wish = match &args.words {
        Some(text) => app.wish_of(text, args.fields.list.as_deref())?,
        None => ReminderWish { title: args.title, ..wish(args.fields)? },
    };
    let (reminder, others) = app.add_reminders(&wish)?;
    let understood = args.words.map(|text| app.understand(&text)).map(|read| ReadWords { chips: read.chips, unread: read.unread });
    understood.iter().for_each(|read| tell_readings(read, output));
    if !others.is_empty() {
        let times: Vec<String> = others.iter().map(|other| other.when.to_string()).collect();
        output.note(&format!("Each time of the day is a reminder of its own; the others begin on {}.", times.join(" and ")));
    }
    let document = |one: &Reminder| app.reminder_document(&one.id.to_string()).map(|(document, _)| document);
    let (reminder, others) = (document(&reminder)?, others.iter().map(document).collect::<Result<_, _>>()?);
    output.document(&Added { reminder, others, understood }, |added| tables::reminder(&added.reminder));
    Ok(())
}

/// The document of `add`.
#[derive(Serialize)]
struct Added {
    #[serde(flatten)]
    reminder: ReminderDocument,
    /// Where the words named several times of the day: those of the later ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<ReminderDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    understood: Option<ReadWords>,
}

/// What was read in plain words, with where it stands (in bytes).
#[derive(Serialize)]
struct ReadWords {
    chips: Vec<Chip>,
    unread: Vec<Unread>,
}

/// What else the words may mean is said, not only what they were taken for; and what they were not taken for, though it looks as if it meant something.
fn tell_readings(read: &ReadWords, output: &Output) {
    for words in &read.unread {
        output.note(&format!("`{}` was not understood, and stays in the title.", words.text));
    }
    for chip in read.chips.iter().filter(|chip| !chip.alternatives.is_empty()) {
        let others: Vec<String> = chip.alternatives.iter().map(|reading| format!("`{}`", reading.words)).collect();
        output.note(&format!("`{}` may also mean {}; say that instead if it does.", chip.text, others.join(" or ")));
    }
}

fn print(app: &App, id: &str, output: &Output) -> Result<(), AppError> {
    let (document, _) = app.reminder_document(id)?;
    output.document(&document, tables::reminder);
    Ok(())
}

fn show(app: &App, id: &str, output: &Output) -> Result<(), AppError> {
    let shown = app.reminder_document(id);
    let gone = if matches!(shown, Err(AppError::Unknown { .. })) { app.history_of_gone(id)? } else { None };
    let (reminder, history) = match gone {
        // Why it is gone is what people want to know most.
        Some(gone) => {
            output.document(&[serde_json::json!({"history": with_runs(&gone)})], |_| {
                format!("This reminder is not here any more. What was done to it:\n\n{}", tables::history(&gone, app.zone()))
            });
            return Ok(());
        }
        None => shown?,
    };
    output.document(&[Shown { reminder, history: with_runs(&history) }], |[shown]| {
        format!("{}\n\n{}", tables::reminder(&shown.reminder), tables::history(&history, app.zone()))
    });
    Ok(())
}

#[derive(Serialize)]
struct Exported {
    file: String,
    exported: usize,
}

/// To standard output nothing else is written there.
fn export(app: &App, file: &std::path::Path, list: Option<&str>, output: &Output) -> Result<(), AppError> {
    if file.as_os_str() == "-" {
        output.raw(app.export(list, ExportFormat::Calendar)?.as_bytes());
        return Ok(());
    }
    let report = app.export_file(file, list)?;
    // Its document is what it always was, so this is said beside it.
    if let Some(problem) = report.problem() {
        output.note(&format!("{}\n  {}", problem.detail, problem.action));
    }
    let exported = Exported { file: file.display().to_string(), exported: report.reminders };
    output.document(&exported, |exported| {
        let are = if exported.exported == 1 { "is" } else { "are" };
        format!("{} {are} in {}.", counted(exported.exported, "reminder"), exported.file)
    });
    Ok(())
}

fn import(app: &App, file: &std::path::Path, list: Option<&str>, map: Option<&str>, output: &Output) -> Result<(), AppError> {
    let report =
        if file.as_os_str() == "-" { app.import_input(std::io::stdin().lock(), list, map)? } else { app.import_file(file, list, map)? };
    output.problems(&report.problems());
    output.document(&report, tables::import);
    Ok(())
}

async fn sync(app: &App, args: SyncArgs, output: &Output) -> Result<Exit, AppError> {
    let options =
        SyncOptions { account: args.account, dry_run: args.dry_run, confirm: args.confirm, confirm_list: args.list, background: false };
    let (document, exit) = app.sync(&options, &|progress| output.progress(&progress)).await?;
    output.problems(document.problems());
    // A document says of a refused change once that it was refused; who asks by hand is told as long as it is so.
    if !document.problems().iter().any(|problem| problem.code == ProblemCode::EventRefused) {
        output.problems(&app.not_taken()?);
    }
    output.document(&document, tables::sync);
    Ok(exit)
}

/// Trouble is what a doctor is for, but a script wants to know.
async fn doctor(app: &App, bundle: Option<&std::path::Path>, titles: bool, output: &Output) -> Result<Exit, AppError> {
    let checks = app.doctor().await;
    if let Some(path) = bundle {
        let titles = if titles { Titles::Included } else { Titles::LeftOut };
        app.write_bundle(&checks, titles, path)?;
    }
    tell_checks(&checks, bundle, output);
    let is_ill = checks.iter().any(|check| check.health == Health::Trouble);
    Ok(if is_ill { Exit::Failed } else { Exit::Done })
}

/// The same where the home cannot be opened.
pub async fn examine(home: Home, error: &AppError, bundle: Option<&std::path::Path>, output: &Output) -> Result<Exit, AppError> {
    let (app, checks) = belfry_app::doctor::without_database(home, Ports::real(), error).await?;
    if let Some(path) = bundle {
        app.write_short_bundle(&checks, path)?;
    }
    tell_checks(&checks, bundle, output);
    Ok(Exit::Failed)
}

fn tell_checks(checks: &Vec<Check>, bundle: Option<&std::path::Path>, output: &Output) {
    if let Some(path) = bundle {
        output.note(&format!("The report is in {}. Read it before you give it away.", path.display()));
    }
    output.document(checks, |checks| tables::checks(checks));
}

/// Runs the practice cloud until it is told to stop.
async fn practice(app: &App, port: Option<u16>, output: &Output) -> Result<(), AppError> {
    let addresses = app.start_practice(port).await?;
    output.line(&serde_json::to_string(&addresses).unwrap_or_default());
    output.note("The practice cloud runs. Ctrl+C ends it; its mailbox is kept.");
    stopped().await;
    Ok(())
}

async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
