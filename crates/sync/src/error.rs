//! Why a sync ended early, and what to tell.

use belfry_core::{Problem, ProblemCode};
use belfry_graph::GraphError;
use belfry_store::StoreError;

/// Why a sync of an account ended early.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The mailbox.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The calendar of a list is gone.
    #[error("the calendar {0} is gone")]
    CalendarGone(String),
    /// A calendar that was just read is not there when an event is to be made in it.
    #[error("the calendar is not there")]
    CalendarAbsent(belfry_core::Place),
    /// The clock of this computer was set, or it slept, in the middle of the run.
    #[error("the clock moved during the sync")]
    ClockJumped,
    /// The clock of this computer is off by so much that nothing about time can be trusted; positive is slow.
    #[error("the clock is off by {} hours", .0.num_hours())]
    ClockWrong(chrono::Duration),
    /// The calendar cannot be written.
    #[error("the calendar {0} cannot be written")]
    ReadOnly(String),
}

impl SyncError {
    /// How long the server wants to be left alone, where it says.
    #[must_use]
    pub fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Graph(GraphError::Throttled { retry_after }) => *retry_after,
            _ => None,
        }
    }

    /// What to tell the person; `login` names the account.
    #[must_use]
    pub fn problem(&self, login: &str) -> Problem {
        match self {
            Self::Store(error) => error.problem(),
            Self::Graph(error) => graph_problem(error, login),
            Self::CalendarGone(name) => Problem::new(
                ProblemCode::CalendarVanished,
                "The calendar is gone",
                format!("The calendar {name} of {login} is not there any more. Nothing was changed."),
                "Run `belfry sync --confirm` to make it anew, or give Outlook up with `belfry list target NAME --none --keep-events`.",
            ),
            Self::ClockJumped => Problem::new(
                ProblemCode::ClockJumped,
                "The clock moved during the sync",
                "This computer slept, or its clock was set, in the middle of the sync. Nothing was changed.",
                "Nothing to do; Belfry tries again by itself.",
            ),
            Self::ClockWrong(by) => Problem::new(
                ProblemCode::ClockWrong,
                "The clock of this computer is wrong",
                format!(
                    "The clock of this computer is {} by {} days. Nothing was changed.",
                    if *by > chrono::Duration::zero() { "slow" } else { "fast" },
                    (by.num_hours().abs() + 12) / 24
                ),
                "Set the clock of this computer; Belfry goes on by itself then.",
            ),
            Self::CalendarAbsent(_) => graph_problem(&GraphError::Faulty { status: 404, code: String::new() }, login),
            Self::ReadOnly(name) => Problem::new(
                ProblemCode::CalendarReadOnly,
                "The calendar cannot be written",
                format!("Outlook lets {login} only read the calendar {name}. Nothing is lost; what is kept in other calendars goes on."),
                "Keep the list in another calendar: `belfry list target NAME --account A --calendar C`.",
            ),
        }
    }
}

fn graph_problem(error: &GraphError, login: &str) -> Problem {
    match error {
        GraphError::Token(error) => error.problem.clone(),
        GraphError::Http(error) => Problem::new(
            ProblemCode::Offline,
            "No connection",
            format!("Outlook cannot be reached: {error}. Nothing is lost."),
            "Check the network; Belfry tries again by itself.",
        ),
        GraphError::Throttled { retry_after } => {
            let when = retry_after.map_or_else(|| "later".to_owned(), in_words);
            Problem::new(
                ProblemCode::Throttled,
                "Outlook asks to slow down",
                format!("Outlook takes no more requests for {login} just now."),
                format!("Sync again {when}; Belfry's window and `belfry watch` do by themselves."),
            )
        }
        GraphError::Faulty { status, .. } => Problem::new(
            ProblemCode::Throttled,
            "Outlook has a fault",
            format!("Outlook answered with a fault of its own ({status})."),
            "Nothing to do; Belfry tries again later.",
        ),
        GraphError::Unreadable { .. } => Problem::new(
            ProblemCode::UnexpectedReply,
            "Not Outlook's answer",
            "What answered is not Outlook, or its answer broke off. Nothing was changed.",
            "If this network asks you to log in first, do that; Belfry tries again by itself.",
        ),
        GraphError::Unauthorized { .. } => Problem::sign_in_again(login, Some("it does not accept the sign-in any more")),
        GraphError::MailboxUnavailable => Problem::new(
            ProblemCode::MailboxUnavailable,
            "No Outlook mailbox",
            format!("{login} has no Outlook mailbox that can be reached."),
            "Use an account with an Outlook calendar, or ask your administrator.",
        ),
        GraphError::MailboxFull => Problem::new(
            ProblemCode::MailboxUnavailable,
            "The mailbox is full",
            format!("The mailbox of {login} takes no more events."),
            "Make room in Outlook, then sync again.",
        ),
        GraphError::Forbidden { code } => Problem::new(
            ProblemCode::CalendarAccessNeeded,
            "Calendar access is missing",
            format!("Outlook does not let Belfry use the calendars of {login} ({code})."),
            "Run `belfry account allow-calendars`, or ask your administrator.",
        ),
        GraphError::NotFound
        | GraphError::SyncStateGone
        | GraphError::Changed
        | GraphError::DuplicateTransaction { .. }
        | GraphError::NameTaken => Problem::new(
            ProblemCode::UnexpectedReply,
            "Outlook changed its mind",
            format!("Outlook answered in a way that Belfry did not expect: {error}."),
            "Sync again.",
        ),
        // One event that is refused is recorded as such and ends nothing; this is a question that Outlook did not take, so what was read is not whole.
        GraphError::Refused { code, message, .. } => Problem::new(
            ProblemCode::UnexpectedReply,
            "Outlook did not take the question",
            format!("Outlook refused a request of Belfry's: {code}: {message}. Nothing was changed."),
            "Sync again; if it stays so, report this.",
        ),
    }
}

/// A wait as people say it, rounded up.
fn in_words(wait: std::time::Duration) -> String {
    let seconds = wait.as_secs().max(1);
    match seconds {
        0..120 => format!("in {seconds} seconds"),
        120..7200 => format!("in {} minutes", seconds.div_ceil(60)),
        _ => format!("in {} hours", seconds.div_ceil(3600)),
    }
}
