//! What a person is told when something is wrong: one closed list of codes, each with one sentence and one thing to do.

use serde::{Deserialize, Serialize};

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $exit:ident,)*) => {
        /// What is wrong. The text form is part of `--json`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode { $($(#[$doc])* $name,)* }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as text.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How a command ends that meets it.
            #[must_use]
            pub fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)* }
            }
        }
    };
}

/// How a command ends. The order is that of `design`: of several, the most serious wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: failed.
    Failed,
    /// 2: usage.
    Usage,
    /// 3: a person has to do something about the account.
    Person,
    /// 4: held for confirmation.
    Held,
    /// 5: offline or throttled; tried again later.
    Later,
}

impl Exit {
    /// The process exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Person => 3,
            Self::Held => 4,
            Self::Later => 5,
        }
    }

    /// The one that counts when there are several: 2 > 1 > 3 > 4 > 5 > 0.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Done => 0,
            Self::Later => 1,
            Self::Held => 2,
            Self::Person => 3,
            Self::Failed => 4,
            Self::Usage => 5,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

problem_codes! {
    /// No client id in the configuration and none compiled in.
    NoClientId "no_client_id" Failed,
    /// `config.toml` cannot be read.
    ConfigBroken "config_broken" Failed,
    /// The database cannot be read.
    DatabaseUnreadable "database_unreadable" Failed,
    /// The database was put back to an earlier copy.
    DatabaseRestored "database_restored" Done,
    /// The database was written by a newer Belfry.
    DatabaseNewer "database_newer" Failed,
    /// The data folder cannot be written.
    HomeUnwritable "home_unwritable" Failed,
    /// There is no keychain.
    KeychainMissing "keychain_missing" Person,
    /// The keychain is locked, or its prompt was dismissed.
    KeychainLocked "keychain_locked" Person,
    /// No network, or no answer.
    Offline "offline" Later,
    /// Microsoft asked to slow down.
    Throttled "throttled" Later,
    /// An answer that is not what the server would say: a captive portal, a truncated body.
    UnexpectedReply "unexpected_reply" Later,
    /// Another sync runs.
    SyncRunning "sync_running" Later,
    /// The refresh token is dead or absent.
    SignInNeeded "sign_in_needed" Person,
    /// Calendar access was not asked for or not given.
    CalendarAccessNeeded "calendar_access_needed" Person,
    /// The person closed or cancelled the sign-in.
    SignInCancelled "sign_in_cancelled" Person,
    /// Nobody came back from the browser.
    SignInTimedOut "sign_in_timed_out" Person,
    /// The sign-in was refused.
    SignInRefused "sign_in_refused" Person,
    /// Another account came back than was asked for.
    WrongAccount "wrong_account" Person,
    /// An administrator has to approve.
    AdminApprovalNeeded "admin_approval_needed" Person,
    /// A policy forbids it.
    BlockedByPolicy "blocked_by_policy" Person,
    /// Our registration, or the tenant's copy of it, is wrong.
    RegistrationWrong "registration_wrong" Failed,
    /// No loopback port can be opened.
    PortUnavailable "port_unavailable" Failed,
    /// The clock of this computer is off.
    ClockWrong "clock_wrong" Failed,
    /// The mailbox has no calendar that can be reached.
    MailboxUnavailable "mailbox_unavailable" Person,
    /// Operations wait for a person.
    Held "held" Held,
    /// A list meets its own events for the first time: add the rest, or were they removed?
    FirstSyncQuestion "first_sync_question" Held,
    /// A list is to be kept in Outlook for the first time, and its person is to see what that does.
    FirstPlan "first_plan" Held,
    /// The clock of this computer moved in the middle of a sync.
    ClockJumped "clock_jumped" Later,
    /// A new list looks like one that another computer keeps in Outlook.
    SameListQuestion "same_list_question" Held,
    /// The calendar of a list is gone.
    CalendarVanished "calendar_vanished" Held,
    /// Events of a calendar can be read, and not written.
    CalendarReadOnly "calendar_read_only" Failed,
    /// Another computer keeps the list in another calendar, and this one follows.
    ListFollowed "list_followed" Done,
    /// Events of a list are in another calendar than the one that it is kept in here.
    ListElsewhere "list_elsewhere" Done,
    /// The server refused one event.
    EventRefused "event_refused" Done,
    /// The server does not show one event, or fails to write it: it waits, and the rest goes on.
    EventWaits "event_waits" Done,
    /// Outlook has no such series: each date of a reminder has an event of its own.
    KeptInParts "kept_in_parts" Done,
    /// Items of a source could not be read.
    SetAside "set_aside" Done,
    /// Outlook will hold one alarm of reminders that have several.
    FurtherAlarms "further_alarms" Done,
    /// Events that the list had before stayed in Outlook, on their own.
    EventsStayed "events_stayed" Done,
    /// Outlook holds single dates of reminders that another computer keeps date by date.
    DatesOnly "dates_only" Done,
    /// An event was written by a newer Belfry.
    NewerMarker "newer_marker" Done,
    /// An event of ours whose list is not known here.
    UnknownList "unknown_list" Done,
    /// Two events of one reminder differ; one is left alone.
    CopyLeftAlone "copy_left_alone" Done,
    /// Nothing was synced for a day, though nobody has to do anything about it.
    SyncOverdue "sync_overdue" Later,
    /// An event is left alone from now on.
    EventDetached "event_detached" Done,
    /// A list is being taken out of Outlook, and not all of it is done.
    ListLeaving "list_leaving" Done,
    /// No such account, list, calendar, reminder or run.
    UnknownName "unknown_name" Usage,
    /// More than one fits.
    AmbiguousName "ambiguous_name" Usage,
    /// A value that cannot be.
    BadInput "bad_input" Usage,
    /// Whether Belfry starts at login could not be changed.
    StartAtLogin "start_at_login" Failed,
    /// A file cannot be read or written.
    FileUnreadable "file_unreadable" Failed,
    /// A file is not what it should be, or is cut off.
    FileMalformed "file_malformed" Failed,
    /// What a list follows could not be read.
    SourceUnread "source_unread" Held,
    /// Outlook holds events of a list that its source does not name and that nobody here knows.
    LeftOver "left_over" Held,
    /// What a list follows names so much less than before that it looks like an accident.
    SourceShrank "source_shrank" Held,
    /// Items of a file were left out.
    ItemsQuarantined "items_quarantined" Done,
    /// Items of a file say what a reminder has no place for.
    PropertiesLeftOut "properties_left_out" Done,
    /// Another list that is kept in the same calendar holds items of the file already.
    AlsoInOther "also_in_other" Done,
    /// The practice account could not be started.
    PracticeUnavailable "practice_unavailable" Failed,
    /// A defect of Belfry's.
    Internal "internal" Failed,
}

