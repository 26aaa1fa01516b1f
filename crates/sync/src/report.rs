//! What a sync did, in the form of the `sync` documents.

use std::collections::BTreeMap;

use belfry_core::hold::Question;
use belfry_core::plan::Reason;
use belfry_core::{AccountState, Exit, Fingerprint, List, ListId, Op, Operation, Problem, ProblemCode};
use serde::{Deserialize, Serialize};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All done.
    Ok,
    /// A person has to do something about an account.
    Attention,
    /// Some operations wait for a person.
    Held,
    /// No connection, or asked to slow down.
    Offline,
    /// Failed.
    Failed,
    /// A dry run.
    Planned,
}

impl Outcome {
    /// What a command that ends like this says of it.
    #[must_use]
    pub fn of(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::Ok,
            Exit::Person => Self::Attention,
            Exit::Held => Self::Held,
            Exit::Later => Self::Offline,
            Exit::Failed | Exit::Usage => Self::Failed,
        }
    }

    /// The word for it in documents and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Attention => "attention",
            Self::Held => "held",
            Self::Offline => "offline",
            Self::Failed => "failed",
            Self::Planned => "planned",
        }
    }
}

/// Operations of one list that wait for one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSet {
    /// Whose.
    pub list: ListId,
    /// Its name.
    pub name: Fingerprint,
    /// How many.
    pub count: u64,
}

/// What to tell of operations that wait for a person: one problem for all removals, and one for each list whose first sync asks something.
#[must_use]
pub fn held_problems(sets: &[HeldSet], lists: &[List]) -> Vec<Problem> {
    let of = |question: Option<Question>| sets.iter().filter(move |set| Question::of(set.list, &set.name) == question);
    let name_of = |set: &HeldSet| lists.iter().find(|list| list.id == set.list).map_or("", |list| list.name.as_str());
    let same = of(Some(Question::SameList)).map(|set| {
        let name = name_of(set);
        Problem::new(
            ProblemCode::SameListQuestion,
            "The same list?",
            format!(
                "Outlook already holds reminders like those of `{name}`, of a list that this computer does not know. Nothing was written ({} would be there twice).",
                events(set.count)
            ),
            format!(
                "If it is the same list, run `belfry list rm \"{name}\"` and `belfry list add` with its first name or its feed's address; if not, `belfry sync --confirm`."
            ),
        )
    });
    let questions = of(Some(Question::FirstSync)).map(|set| {
        let name = name_of(set);
        Problem::new(
            ProblemCode::FirstSyncQuestion,
            "New, or removed elsewhere?",
            format!(
                "Outlook already holds reminders of `{name}` that another computer made, but not {}. Nothing was written for them.",
                if set.count == 1 { "one that is here".to_owned() } else { format!("{} that are here", set.count) }
            ),
            "Run `belfry sync --confirm add` if they are new, or `belfry sync --confirm removed` if they were removed elsewhere.",
        )
    });
    let starts = of(Some(Question::Start)).map(|set| {
        let name = name_of(set);
        Problem::new(
            ProblemCode::FirstPlan,
            "Look at the plan first",
            format!("`{name}` is to be kept in Outlook, and nothing of it was done yet. See first what will be done."),
            "Look at them with `belfry sync --dry-run`, then run `belfry sync --confirm`.",
        )
    });
    let left_over = of(Some(Question::LeftOver)).map(|set| {
        let name = name_of(set);
        Problem::new(
            ProblemCode::LeftOver,
            "Left over in Outlook",
            format!(
                "Outlook holds {} of `{name}` that its source does not name and that this computer does not know. Nothing was done about it.",
                events(set.count)
            ),
            "Look at them with `belfry sync --dry-run`; if they are to be deleted, run `belfry sync --confirm`.",
        )
    });
    let removals: u64 = of(None).map(|set| set.count).sum();
    let names: std::collections::BTreeSet<String> = of(None).map(|set| format!("`{}`", name_of(set))).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let held = (removals > 0).then(|| {
        Problem::new(
            ProblemCode::Held,
            "Waiting for you",
            format!(
                "{} of {names} {} gone from Outlook or no longer in the source, at once. That looks like an accident, so nothing was done about it yet.",
                events(removals),
                if removals == 1 { "is" } else { "are" }
            ),
            "Look at them with `belfry sync --dry-run`; `belfry sync --confirm` says that it is right, and `belfry sync --confirm keep` makes again what is gone from Outlook.",
        )
    });
    held.into_iter().chain(starts).chain(same).chain(questions).chain(left_over).collect()
}

fn events(count: u64) -> String {
    counted(count, "event")
}

