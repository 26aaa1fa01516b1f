//! The window's commands: each sends a value to the controller and waits for its answer.

use belfry_app::controller::{Answer, Command, Input, Online, Reply};
use belfry_app::syncing::HoldAnswer;
use belfry_core::{Problem, ProblemCode};
use serde::Serialize;
use specta::Type;
use tauri::State;
use tauri_specta::{Event, collect_commands, collect_events};

use crate::Inputs;
use crate::views::{self, CalendarView, LetterView, PlannedView, ProblemView, SnapshotView, WordsView};

/// The snapshot is another one: ask for it.
#[derive(Debug, Clone, Serialize, Type, Event)]
pub struct StateChanged;

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
    ask(&inputs, Command::Understand(text)).await.map(views::words)
}

/// Adds a reminder from plain words.
#[tauri::command]
#[specta::specta]
pub async fn add(inputs: State<'_, Inputs>, text: String) -> Outcome<()> {
    ask(&inputs, Command::Add(text)).await.map(drop)
}

/// Done, or not done.
#[tauri::command]
#[specta::specta]
pub async fn set_done(inputs: State<'_, Inputs>, id: String, done: bool) -> Outcome<()> {
    ask(&inputs, Command::SetDone(id, done)).await.map(drop)
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

/// Does what waits. The answer to a list's first sync: were the reminders removed elsewhere, or are they new?
#[tauri::command]
#[specta::specta]
pub async fn confirm(inputs: State<'_, Inputs>, removed: bool) -> Outcome<()> {
    let answer = if removed { HoldAnswer::Removed } else { HoldAnswer::Add };
    ask(&inputs, Command::Confirm(answer)).await.map(drop)
}

/// Connects an account.
#[tauri::command]
#[specta::specta]
pub async fn connect(inputs: State<'_, Inputs>, practice: bool) -> Outcome<()> {
    ask(&inputs, Command::Connect(practice)).await.map(drop)
}

/// Signs in again, asking for calendars.
#[tauri::command]
#[specta::specta]
pub async fn allow(inputs: State<'_, Inputs>, account: String) -> Outcome<()> {
    ask(&inputs, Command::Allow(account)).await.map(drop)
}

/// Asks whether an administrator gave access meanwhile; if not, opens the page once more.
#[tauri::command]
#[specta::specta]
pub async fn try_approval(inputs: State<'_, Inputs>, account: String) -> Outcome<()> {
    ask_online(&inputs, Online::TryApproval(account)).await.map(drop)
}

/// Signs out; the events of its lists are deleted first, or stay.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(inputs: State<'_, Inputs>, account: String, delete_events: bool) -> Outcome<()> {
    ask_online(&inputs, Online::SignOut(account, delete_events)).await.map(drop)
}

/// The message for an administrator who has to approve.
#[tauri::command]
#[specta::specta]
pub async fn letter(inputs: State<'_, Inputs>, account: String) -> Outcome<LetterView> {
    ask_online(&inputs, Online::Letter(account)).await.map(views::letter)
}

/// Opens a web or mail address outside the window.
#[tauri::command]
#[specta::specta]
pub async fn open(inputs: State<'_, Inputs>, url: String) -> Outcome<()> {
    ask(&inputs, Command::Open(url)).await.map(drop)
}

/// Goes on with a code in a browser anywhere, instead of the browser that is waited for.
#[tauri::command]
#[specta::specta]
pub async fn use_code(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::UseCode).await.map(drop)
}

/// Stops waiting for the browser.
#[tauri::command]
#[specta::specta]
pub async fn cancel_sign_in(inputs: State<'_, Inputs>) -> Outcome<()> {
    ask(&inputs, Command::CancelSignIn).await.map(drop)
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
            connect,
            allow,
            letter,
            try_approval,
            sign_out,
            open,
            use_code,
            cancel_sign_in
        ])
        .events(collect_events![StateChanged])
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
