//! What the command line takes. The words and their order are a contract.

mod list;

use std::path::PathBuf;

use belfry_app::confirming::HoldAnswer;
use belfry_core::ShowAs;
use clap::{Args, Parser, Subcommand};

pub use list::ListCommand;

use crate::values::{alarm, answer, minutes, show_as, yes_or_no};

/// Keeps your reminders in your Outlook calendar.
#[derive(Debug, Parser)]
#[command(
    name = "belfry",
    version,
    about = "Keeps your reminders in your Outlook calendar",
    propagate_version = true,
    max_term_width = 100
)]
pub struct Cli {
    /// Folder that holds everything of Belfry's
    #[arg(long, global = true, env = "BELFRY_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Connect and remove accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Calendars of an account
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// Lists of reminders
    #[command(subcommand)]
    List(ListCommand),
    /// Add a reminder
    Add(AddArgs),
    /// Show reminders
    Ls {
        /// Only of this list
        #[arg(long, value_name = "L")]
        list: Option<String>,
    },
    /// Show one reminder and its history
    Show {
        /// Id, or six letters of it
        id: String,
    },
    /// Change a reminder
    Edit(EditArgs),
    /// Mark a reminder as done
    Done {
        /// Id, or six letters of it
        id: String,
        /// Not done after all
        #[arg(long)]
        undo: bool,
        /// This day of a repeating one, as its series has it; without it the next one that is not done
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
        /// A repeating one for good, with all its dates
        #[arg(long, conflicts_with = "on")]
        series: bool,
    },
    /// Remove a reminder; its event goes with the next sync
    Rm {
        /// Id, or six letters of it
        id: String,
        /// Only this day of a repeating one
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
    },
    /// Make the event of a dismissed reminder again
    Restore {
        /// Id, or six letters of it
        id: String,
        /// This day of a repeating one, as in its series
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
    },
    /// Copy reminders from an iCalendar or CSV file; importing again changes nothing twice
    Import {
        /// `-` reads standard input
        file: PathBuf,
        /// Into this list
        #[arg(long, value_name = "L")]
        list: Option<String>,
        /// Which columns of a table are what: title=Name,date=Expires on
        #[arg(long, value_name = "FIELD=COLUMN,...")]
        map: Option<String>,
    },
    /// Write reminders into a file that other programs read: .ics or .csv
    Export {
        /// `-` writes iCalendar to standard output
        file: PathBuf,
        /// Only this list
        #[arg(long, value_name = "L")]
        list: Option<String>,
    },
    /// Bring Outlook and this computer into agreement
    Sync(SyncArgs),
    /// Keep in agreement until Ctrl+C: as the desktop does, without one
    Watch,
    /// Sync nothing by timer: for so long (30m, 2h, 1d), or until `resume`
    Pause {
        /// How long
        #[arg(value_name = "FOR", value_parser = minutes)]
        minutes: Option<u32>,
    },
    /// End a pause
    Resume,
    /// The state of everything, without asking anybody
    Status,
    /// Take back a run, or the newest change of a reminder; the next sync writes it
    Undo {
        /// Number of a run, or id of a reminder
        #[arg(value_name = "RUN-OR-ID")]
        what: String,
        /// Only show what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Find events that are in Outlook twice
    Duplicates {
        /// Remove those that say the same
        #[arg(long)]
        remove: bool,
    },
    /// Copies of the database: one is made every day
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Try out everything that Belfry stands on, and say what to do
    Doctor {
        /// Also write a report for somebody who helps: no titles, no logins, no tokens
        #[arg(long, value_name = "FILE")]
        bundle: Option<PathBuf>,
        /// In the report also say the titles of reminders and the names of lists: whoever gets it reads them
        #[arg(long, requires = "bundle")]
        titles: bool,
    },
    /// What was done, newest first
    Log {
        /// Only this run
        #[arg(long, value_name = "N")]
        run: Option<i64>,
    },
    /// Run the offline Microsoft to practise with
    Practice {
        /// Use this port and the two after it
        #[arg(long, value_name = "P")]
        port: Option<u16>,
    },
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args, Clone)]
pub struct SignInArgs {
    /// Fill in this login
    #[arg(long, value_name = "U")]
    pub login_hint: Option<String>,
    /// Print the address instead of opening a browser
    #[arg(long)]
    pub print_url: bool,
    /// Show a code to type into a browser on any computer or phone
    #[arg(long, conflicts_with = "print_url")]
    pub device_code: bool,
    /// Stop waiting for the browser after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub timeout: u64,
}

