//! The window's commands: each sends a value to the controller and waits for its answer.

mod accounts;
mod backups;
mod settings;

use belfry_app::Leave;
use belfry_app::controller::{Answer, Command, Input, Online, Reply};
use belfry_app::doctor::Titles;
use belfry_app::following::Follow;
use belfry_app::occurrences::DateChange;
use belfry_core::{Problem, ProblemCode};
use serde::Serialize;
use specta::Type;
use tauri::State;
use tauri_specta::{Event, collect_commands, collect_events};

use crate::Inputs;
use crate::views::{
    self, AgendaRowView, CalendarView, ChoiceView, DefaultsView, ListChangeView, OpenedView, PlannedView, ProblemView, RunView,
    SetAsideView, SnapshotView, TableView, UndoneView, WaitingView, WishView, WordsView,
};

/// The snapshot is another one: ask for it.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct StateChanged;

/// The window is about to close: what was typed is to be handed over.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct Closing;

type Outcome<T> = Result<T, ProblemView>;

async fn ask(inputs: &Inputs, command: Command) -> Outcome<Answer> {
    answered(inputs, |reply| Input::Command(command, reply)).await
}

async fn ask_online(inputs: &Inputs, question: Online) -> Outcome<Answer> {
    answered(inputs, |reply| Input::Online(question, reply)).await
}

async fn answered(inputs: &Inputs, input: impl FnOnce(Reply) -> Input) -> Outcome<Answer> {
    let (reply, answer) = tokio::sync::oneshot::channel();
    inputs.send(input(reply));
    let gone = || Problem::new(ProblemCode::Internal, "Belfry is ending", "Belfry is just ending.", "Start it again.");
    answer.await.unwrap_or_else(|_| Err(gone())).map_err(ProblemView::from)
}

/// Everything that the window shows.
#[tauri::command]
#[specta::specta]
pub async fn snapshot(inputs: State<'_, Inputs>) -> Outcome<Option<SnapshotView>> {
    match ask(&inputs, Command::Snapshot).await? {
        Answer::Snapshot(snapshot) => Ok(Some((*snapshot).into())),
        _ => Ok(None),
    }
}

/// What plain words mean.
#[tauri::command]
#[specta::specta]
pub async fn understand(inputs: State<'_, Inputs>, text: String) -> Outcome<WordsView> {
    ask(&inputs, Command::Understand(text.clone())).await.map(|answer| views::words(answer, &text))
}

/// Adds a reminder from plain words, to a list if they name none. Ids of what was added.
#[tauri::command]
#[specta::specta]
pub async fn add(inputs: State<'_, Inputs>, text: String, list: Option<String>) -> Outcome<Vec<String>> {
    match ask(&inputs, Command::Add(text, list)).await? {
        Answer::Added(ids) => Ok(ids.iter().map(ToString::to_string).collect()),
        _ => Ok(vec![]),
    }
}

/// A reminder with everything that its editor shows; with a day, that date of it.
#[tauri::command]
#[specta::specta]
pub async fn reminder(inputs: State<'_, Inputs>, id: String, on: Option<String>) -> Outcome<OpenedView> {
    ask(&inputs, Command::Opened(id, on)).await.and_then(views::opened)
}

/// Changes a reminder; with a day, that date of it only.
#[tauri::command]
#[specta::specta]
pub async fn edit(inputs: State<'_, Inputs>, id: String, on: Option<String>, wish: WishView) -> Outcome<()> {
    let wish = Box::new(wish.into());
    let command = match on {
        Some(on) => Command::ChangeDate(id, on, DateChange::Edit(wish)),
        None => Command::Edit(id, wish),
    };
    ask(&inputs, command).await.map(drop)
}

/// Leaves one date of a series out.
#[tauri::command]
#[specta::specta]
pub async fn leave_out(inputs: State<'_, Inputs>, id: String, on: String) -> Outcome<()> {
    ask(&inputs, Command::ChangeDate(id, on, DateChange::Cancel)).await.map(drop)
}

/// Makes one date what its series says again.
#[tauri::command]
#[specta::specta]
pub async fn restore_date(inputs: State<'_, Inputs>, id: String, on: String) -> Outcome<()> {
    ask(&inputs, Command::ChangeDate(id, on, DateChange::Restore)).await.map(drop)
}

/// Moves a reminder, or one date of it, from the day that it is shown on to another.
#[tauri::command]
#[specta::specta]
pub async fn move_to_day(inputs: State<'_, Inputs>, id: String, on: Option<String>, from: String, to: String) -> Outcome<()> {
    ask(&inputs, Command::MoveToDay { id, on, from, to }).await.map(drop)
}

/// Every date from one day to another.
#[tauri::command]
#[specta::specta]
pub async fn dates(inputs: State<'_, Inputs>, from: String, to: String) -> Outcome<Vec<AgendaRowView>> {
    ask(&inputs, Command::Dates(from, to)).await.map(views::dates)
}

/// What was done last, newest first.
#[tauri::command]
#[specta::specta]
pub async fn runs(inputs: State<'_, Inputs>, limit: u32) -> Outcome<Vec<RunView>> {
    ask(&inputs, Command::Runs(limit)).await.map(views::runs)
}

