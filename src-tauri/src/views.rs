//! What the window sees: the app's documents in types that TypeScript gets generated for.

use belfry_app::controller::Answer;
use belfry_app::shell::{AgendaRow, ListRow, SigningIn, Snapshot, SyncState};
use belfry_core::word;
use serde::Serialize;
use specta::Type;

/// Something wrong, and what to do about it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ProblemView {
    /// Stable code.
    pub code: String,
    /// A few words.
    pub title: String,
    /// One sentence.
    pub detail: String,
    /// One thing to do.
    pub action: String,
}

impl From<belfry_core::Problem> for ProblemView {
    fn from(problem: belfry_core::Problem) -> Self {
        Self { code: problem.code.name().to_owned(), title: problem.title, detail: problem.detail, action: problem.action }
    }
}

/// One line of the agenda.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AgendaRowView {
    /// Reminder id.
    pub id: String,
    /// Title.
    pub title: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// `HH:MM`, or null for all-day.
    pub time: Option<String>,
    /// Name of its list.
    pub list: String,
    /// Colour of its list.
    pub colour: String,
    /// It repeats.
    pub repeats: bool,
    /// It has an alarm.
    pub alarm: bool,
    /// It is done.
    pub done: bool,
    /// It was due before now.
    pub overdue: bool,
    /// `local`, `waiting`, `synced`, ...
    pub state: String,
}

impl From<AgendaRow> for AgendaRowView {
    fn from(row: AgendaRow) -> Self {
        let AgendaRow { id, title, day, time, list, colour, repeats, alarm, done, overdue, state } = row;
        Self { id, title, day, time, list, colour, repeats, alarm, done, overdue, state }
    }
}

/// A list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ListView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Colour.
    pub colour: String,
    /// How many reminders.
    pub count: u32,
    /// Account whose Outlook it is kept in, or null.
    pub account: Option<String>,
    /// Name of its Outlook calendar, or null.
    pub calendar: Option<String>,
    /// Nothing of it is done in Outlook before its plan was seen.
    pub unstarted: bool,
}

/// An account.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AccountView {
    /// Id.
    pub id: String,
    /// Login.
    pub login: String,
    /// Display name.
    pub name: String,
    /// `work` or `personal`.
    pub kind: String,
    /// Id of the organisation that it was signed in to: the same login may be a guest in others.
    pub tenant: String,
    /// Last known state.
    pub state: String,
}

/// What the sync pill says.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncView {
    /// Nothing is kept in Outlook.
    Local,
    /// Waiting for the next time.
    Idle,
    /// Running.
    Running,
    /// A person asked for quiet.
    Paused,
}

/// A sign-in that waits for its browser.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SigningInView {
    /// Where the browser has to go; empty until that is known.
    pub url: String,
    /// The code to type there, when a browser elsewhere is used.
    pub code: Option<String>,
}

/// Everything that the window shows.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SnapshotView {
    /// `YYYY-MM-DD`.
    pub today: String,
    /// By day and time.
    pub agenda: Vec<AgendaRowView>,
    /// Lists.
    pub lists: Vec<ListView>,
    /// Accounts.
    pub accounts: Vec<AccountView>,
    /// The sync pill.
    pub sync: SyncView,
    /// RFC 3339, or null.
    pub last_sync_at: Option<String>,
    /// How many wait for the next sync.
    pub waiting: u32,
    /// What to do first.
    pub attention: Option<ProblemView>,
    /// The sign-in that waits for its browser.
    pub signing_in: Option<SigningInView>,
    /// Why the last sign-in failed, until the next one begins.
    pub sign_in_problem: Option<ProblemView>,
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> Self {
        let lists = snapshot.lists.into_iter().map(|ListRow { list, colour }| ListView {
            id: list.id,
            name: list.name,
            colour,
            count: u32::try_from(list.count).unwrap_or(u32::MAX),
            account: list.account,
            calendar: list.calendar,
            unstarted: list.unstarted,
        });
        let accounts = snapshot.accounts.into_iter().map(|account| AccountView {
            id: account.id,
            login: account.login,
            name: account.name,
            kind: word(&account.kind),
            tenant: account.tenant,
            state: word(&account.state),
        });
        Self {
            today: snapshot.today,
            agenda: snapshot.agenda.into_iter().map(AgendaRowView::from).collect(),
            lists: lists.collect(),
            accounts: accounts.collect(),
            sync: match snapshot.sync {
                SyncState::Local => SyncView::Local,
                SyncState::Idle => SyncView::Idle,
                SyncState::Running => SyncView::Running,
                SyncState::Paused => SyncView::Paused,
            },
            last_sync_at: snapshot.last_sync_at.map(|at| at.to_rfc3339()),
            waiting: snapshot.waiting,
            attention: snapshot.attention.map(ProblemView::from),
            signing_in: snapshot.signing_in.map(|SigningIn { url, code }| SigningInView { url, code }),
            sign_in_problem: snapshot.sign_in_problem.map(ProblemView::from),
        }
    }
}

/// A part of the text that was understood.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChipView {
    /// `date`, `time`, `repeat`, `alarm`, `duration` or `list`.
    pub kind: String,
    /// The words.
    pub text: String,
}

/// What plain words mean.
#[derive(Debug, Clone, Serialize, Type)]
pub struct WordsView {
    /// What is left as the title.
    pub title: String,
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, or null when no word says it.
    pub when: Option<String>,
    /// What was understood.
    pub chips: Vec<ChipView>,
}

/// A calendar to choose.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CalendarView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What to send to an administrator.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LetterView {
    /// The tenant's consent page.
    pub url: String,
    /// The message, with that address in it.
    pub text: String,
}

/// Takes the letter out of an answer.
pub fn letter(answer: Answer) -> LetterView {
    let Answer::Letter(letter) = answer else { return LetterView { url: String::new(), text: String::new() } };
    LetterView { url: letter.url, text: letter.text }
}

/// Takes words out of an answer.
pub fn words(answer: Answer) -> WordsView {
    let Answer::Words(understood) = answer else { return WordsView { title: String::new(), when: None, chips: vec![] } };
    WordsView {
        title: understood.title,
        when: understood.when.map(|when| when.to_string()),
        chips: understood.chips.into_iter().map(|chip| ChipView { kind: word(&chip.kind), text: chip.text }).collect(),
    }
}

/// Takes calendars out of an answer.
pub fn calendars(answer: Answer) -> Vec<CalendarView> {
    let Answer::Calendars(all) = answer else { return vec![] };
    all.into_iter().map(|(id, name)| CalendarView { id, name }).collect()
}

/// One step of a plan.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PlannedView {
    /// `create`, `update`, `delete`, ...
    pub op: String,
    /// Title of the reminder.
    pub title: String,
    /// Why, in words.
    pub reason: String,
}

/// Takes a plan out of an answer.
pub fn plan(answer: Answer) -> Vec<PlannedView> {
    let Answer::Plan(all) = answer else { return vec![] };
    all.into_iter().map(|one| PlannedView { op: one.op.name().to_owned(), title: one.title, reason: one.reason }).collect()
}