/// `belfry backup`.
#[derive(Debug, Subcommand)]
pub enum BackupCommand {
    /// Show the copies, the newest first
    Ls,
    /// Make one now
    Now,
    /// Put everything back to a copy; how it is now is saved first
    Restore {
        /// A copy, by its name in the folder `backups` or by its path
        file: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Connect an account
    Add {
        /// Ask for calendar access in the same trip
        #[arg(long)]
        calendars: bool,
        /// The built-in offline Microsoft
        #[arg(long)]
        practice: bool,
        /// Sign in to this organisation as a guest: its domain or id
        #[arg(long, value_name = "TENANT")]
        tenant: Option<String>,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Sign in again
    Reauthorize {
        /// Login or id; may be left out when there is one
        #[arg(value_name = "A")]
        account: Option<String>,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Ask for calendar access
    AllowCalendars {
        /// Login or id; may be left out when there is one
        #[arg(value_name = "A")]
        account: Option<String>,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Get an administrator's approval for calendar access: prints a message to send to them
    AdminConsent {
        /// Login or id; may be left out when there is one
        #[arg(value_name = "A")]
        account: Option<String>,
        /// The administrator sits here: open the page in the browser and wait for the answer
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Show accounts
    List,
    /// How to register this copy of Belfry with Microsoft
    Registration,
    /// Sign out; lists stay here, and events stay in Outlook unless you say otherwise
    Remove {
        /// Login or id; may be left out when there is one
        #[arg(value_name = "A")]
        account: Option<String>,
        /// Delete the events of its lists first
        #[arg(long)]
        delete_events: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Show calendars
    List {
        /// Login or id; may be left out when there is one
        #[arg(long, value_name = "A")]
        account: Option<String>,
    },
    /// Make a calendar
    Create {
        /// What to call it
        name: String,
        /// Login or id; may be left out when there is one
        #[arg(long, value_name = "A")]
        account: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct AddArgs {
    /// Title
    #[arg(required_unless_present = "words", conflicts_with = "words")]
    pub title: Option<String>,
    /// Plain words, such as "Renew passport 3 March 9am every year, 1 week before"
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["at", "zone", "duration", "repeat", "alarm", "notes", "category", "show_as", "private", "link"])]
    pub words: Option<String>,
    #[command(flatten)]
    pub fields: FieldArgs,
}

#[derive(Debug, Args)]
pub struct EditArgs {
    /// Id, or six letters of it
    pub id: String,
    /// Only this day of a repeating one, as its series has it
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
    /// New title
    #[arg(long)]
    pub title: Option<String>,
    #[command(flatten)]
    pub fields: FieldArgs,
}

#[derive(Debug, Args)]
pub struct FieldArgs {
    /// The list it belongs in
    #[arg(long, value_name = "L")]
    pub list: Option<String>,
    /// 2027-03-03, or 2027-03-03T09:00
    #[arg(long, value_name = "WHEN")]
    pub at: Option<String>,
    /// IANA name of the zone, such as Europe/Berlin
    #[arg(long, value_name = "Z")]
    pub zone: Option<String>,
    /// How long: 30m, 2h, 1d
    #[arg(long = "for", value_name = "TIME", value_parser = minutes)]
    pub duration: Option<u32>,
    /// Repeat rule, such as FREQ=WEEKLY;BYDAY=MO
    #[arg(long, value_name = "RRULE")]
    pub repeat: Option<String>,
    /// none, 0, 15m, 2h, 1w before the start, +30m after it; may be given several times
    #[arg(long, value_parser = alarm)]
    pub alarm: Vec<Option<i32>>,
    /// Notes
    #[arg(long, value_name = "T")]
    pub notes: Option<String>,
    /// Category in Outlook
    #[arg(long, value_name = "C")]
    pub category: Option<String>,
    /// free, tentative, busy, oof or `working_elsewhere`
    #[arg(long, value_name = "S", value_parser = show_as)]
    pub show_as: Option<ShowAs>,
    /// Others see no details; `--private=no` takes that back
    #[arg(long, value_name = "yes|no", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = yes_or_no)]
    pub private: Option<bool>,
    /// Web address that belongs to it
    #[arg(long, value_name = "URL")]
    pub link: Option<String>,
}

#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Only this account
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Show what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Do what an earlier run held and showed. `add` and `removed` answer only whether reminders that Outlook does not hold are new or were removed elsewhere; `keep`
    /// makes events again that are gone from Outlook; without any of them all that waits is done, and what is not in Outlook is new
    #[arg(long, value_name = "add|removed|keep", num_args = 0..=1, default_missing_value = "all", value_parser = answer, conflicts_with = "dry_run")]
    pub confirm: Option<HoldAnswer>,
    /// Only what waits in this list
    #[arg(long, value_name = "L", requires = "confirm")]
    pub list: Option<String>,
}

impl Cli {
    /// For tests.
    #[cfg(test)]
    pub fn parse_words(words: &[&str]) -> Result<Self, clap::Error> {
        Self::try_parse_from(std::iter::once("belfry").chain(words.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn usage_errors() {
        for words in [
            vec!["add"],
            vec!["add", "x", "--words", "y"],
            vec!["list", "target", "x", "--none", "--account", "a"],
            vec!["edit"],
            vec!["add", "x", "--alarm", "soon"],
        ] {
            assert!(Cli::parse_words(&words).is_err(), "{words:?}");
        }
        assert!(Cli::parse_words(&["add", "x", "--at", "2027-03-03", "--alarm", "none"]).is_ok());
    }
}