/// What waits for a yes.
#[tauri::command]
#[specta::specta]
pub async fn waiting(inputs: State<'_, Inputs>) -> Outcome<Vec<WaitingView>> {
    ask(&inputs, Command::Waiting).await.map(views::waiting)
}

/// Takes back a run, or what was last done to a reminder; or only says what that would be.
#[tauri::command]
#[specta::specta]
pub async fn undo(inputs: State<'_, Inputs>, what: String, dry_run: bool) -> Outcome<Vec<UndoneView>> {
    ask_online(&inputs, Online::Undo(what, dry_run)).await.and_then(views::undone)
}

/// Takes back what one run did to one reminder.
#[tauri::command]
#[specta::specta]
pub async fn undo_entry(inputs: State<'_, Inputs>, run: i32, id: String) -> Outcome<Vec<UndoneView>> {
    ask_online(&inputs, Online::UndoEntry(i64::from(run), id)).await.and_then(views::undone)
}

/// Done, or not done; with a day, that date only.
#[tauri::command]
#[specta::specta]
pub async fn set_done(inputs: State<'_, Inputs>, id: String, on: Option<String>, done: bool) -> Outcome<()> {
    let command = match on {
        Some(on) => Command::ChangeDate(id, on, DateChange::Done(done)),
        None => Command::SetDone(id, done),
    };
    ask(&inputs, command).await.map(drop)
}

/// Makes the event of a dismissed or refused reminder again.
#[tauri::command]
#[specta::specta]
pub async fn restore(inputs: State<'_, Inputs>, id: String) -> Outcome<()> {
    ask(&inputs, Command::Restore(id)).await.map(drop)
}

/// Makes the events of a reminder again that are gone from Outlook and wait for an answer.
#[tauri::command]
#[specta::specta]
pub async fn keep(inputs: State<'_, Inputs>, id: String) -> Outcome<()> {
    ask(&inputs, Command::Keep(id)).await.map(drop)
}

/// Removes a reminder.
#[tauri::command]
#[specta::specta]
pub async fn remove(inputs: State<'_, Inputs>, id: String) -> Outcome<()> {
    ask(&inputs, Command::Remove(id)).await.map(drop)
}

/// Adds a list.
#[tauri::command]
#[specta::specta]
pub async fn add_list(inputs: State<'_, Inputs>, name: String) -> Outcome<()> {
    ask(&inputs, Command::AddList(name)).await.map(drop)
}

/// Changes a list.
#[tauri::command]
#[specta::specta]
pub async fn edit_list(inputs: State<'_, Inputs>, name: String, change: ListChangeView) -> Outcome<()> {
    ask(&inputs, Command::EditList(name, Box::new(change.into()))).await.map(drop)
}

/// Says what new reminders of a list get.
#[tauri::command]
#[specta::specta]
pub async fn set_defaults(inputs: State<'_, Inputs>, name: String, defaults: DefaultsView) -> Outcome<()> {
    ask(&inputs, Command::SetDefaults(name, Box::new(defaults.into()))).await.map(drop)
}

/// What could not be read of a list.
#[tauri::command]
#[specta::specta]
pub async fn set_aside(inputs: State<'_, Inputs>, list: String) -> Outcome<Vec<SetAsideView>> {
    ask(&inputs, Command::SetAside(list)).await.map(views::set_aside)
}

/// Adds a list that follows a file, a folder or a feed.
#[tauri::command]
#[specta::specta]
pub async fn follow(inputs: State<'_, Inputs>, name: String, from: String, allow_http: bool, map: Option<String>) -> Outcome<()> {
    ask_online(&inputs, Online::Follow(name, Follow { from, allow_http, map })).await.map(drop)
}

/// The beginning of a file that is a table, for its columns to be named; null for what is none.
#[tauri::command]
#[specta::specta]
pub async fn table_head(inputs: State<'_, Inputs>, path: String) -> Outcome<Option<TableView>> {
    ask(&inputs, Command::TableHead(path)).await.map(views::table)
}

/// Lets the person choose a file or a folder; null when they do not.
#[tauri::command]
#[specta::specta]
pub async fn choose(inputs: State<'_, Inputs>, what: ChoiceView) -> Outcome<Option<String>> {
    match ask_online(&inputs, Online::Choose(what.into())).await? {
        Answer::Chosen(path) => Ok(path.map(|path| path.display().to_string())),
        _ => Ok(None),
    }
}

/// Lets a list follow something else.
#[tauri::command]
#[specta::specta]
pub async fn follow_instead(inputs: State<'_, Inputs>, name: String, from: String, allow_http: bool) -> Outcome<()> {
    ask_online(&inputs, Online::FollowInstead(name, Follow { from, allow_http, map: None })).await.map(drop)
}

/// Removes a list; the events that it has in Outlook are deleted or stay.
#[tauri::command]
#[specta::specta]
pub async fn remove_list(inputs: State<'_, Inputs>, name: String, delete_events: bool) -> Outcome<()> {
    ask_online(&inputs, Online::RemoveList(name, Some(leave(delete_events)))).await.map(drop)
}