/// `1 event`, `2 events`.
pub(crate) fn counted(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// What to tell of events that are left alone from now on: where another computer let go of a whole list, one thing and not forty.
pub(crate) fn let_go_problems(let_go: &BTreeMap<(ListId, Reason), Vec<String>>, lists: &[List]) -> Vec<Problem> {
    let told = let_go.iter().map(|((list, reason), titles)| match titles.as_slice() {
        [title] => Problem::new(
            ProblemCode::EventDetached,
            "An event is left alone",
            format!("The event of \u{201c}{title}\u{201d} is left alone from now on: {}.", why_one(*reason)),
            if is_without_reminder(*reason) {
                "Delete it in Outlook if you do not want it; its reminder is gone."
            } else {
                "Nothing to do; `belfry restore` makes a new event after you delete that one."
            },
        ),
        titles => {
            let name = lists.iter().find(|one| one.id == *list).map_or("", |list| list.name.as_str());
            Problem::new(
                ProblemCode::EventDetached,
                "Events are left alone",
                format!("{} events of `{name}` are left alone from now on, {}: {}.", titles.len(), some_of(titles), why_many(*reason)),
                if is_without_reminder(*reason) {
                    "Delete them in Outlook if you do not want them; their reminders are gone."
                } else {
                    "Nothing to do if that was meant; `belfry restore` makes a new event of a reminder after you delete the old one."
                },
            )
        }
    });
    told.collect()
}

fn some_of(titles: &[String]) -> String {
    let first: Vec<String> = titles.iter().take(2).map(|title| format!("\u{201c}{title}\u{201d}")).collect();
    format!("{} among them", first.join(" and "))
}

/// Whether the event stays as somebody wrote into it while its reminder, or that date of it, went: there is nothing that could be restored.
fn is_without_reminder(reason: Reason) -> bool {
    matches!(reason, Reason::LeftSource | Reason::EditedAfterRemoval)
}

fn why_one(reason: Reason) -> String {
    match reason {
        Reason::LeftSource => "its source does not name it any more, and it was edited in Outlook".into(),
        Reason::EditedAfterRemoval => "it was removed here, and it was edited in Outlook".into(),
        other => other.to_string(),
    }
}

fn why_many(reason: Reason) -> String {
    match reason {
        Reason::LeftSource => "their source does not name them any more, and they were edited in Outlook".into(),
        Reason::EditedAfterRemoval => "they were removed here, and they were edited in Outlook".into(),
        Reason::MarkerLost => {
            "they no longer carry Belfry's mark, as when another computer takes the list out of Outlook and keeps its events".into()
        }
        Reason::BecameMeeting => "they have attendees now".into(),
        Reason::MovedAway => "they were moved to another calendar in Outlook".into(),
        other => other.to_string(),
    }
}

/// What happened in one calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarReport {
    /// Its name.
    pub name: String,
    /// Events made.
    pub created: u64,
    /// Events changed.
    pub updated: u64,
    /// Events deleted.
    pub deleted: u64,
    /// Reminders changed from Outlook.
    pub pulled: u64,
    /// Reminders whose event the person removed.
    pub dismissed: u64,
    /// Reminders made from events of ours.
    pub adopted: u64,
    /// Conflicts settled by rule.
    pub conflicts: u64,
    /// Operations that wait.
    pub held: u64,
    /// Graph HTTP requests; a batch is one.
    pub requests: u64,
    /// Time.
    pub elapsed_ms: u64,
}

impl CalendarReport {
    /// Adds requests and the time that they took.
    pub(crate) fn took(&mut self, requests: u64, time: std::time::Duration) {
        self.requests += requests;
        self.elapsed_ms += u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    }

    /// Whether anything was written, there or here.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.created + self.updated + self.deleted + self.pulled + self.dismissed + self.adopted == 0
    }
}

/// What happened for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountReport {
    /// Account id.
    pub account: String,
    /// State after the run.
    pub state: AccountState,
    /// By calendar.
    pub calendars: Vec<CalendarReport>,
}

/// One operation of a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedOperation {
    /// Name.
    pub op: Op,
    /// Name of the list.
    pub list: String,
    /// Reminder id.
    pub id: String,
    /// Title.
    pub title: String,
    /// When it is, as wall time or a day; a series by its first date.
    #[serde(default)]
    pub start: Option<String>,
    /// Event id.
    pub event_id: Option<String>,
    /// Why.
    pub reason: String,
    /// Whether it waits for a person.
    pub held: bool,
}

impl PlannedOperation {
    /// Of an operation.
    #[must_use]
    pub fn of(operation: &Operation, list: &str) -> Self {
        Self {
            op: operation.op,
            list: list.to_owned(),
            id: operation.key.reminder.to_string(),
            title: operation.title.clone(),
            start: operation.start.map(|start| start.to_string()),
            event_id: operation.event_id.clone(),
            reason: operation.reason.to_string(),
            held: operation.held.is_some(),
        }
    }
}

/// A dry run in one calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedCalendar {
    /// Its name.
    pub name: String,
    /// In order.
    pub operations: Vec<PlannedOperation>,
}

/// A dry run for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAccount {
    /// Account id.
    pub account: String,
    /// By calendar.
    pub calendars: Vec<PlannedCalendar>,
}
