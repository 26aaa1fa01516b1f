//! What the window sees: the app's documents in types that TypeScript gets generated for.

mod activity;
mod agenda;
mod editor;
mod settings;
mod table;
mod waiting;

use belfry_app::controller::Answer;
use belfry_app::shell::{Choice, Errand, ListRow, SigningIn, Snapshot, SyncState};
use belfry_core::plan::Reason;
use belfry_core::word;
use serde::Serialize;
use specta::Type;

pub use activity::{EntryView, RunView, SetAsideView, UndoneView, runs, set_aside, undone};
pub use agenda::AgendaRowView;
pub use editor::{OpenedView, ShowAsView, WishView, opened};
pub use settings::{DefaultsView, ListChangeView, PreferencesView, SettingsView, report, settings};
pub use table::{TableView, table};
pub use waiting::{WaitingView, answer, waiting};

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

/// What a person is to choose.
#[derive(Debug, Clone, Copy, serde::Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceView {
    /// A calendar file or a table.
    File,
    /// A folder.
    Folder,
}

impl From<ChoiceView> for Choice {
    fn from(view: ChoiceView) -> Self {
        match view {
            ChoiceView::File => Self::File,
            ChoiceView::Folder => Self::Folder,
        }
    }
}

/// A list.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ListView {
    /// Id.
    pub id: String,
    /// Whether it is the one that always exists, whatever it is called by now.
    pub is_default: bool,
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
    /// `file`, `folder` or `feed`, or null: typed.
    pub source: Option<String>,
    /// Path or address of the source, or null.
    pub location: Option<String>,
    /// When that was last read well, RFC 3339, or null.
    pub last_read_at: Option<String>,
    /// Edits travel both ways.
    pub both_ways: bool,
    /// What is wrong with it.
    pub problems: Vec<ProblemView>,
    /// How many items could not be read.
    pub set_aside: u32,
    /// What new reminders of it get.
    pub defaults: DefaultsView,
    /// How many months ahead a rule that Outlook cannot hold is written out.
    pub horizon_months: u32,
    /// Each further alarm has a short event that rings.
    pub helpers: bool,
}

impl From<ListRow> for ListView {
    fn from(row: ListRow) -> Self {
        let list = row.list;
        Self {
            is_default: list.id == belfry_core::ListId::of_name(belfry_core::list::DEFAULT_LIST).to_string(),
            id: list.id,
            name: list.name,
            colour: row.colour,
            count: u32::try_from(list.count).unwrap_or(u32::MAX),
            account: list.account,
            calendar: list.calendar,
            unstarted: list.unstarted,
            source: list.source.as_ref().map(|source| source.kind().to_owned()),
            location: list.source.as_ref().map(|source| source.location().to_owned()),
            last_read_at: list.last_read_at.map(|at| at.to_rfc3339()),
            both_ways: list.direction == belfry_core::Direction::Both,
            problems: list.problems.into_iter().map(ProblemView::from).collect(),
            set_aside: row.set_aside,
            helpers: row.defaults.helpers,
            defaults: row.defaults.into(),
            horizon_months: row.horizon_months,
        }
    }
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

/// What was asked for outside of the window.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ErrandView {
    /// `new_reminder`, `follow`, `review` or `reminder`.
    pub kind: String,
    /// The file, folder or feed that a list is to be offered for.
    pub follow: Option<String>,
    /// The reminder that is to be shown.
    pub id: Option<String>,
    /// The day of it, where it repeats.
    pub on: Option<String>,
}

impl From<Errand> for ErrandView {
    fn from(errand: Errand) -> Self {
        let of = |kind: &str| Self { kind: kind.to_owned(), follow: None, id: None, on: None };
        match errand {
            Errand::NewReminder => of("new_reminder"),
            Errand::Follow(from) => Self { follow: Some(from), ..of("follow") },
            Errand::Review => of("review"),
            Errand::Reminder(due) => Self { id: Some(due.id), on: due.on, ..of("reminder") },
        }
    }
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
    /// What the window is to do first, until it says that it did.
    pub errand: Option<ErrandView>,
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> Self {
        let lists = snapshot.lists.into_iter().map(ListView::from);
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
            errand: snapshot.errand.map(ErrandView::from),
        }
    }
}

/// A part of the text that was understood.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChipView {
    /// `date`, `time`, `zone`, `repeat`, `alarm`, `duration` or `list`.
    pub kind: String,
    /// The words.
    pub text: String,
    /// Where they begin, as JavaScript counts.
    pub start: u32,
    /// Where they end.
    pub end: u32,
    /// What else they can mean.
    pub alternatives: Vec<ReadingView>,
}

/// What else words can mean.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ReadingView {
    /// Words that mean only this, to be put in their place.
    pub words: String,
    /// When the reminder would then be, or null.
    pub when: Option<String>,
    /// How it would then repeat, or null.
    pub rule: Option<String>,
}

impl ChipView {
    fn of(chip: belfry_app::Chip, text: &str) -> Self {
        let units = |bytes: usize| text.get(..bytes).map_or(0, |head| u32::try_from(head.encode_utf16().count()).unwrap_or(u32::MAX));
        let reading = |other: belfry_app::Reading| ReadingView {
            words: other.words,
            when: other.when.map(|when| when.to_string()),
            rule: other.rule.map(|rule| rule.to_string()),
        };
        Self {
            kind: word(&chip.kind),
            start: units(chip.start),
            end: units(chip.end),
            text: chip.text,
            alternatives: chip.alternatives.into_iter().map(reading).collect(),
        }
    }
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
    /// Words that look like time and were not understood; they stay in the title.
    pub unread: Vec<String>,
}

/// Takes the dates of a month out of an answer.
pub fn dates(answer: Answer) -> Vec<AgendaRowView> {
    let Answer::Dates(rows) = answer else { return vec![] };
    rows.into_iter().map(AgendaRowView::from).collect()
}

/// The answer to another question.
pub(crate) fn mixed_up() -> ProblemView {
    belfry_core::Problem::new(belfry_core::ProblemCode::Internal, "A defect", "The app answered another question.", "Please report this.")
        .into()
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
pub fn words(answer: Answer, text: &str) -> WordsView {
    let Answer::Words(understood) = answer else { return WordsView { title: String::new(), when: None, chips: vec![], unread: vec![] } };
    WordsView {
        title: understood.title,
        when: understood.when.map(|when| when.to_string()),
        chips: understood.chips.into_iter().map(|chip| ChipView::of(chip, text)).collect(),
        unread: understood.unread.into_iter().map(|words| words.text).collect(),
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
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, or null.
    pub when: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// The name of that, where it has one.
    pub reason_code: Option<String>,
}

/// What a reason is called that is known by its words.
pub(crate) fn reason_code(words: &str) -> Option<String> {
    Reason::of_words(words).map(|reason| word(&reason))
}

/// Takes a plan out of an answer.
pub fn plan(answer: Answer) -> Vec<PlannedView> {
    let Answer::Plan(all) = answer else { return vec![] };
    let views = all.into_iter().map(|one| PlannedView {
        op: one.op.name().to_owned(),
        title: one.title,
        when: one.start,
        reason_code: reason_code(&one.reason),
        reason: one.reason,
    });
    views.collect()
}