/// Keeps a list on this computer only; the events that it has in Outlook are deleted or stay.
#[tauri::command]
#[specta::specta]
pub async fn take_out(inputs: State<'_, Inputs>, name: String, delete_events: bool) -> Outcome<()> {
    ask_online(&inputs, Online::TakeOut(name, leave(delete_events))).await.map(drop)
}

fn leave(delete_events: bool) -> Leave {
    if delete_events { Leave::DeleteEvents } else { Leave::KeepEvents }
}

/// Tries everything out, and reports it: no logins, no tokens, and titles only where they are asked for.
#[tauri::command]
#[specta::specta]
pub async fn report(inputs: State<'_, Inputs>, titles: bool) -> Outcome<String> {
    let titles = if titles { Titles::Included } else { Titles::LeftOut };
    ask_online(&inputs, Online::Report(titles)).await.and_then(views::report)
}

/// Calendars that a list can be kept in.
#[tauri::command]
#[specta::specta]
pub async fn calendars(inputs: State<'_, Inputs>, account: String) -> Outcome<Vec<CalendarView>> {
    ask_online(&inputs, Online::Calendars(account)).await.map(views::calendars)
}

/// Keeps a list in a calendar; without one in a new calendar named Belfry.
#[tauri::command]
#[specta::specta]
pub async fn target(inputs: State<'_, Inputs>, list: String, account: String, calendar: Option<String>) -> Outcome<()> {
    ask_online(&inputs, Online::Target(list, account, calendar)).await.map(drop)
}

/// What the first sync of a list would do. Nothing is written.
#[tauri::command]
#[specta::specta]
pub async fn plan(inputs: State<'_, Inputs>, list: String) -> Outcome<Vec<PlannedView>> {
    ask_online(&inputs, Online::Plan(list)).await.map(views::plan)
}

/// The plan of a list was seen: syncs it.
#[tauri::command]
#[specta::specta]
pub async fn start(inputs: State<'_, Inputs>, list: String) -> Outcome<()> {
    ask(&inputs, Command::Start(list)).await.map(drop)
}

/// Syncs now.
#[tauri::command]
#[specta::specta]
pub async fn sync(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::Sync).await.map(drop)
}

/// Says yes to what waits for this, and to nothing else: the word of a [`views::WaitingView`], or `calendar_vanished`. A first sync is answered with `new` or `removed`.
#[tauri::command]
#[specta::specta]
pub async fn confirm(inputs: State<'_, Inputs>, answer: String) -> Outcome<()> {
    ask(&inputs, Command::Confirm(views::answer(&answer)?)).await.map(drop)
}

/// Opens a web or mail address outside the window.
#[tauri::command]
#[specta::specta]
pub async fn open(inputs: State<'_, Inputs>, url: String) -> Outcome<()> {
    ask(&inputs, Command::Open(url)).await.map(drop)
}

/// Shows the event of a reminder in Outlook on the web.
#[tauri::command]
#[specta::specta]
pub async fn open_in_outlook(inputs: State<'_, Inputs>, id: String) -> Outcome<()> {
    ask_online(&inputs, Online::OpenInOutlook(id)).await.map(drop)
}

/// All of it, for Tauri and for the bindings.
pub fn builder() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::<tauri::Wry>::new()
        .commands(collect_commands![
            snapshot,
            understand,
            add,
            set_done,
            remove,
            add_list,
            calendars,
            target,
            plan,
            start,
            sync,
            confirm,
            accounts::connect,
            accounts::allow,
            accounts::letter,
            accounts::try_approval,
            accounts::sign_out,
            open,
            open_in_outlook,
            accounts::use_code,
            accounts::cancel_sign_in,
            reminder,
            edit,
            leave_out,
            restore_date,
            restore,
            keep,
            move_to_day,
            dates,
            runs,
            waiting,
            undo,
            undo_entry,
            edit_list,
            set_defaults,
            set_aside,
            follow,
            table_head,
            choose,
            follow_instead,
            remove_list,
            take_out,
            settings::settings,
            settings::set_preferences,
            settings::start_at_login,
            settings::pause,
            settings::resume,
            settings::ran_errand,
            settings::quit,
            report,
            backups::backups,
            backups::back_up,
            backups::restore_backup
        ])
        .events(collect_events![StateChanged, Closing])
        .disable_serde_phases()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bindings of the window are those of the commands. `make bindings` writes them anew.
    #[test]
    fn bindings() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/lib/ipc/bindings.ts");
        let fresh = tempfile_path();
        let header = "// Generated from src-tauri/src/ipc.rs by `make bindings`. Not edited by hand.\n";
        builder().export(specta_typescript::Typescript::default().header(header), &fresh).expect("exported");
        let fresh = std::fs::read_to_string(&fresh).expect("read");
        if std::env::var_os("BELFRY_WRITE_BINDINGS").is_some() {
            std::fs::write(path, &fresh).expect("written");
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), fresh, "run `make bindings`");
    }

    fn tempfile_path() -> std::path::PathBuf {
        std::env::temp_dir().join(format!("belfry-bindings-{}.ts", std::process::id()))
    }
}
