//! What the command line takes. The words and their order are a contract.

use std::path::PathBuf;

use belfry_core::ShowAs;
use clap::{Args, Parser, Subcommand};

use crate::values::{alarm, colour, minutes, show_as};

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
    Show { id: String },
    /// Change a reminder
    Edit(EditArgs),
    /// Mark a reminder as done
    Done {
        id: String,
        /// Not done after all
        #[arg(long)]
        undo: bool,
    },
    /// Remove a reminder; its event goes with the next sync
    Rm { id: String },
    /// Make the event of a dismissed reminder again
    Restore { id: String },
    /// Copy reminders from an iCalendar file; importing again changes nothing twice
    Import {
        /// `-` reads standard input
        file: PathBuf,
        /// Into this list
        #[arg(long, value_name = "L")]
        list: Option<String>,
    },
    /// Bring Outlook and this computer into agreement
    Sync(SyncArgs),
    /// The state of everything, without asking anybody
    Status,
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
    Completions { shell: clap_complete::Shell },
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
    /// Stop waiting for the browser after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub timeout: u64,
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
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Sign in again
    Reauthorize {
        #[arg(value_name = "A")]
        account: Option<String>,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Ask for calendar access
    AllowCalendars {
        #[arg(value_name = "A")]
        account: Option<String>,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Show accounts
    List,
    /// Sign out; events stay in Outlook, lists stay here
    Remove {
        #[arg(value_name = "A")]
        account: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Show calendars
    List {
        #[arg(long, value_name = "A")]
        account: Option<String>,
    },
    /// Make a calendar
    Create {
        name: String,
        #[arg(long, value_name = "A")]
        account: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum ListCommand {
    /// Add a list
    Add {
        name: String,
        /// Keep it in a calendar of this account
        #[arg(long, value_name = "A")]
        account: Option<String>,
        /// Id or exact name of the calendar; without it one named Belfry
        #[arg(long, value_name = "C", requires = "account")]
        calendar: Option<String>,
    },
    /// Show lists
    Ls,
    /// Change a list
    Edit {
        name: String,
        /// New name
        #[arg(long = "name", value_name = "NAME")]
        new_name: Option<String>,
        /// Such as #2f6fde
        #[arg(long, value_parser = colour)]
        colour: Option<String>,
        /// Zone of times that name none
        #[arg(long)]
        zone: Option<String>,
        /// Alarm of new reminders; may be given several times
        #[arg(long, value_parser = alarm)]
        alarm: Vec<Option<u32>>,
        /// free, tentative, busy, oof or `working_elsewhere`
        #[arg(long, value_parser = show_as)]
        show_as: Option<ShowAs>,
        /// Months ahead for repeats that Outlook cannot hold
        #[arg(long, value_name = "MONTHS")]
        horizon: Option<u32>,
    },
    /// Remove a list and its reminders
    Rm {
        name: String,
        /// Delete its events in Outlook too
        #[arg(long)]
        delete_events: bool,
    },
    /// Keep a list in another calendar, or on this computer only
    Target {
        name: String,
        #[arg(long, value_name = "A")]
        account: Option<String>,
        #[arg(long, value_name = "C", requires = "account")]
        calendar: Option<String>,
        /// On this computer only
        #[arg(long, conflicts_with_all = ["account", "calendar"])]
        none: bool,
        /// Delete its events where they were
        #[arg(long)]
        delete_events: bool,
    },
}

#[derive(Debug, Args)]
pub struct AddArgs {
    /// Title
    #[arg(required_unless_present = "words", conflicts_with = "words")]
    pub title: Option<String>,
    /// Plain words, such as "Renew passport 3 March 9am every year, 1 week before"
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
    /// Into this list
    #[arg(long, value_name = "L")]
    pub list: Option<String>,
    #[command(flatten)]
    pub fields: FieldArgs,
}

#[derive(Debug, Args)]
pub struct EditArgs {
    /// Id, or six letters of it
    pub id: String,
    /// New title
    #[arg(long)]
    pub title: Option<String>,
    #[command(flatten)]
    pub fields: FieldArgs,
}

#[derive(Debug, Args)]
pub struct FieldArgs {
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
    /// none, 0, 15m, 2h, 1w before the start; may be given several times
    #[arg(long, value_parser = alarm)]
    pub alarm: Vec<Option<u32>>,
    /// Notes
    #[arg(long, value_name = "T")]
    pub notes: Option<String>,
    /// Category in Outlook
    #[arg(long, value_name = "C")]
    pub category: Option<String>,
    /// free, tentative, busy, oof or `working_elsewhere`
    #[arg(long, value_name = "S", value_parser = show_as)]
    pub show_as: Option<ShowAs>,
    /// Others see no details
    #[arg(long)]
    pub private: bool,
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
    /// Do what an earlier run held and showed
    #[arg(long)]
    pub confirm: bool,
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
