//! Everything that can go wrong, with the sentence for it.

use std::path::{Path, PathBuf};

use belfry_core::{Exit, Problem, ProblemCode};
use belfry_graph::GraphError;
use belfry_ical::FileProblem;
use belfry_identity::IdentityError;
use belfry_sources::SourceError;
use belfry_store::StoreError;
use belfry_sync::SyncError;
use chrono::{DateTime, Utc};

use crate::shell::AtLoginError;

/// Why the app did not do it.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The platform names no folder for data.
    #[error("no home folder")]
    NoHome,
    /// The home cannot be written.
    #[error("{} cannot be written", path.display())]
    HomeUnwritable {
        /// Which folder.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// `config.toml` is not as it should be.
    #[error("{} cannot be used: {reason}", path.display())]
    ConfigBroken {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// No client id.
    #[error("no client id in {}", config.display())]
    NoClientId {
        /// Where it is looked for.
        config: PathBuf,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A sign-in or a token.
    #[error(transparent)]
    Identity(IdentityError),
    /// A request to Outlook.
    #[error(transparent)]
    Graph(SyncError),
    /// Something that needs calendars was asked of an account that has no access to them.
    #[error("{login} has no calendar access")]
    NeedsCalendars {
        /// Whose.
        login: String,
    },
    /// Whether Belfry starts at login could not be changed.
    #[error(transparent)]
    AtLogin(#[from] AtLoginError),
    /// Outlook wants this account to be left alone for a while.
    #[error("{login} is throttled until {until}")]
    Throttled {
        /// Whose.
        login: String,
        /// Until when.
        until: DateTime<Utc>,
        /// How long that is from now.
        wait: std::time::Duration,
    },
    /// Something was asked of an account whose sign-in is dead.
    #[error("{login} has to sign in again")]
    NeedsSignIn {
        /// Whose.
        login: String,
    },
    /// An account rests, and why is known.
    #[error("an account rests: {}", problem.title)]
    Rests {
        /// What was found out about it.
        problem: Problem,
    },
    /// A rule of the organisation forbids it.
    #[error("{login} is blocked")]
    Blocked {
        /// Whose.
        login: String,
    },
    /// An administrator has to approve first, or seems to have to.
    #[error("{login} waits for an administrator")]
    NeedsApproval {
        /// Whose.
        login: String,
        /// What makes us think so, as the end of a sentence.
        why: Option<String>,
    },
    /// An account that is not known yet was to be connected with its calendars, and the sign-in page did not give them.
    #[error("a first sign-in was refused: {}", problem.title)]
    FirstSignIn {
        /// What was said, with the way round it.
        problem: Problem,
    },
    /// A list was to be taken out of Outlook, and the sync that does it did not end well.
    #[error("a list was not taken out of Outlook: {}", problem.title)]
    NotTakenOut {
        /// What came in between, with what was done so far.
        problem: Problem,
    },
    /// A plan was to be made, and what it needs to know was not to be had.
    #[error("no plan could be made: {}", problem.title)]
    NotPlanned {
        /// What came in between.
        problem: Problem,
    },
    /// Another sync runs and does not end.
    #[error("another sync runs")]
    SyncRunning,
    /// No such thing.
    #[error("there is no {kind} `{name}`")]
    Unknown {
        /// account, list, calendar, reminder or run.
        kind: &'static str,
        /// What was asked for.
        name: String,
    },
    /// More than one.
    #[error("{kind} `{name}` is not the only one")]
    Ambiguous {
        /// account, list, calendar or reminder.
        kind: &'static str,
        /// What was asked for.
        name: String,
    },
    /// A value that cannot be, with what to do.
    #[error("{detail}")]
    BadInput {
        /// One sentence.
        detail: String,
        /// One thing to do.
        action: String,
    },
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("{path} cannot be written")]
    Unwritten {
        /// Which.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// What a list follows.
    #[error(transparent)]
    Source(SourceError),
    /// A file is not what it should be.
    #[error("{} cannot be used", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Cause.
        #[source]
        source: FileProblem,
    },
    /// The practice cloud did not start.
    #[error("the practice cloud did not start")]
    Practice(#[source] std::io::Error),
}

impl From<GraphError> for AppError {
    fn from(error: GraphError) -> Self {
        Self::Graph(SyncError::Graph(error))
    }
}

impl From<IdentityError> for AppError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

/// An error as a sentence.
pub(crate) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

impl AppError {
    /// A value that cannot be.
    pub fn bad(detail: impl Into<String>, action: impl Into<String>) -> Self {
        Self::BadInput { detail: detail.into(), action: action.into() }
    }

    /// What to tell the person.
    #[must_use]
    pub fn problem(&self) -> Problem {
        use ProblemCode as Code;
        match self {
            Self::AtLogin(error) => at_login_problem(error),
            Self::NoHome => Problem::new(
                Code::HomeUnwritable,
                "No data folder",
                "This computer names no home folder for Belfry's data.",
                "Name one with --home.",
            ),
            Self::HomeUnwritable { path, source } => Problem::new(
                Code::HomeUnwritable,
                "The data folder cannot be written",
                format!("{} cannot be written: {source}.", path.display()),
                "Check that it belongs to you, or name another with --home.",
            ),
            Self::ConfigBroken { path, reason } => Problem::new(
                Code::ConfigBroken,
                "The configuration cannot be read",
                format!("{} cannot be used: {reason}.", path.display()),
                "Mend the file, or move it away to use the defaults.",
            ),
            Self::NoClientId { config } => Problem::new(
                Code::NoClientId,
                "No client id",
                "This copy of Belfry has no registration with Microsoft.",
                format!(
                    "`belfry account registration` says how to get one; write it into {} as `client_id = \"...\"`. `belfry account add --practice` works without.",
                    config.display()
                ),
            ),
            Self::Store(error) => error.problem(),
            Self::Identity(error) => error.problem("this account"),
            Self::Graph(error) => error.problem("this account"),
            Self::Throttled { login, wait, .. } => SyncError::Graph(GraphError::Throttled { retry_after: Some(*wait) }).problem(login),
            Self::NeedsCalendars { login } => Problem::new(
                Code::CalendarAccessNeeded,
                "Calendar access is missing",
                format!("{login} has not allowed Belfry to use calendars."),
                format!("Run `belfry account allow-calendars {login}`."),
            ),
            Self::NeedsSignIn { login } => Problem::sign_in_again(login, None),
            Self::Blocked { login } => Problem::new(
                Code::BlockedByPolicy,
                "Blocked by your organisation",
                format!("A rule of the organisation does not let {login} use Belfry. Nothing is lost."),
                "Ask your administrator which rule it is, then choose Sync now.",
            ),
            Self::Rests { problem } | Self::NotTakenOut { problem } | Self::NotPlanned { problem } | Self::FirstSignIn { problem } => {
                problem.clone()
            }
            Self::NeedsApproval { login, why } => Problem::approval_needed(login, why.as_deref()),
            Self::SyncRunning => Problem::new(
                Code::SyncRunning,
                "Another sync runs",
                "Another Belfry has been syncing for more than a minute.",
                "Wait until it is done, then try again.",
            ),
            Self::Unknown { kind, name } => {
                Problem::new(Code::UnknownName, "Not found", format!("There is no {kind} `{name}`."), listing(kind))
            }
            Self::Ambiguous { kind, name } => {
                Problem::new(Code::AmbiguousName, "Not the only one", format!("More than one {kind} fits `{name}`."), listing(kind))
            }
            Self::BadInput { detail, action } => Problem::new(Code::BadInput, "That cannot be", detail.clone(), action.clone()),
            Self::File { path, source } => unreadable(path, source),
            Self::Unwritten { path, source } => Problem::new(
                Code::FileUnreadable,
                "The file cannot be written",
                format!("{} cannot be written: {source}.", path.display()),
                "Choose another path, or check that its folder is there and may be written.",
            ),
            Self::Malformed { path, source } => malformed(path, source),
            Self::Source(error) => source_problem(error),
            Self::Practice(source) => Problem::new(
                Code::PracticeUnavailable,
                "Practice cannot start",
                format!("The practice cloud could not be started: {source}."),
                "Check that the data folder can be written and that the ports in practice/addresses.json are free.",
            ),
        }
    }

    /// How a command ends that meets it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.problem().code.exit() {
            // What is harmless beside a result is a failure without one.
            Exit::Done => Exit::Failed,
            exit => exit,
        }
    }
}

fn at_login_problem(error: &AtLoginError) -> Problem {
    let detail = match error {
        AtLoginError::Refused => "Your desktop did not allow Belfry to change whether it starts at login.".to_owned(),
        AtLoginError::Failed(why) => format!("Whether Belfry starts at login could not be changed: {why}."),
    };
    Problem::new(ProblemCode::StartAtLogin, "Start at login is as it was", detail, "Change it in the settings of your system.")
}

fn unreadable(path: &Path, source: &std::io::Error) -> Problem {
    Problem::new(
        ProblemCode::FileUnreadable,
        "The file cannot be read",
        format!("{} cannot be read: {source}.", path.display()),
        "Check the path and that the file may be read.",
    )
}

fn malformed(path: &Path, source: &FileProblem) -> Problem {
    let action = match source {
        FileProblem::NoSuchColumn { .. } | FileProblem::ColumnNeeded { .. } | FileProblem::AmbiguousDates { .. } => {
            "Say which column is what with `--map`, as in `--map title=Name,date=Ends,format=YYYY-MM-DD`. Nothing was changed."
        }
        FileProblem::NotCalendar | FileProblem::NotTable | FileProblem::Truncated { .. } => {
            "Export it once more from the program that made it. Nothing was changed."
        }
        FileProblem::TooLarge => "Export less of it, or in several files. Nothing was changed.",
    };
    Problem::new(ProblemCode::FileMalformed, "The file cannot be used", format!("{}: {source}.", path.display()), action)
}

fn source_problem(error: &SourceError) -> Problem {
    let (code, title, action) = if matches!(error, SourceError::Status { status: 401 | 403, .. }) {
        let action = "Give its address once more with name and password, as in https://name:password@host/calendar.ics; the password is kept in the keychain.";
        (ProblemCode::FileMalformed, "The source wants a password", action)
    } else if matches!(error, SourceError::Busy { .. }) {
        (ProblemCode::Offline, "The source asks for patience", "Nothing to do; Belfry asks it again with a later sync.")
    } else if error.is_passing() {
        (ProblemCode::Offline, "The source does not answer", "Check the network and the address, then try again.")
    } else if matches!(error, SourceError::NotFile { .. }) {
        let action = "Give a file; what another program writes is read by `belfry import -` from standard input.";
        (ProblemCode::FileUnreadable, "This is no file", action)
    } else if matches!(error, SourceError::Collections { .. } | SourceError::TooMany { .. }) {
        (ProblemCode::FileMalformed, "The source cannot be used", "Give another folder, one list for each.")
    } else {
        (ProblemCode::FileMalformed, "The source cannot be used", "Look at its address in a browser.")
    };
    Problem::new(code, title, sentence(error), action)
}

fn listing(kind: &str) -> String {
    match kind {
        "account" => "`belfry account list` shows them.".into(),
        "calendar" => "`belfry calendar list` shows them.".into(),
        "list" => "`belfry list ls` shows them.".into(),
        "run" => "`belfry log` shows them.".into(),
        _ => "`belfry ls` shows them; six letters of the id are enough.".into(),
    }
}