/// A problem as it crosses every edge: command line, window, notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What.
    pub code: ProblemCode,
    /// A few words.
    pub title: String,
    /// One sentence that says what happened, to whom.
    pub detail: String,
    /// One thing to do.
    pub action: String,
}

impl Problem {
    /// A problem.
    #[must_use]
    pub fn new(code: ProblemCode, title: &str, detail: impl Into<String>, action: impl Into<String>) -> Self {
        Self { code, title: title.to_owned(), detail: detail.into(), action: action.into() }
    }

    /// A sign-in is dead, for a reason if it is known: the same words wherever it shows.
    #[must_use]
    pub fn sign_in_again(login: &str, why: Option<&str>) -> Self {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        Self::new(
            ProblemCode::SignInNeeded,
            "Sign in again",
            format!("Outlook wants {login} to sign in again{why}. Nothing is lost."),
            format!("Run `{}`.", command("belfry account reauthorize", login)),
        )
    }

    /// An administrator has to do something first, for a reason if it is known.
    #[must_use]
    pub fn approval_needed(login: &str, why: Option<&str>) -> Self {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        Self::new(
            ProblemCode::AdminApprovalNeeded,
            "Waiting for approval",
            format!("An administrator of {login} has to allow Belfry to use calendars{why}. Nothing is lost."),
            format!(
                "Send the message of `{}` to them; Belfry goes on by itself when it is done.",
                command("belfry account admin-consent", login)
            ),
        )
    }
}

/// A command for an account. An account that is not known yet is "this account", which no command takes.
#[must_use]
pub fn command(words: &str, login: &str) -> String {
    if login.contains(' ') { words.to_owned() } else { format!("{words} {login}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_serious_end_wins() {
        let all = [Exit::Later, Exit::Held, Exit::Done, Exit::Person];
        assert_eq!(all.into_iter().fold(Exit::Done, Exit::worse), Exit::Person);
        assert_eq!(Exit::Person.worse(Exit::Failed).code(), 1);
    }

    #[test]
    fn codes_serialise_as_their_names() {
        for code in ProblemCode::ALL {
            assert_eq!(serde_json::to_value(code).expect("json"), code.name());
        }
    }
}
