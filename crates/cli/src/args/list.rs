//! `belfry list`.

use belfry_app::Leave;
use belfry_core::{Direction, ShowAs};
use clap::{Args, Subcommand};

use crate::values::{alarm, colour, direction, show_as};

#[derive(Debug, Subcommand)]
pub enum ListCommand {
    /// Add a list
    Add {
        /// What to call it
        name: String,
        /// Follow a file (iCalendar or CSV), a folder of .ics files, or a feed: what it says is what the list holds
        #[arg(long, value_name = "PATH-OR-URL")]
        from: Option<String>,
        /// Plain http is all right for this feed, though everybody on the way can read and change it
        #[arg(long, requires = "from")]
        allow_http: bool,
        /// Which columns of a table are what: title=Name,date=Expires on
        #[arg(long, value_name = "FIELD=COLUMN,...", requires = "from")]
        map: Option<String>,
        /// Lists that follow something are kept as it says
        #[arg(long, value_name = "both|source", value_parser = direction)]
        direction: Option<Direction>,
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
        /// Its name now
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
        alarm: Vec<Option<i32>>,
        /// free, tentative, busy, oof or `working_elsewhere`, for new reminders
        #[arg(long, value_parser = show_as)]
        show_as: Option<ShowAs>,
        /// Months ahead for repeats that Outlook cannot hold
        #[arg(long, value_name = "MONTHS")]
        horizon: Option<u32>,
        /// Follow this instead; reminders that it does not name go, once you say that it is right
        #[arg(long, value_name = "PATH-OR-URL")]
        from: Option<String>,
        /// Plain http is all right for this feed
        #[arg(long, requires = "from")]
        allow_http: bool,
        /// Which columns of a table are what
        #[arg(long, value_name = "FIELD=COLUMN,...")]
        map: Option<String>,
        /// Whether each further alarm of a reminder has a short event in Outlook that rings
        #[arg(long, value_name = "on|off", value_parser = crate::values::on_or_off)]
        helpers: Option<bool>,
        /// How often a feed is read by itself: 30m, 2h, 1d, or auto for as often as it wants
        #[arg(long, value_name = "TIME", value_parser = crate::values::every)]
        every: Option<crate::values::Every>,
    },
    /// Remove a list and its reminders
    Rm {
        /// Its name
        name: String,
        #[command(flatten)]
        events: EventsArgs,
    },
    /// Keep a list in another calendar, or on this computer only
    Target {
        /// Its name
        name: String,
        /// Login or id of the account to keep it in
        #[arg(long, value_name = "A", required_unless_present_any = ["none", "calendar"])]
        account: Option<String>,
        /// Id or exact name of the calendar; without it one named Belfry
        #[arg(long, value_name = "C")]
        calendar: Option<String>,
        /// On this computer only
        #[arg(long, conflicts_with_all = ["account", "calendar"])]
        none: bool,
        #[command(flatten)]
        events: EventsArgs,
    },
}

/// What becomes of events that a list has in Outlook.
#[derive(Debug, Args, Clone, Copy)]
pub struct EventsArgs {
    /// Delete its events in Outlook too
    #[arg(long)]
    delete_events: bool,
    /// Leave its events in Outlook as your own: the list makes new ones if it is kept there again
    #[arg(long, conflicts_with = "delete_events")]
    keep_events: bool,
}

impl EventsArgs {
    /// What was said, if anything.
    pub fn leave(self) -> Option<Leave> {
        match (self.delete_events, self.keep_events) {
            (true, _) => Some(Leave::DeleteEvents),
            (false, true) => Some(Leave::KeepEvents),
            (false, false) => None,
        }
    }
}
