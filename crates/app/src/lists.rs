//! Lists: add, edit, remove, and where they are kept.

use belfry_core::list::DEFAULT_CALENDAR;
use belfry_core::list::{ListDefaults, parse_colour};
use belfry_core::plan::{Leave, Reason};
use belfry_core::{Account, AccountId, List, ListId, Op, Place, ReminderId, ShowAs, Slot, Target};
use belfry_store::{NewEntry, Quarantined};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::counted::counted;
use crate::error::AppError;
use crate::reminders::zone_named;

/// Where a list is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// On this computer only.
    Here,
    /// In a calendar of an account; without a calendar in the one named Belfry.
    In {
        /// Id or login; the only one if none.
        account: Option<String>,
        /// Id or exact name.
        calendar: Option<String>,
    },
}

/// What of a list is to change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListChange {
    /// Name.
    pub name: Option<String>,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// Zone of floating times.
    pub zone: Option<String>,
    /// Alarms of new reminders, in minutes; for all-day ones if `all_day_alarms` is none too.
    pub alarms: Option<Vec<i32>>,
    /// Show-as of new reminders.
    pub show_as: Option<ShowAs>,
    /// Months ahead for rules that Outlook cannot hold.
    pub horizon_months: Option<u32>,
    /// Whether each further alarm has a short event that rings.
    pub helpers: Option<bool>,
}

/// What new reminders of a list are to get, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultsWish {
    /// IANA name; `None` is the zone of the computer.
    pub zone: Option<String>,
    /// Lead times of timed reminders, in minutes.
    pub alarms: Vec<i32>,
    /// Lead times of all-day ones, in minutes before midnight.
    pub all_day_alarms: Vec<i32>,
    /// Show-as.
    pub show_as: ShowAs,
}

/// A list that was removed, in the report of the run that did.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RemovedList {
    /// The list, as it is to be when the removal is taken back.
    #[serde(flatten)]
    pub list: List,
    /// What its person had removed in Outlook: that stays away.
    #[serde(default)]
    pub dismissed: Vec<(ReminderId, Place)>,
}

impl App {
    /// All lists.
    ///
    /// # Errors
    /// When the database fails.
    pub fn lists(&self) -> Result<Vec<List>, AppError> {
        Ok(self.store.lists()?)
    }

    /// The list of a name; without a name `Reminders`.
    ///
    /// # Errors
    /// No such list.
    pub fn list(&self, name: Option<&str>) -> Result<List, AppError> {
        match name {
            Some(name) => self.store.list_named(name)?.ok_or_else(|| AppError::Unknown { kind: "list", name: name.to_owned() }),
            None => {
                let id = ListId::of_name(belfry_core::list::DEFAULT_LIST);
                self.store.list(id)?.ok_or_else(|| AppError::Unknown { kind: "list", name: belfry_core::list::DEFAULT_LIST.to_owned() })
            }
        }
    }

    /// Adds a typed list.
    ///
    /// # Errors
    /// The name is taken, or the target cannot be used.
    pub async fn add_list(&self, name: &str, keep: &Keep) -> Result<List, AppError> {
        let list = List { target: self.target(keep).await?, ..self.fresh_list(name)? };
        self.store.save_list(&list)?;
        Ok(list)
    }

    /// Adds a typed list that stays on this computer.
    ///
    /// # Errors
    /// The name is taken.
    pub fn add_local_list(&self, name: &str) -> Result<List, AppError> {
        let list = self.fresh_list(name)?;
        self.store.save_list(&list)?;
        Ok(list)
    }

    pub(crate) fn fresh_list(&self, name: &str) -> Result<List, AppError> {
        self.fresh_list_with(name, ListId::of_name(&list_name(name)?))
    }

    pub(crate) fn fresh_list_with(&self, name: &str, id: ListId) -> Result<List, AppError> {
        let name = list_name(name)?;
        let taken: Vec<String> = self.lists()?.into_iter().map(|list| list.colour).collect();
        let list = List { id, colour: belfry_core::list::colour_beside(&name, &taken), ..List::typed(&name, self.now()) };
        if self.store.list_named(&list.name)?.is_some() {
            return Err(AppError::bad(
                format!("There is a list `{}` already.", list.name),
                "Take another name, or change that list with `belfry list edit`.",
            ));
        }
        if let Some(same) = self.store.list(list.id)? {
            return Err(AppError::bad(format!("The list `{}` began under this name.", same.name), "Take another name."));
        }
        Ok(list)
    }

    /// The target that is meant. A calendar that is named has to be there; the one named Belfry is made at the first sync.
    pub(crate) async fn target(&self, keep: &Keep) -> Result<Option<Target>, AppError> {
        let Keep::In { account, calendar } = keep else { return Ok(None) };
        match calendar {
            None => {
                let account: Account = self.with_calendars(account.as_deref())?;
                Ok(Some(Target { account: account.id, calendar_id: None, calendar_name: DEFAULT_CALENDAR.to_owned() }))
            }
            Some(name) => {
                let (account, calendar) = self.calendar(account.as_deref(), name).await?;
                Ok(Some(Target { account: account.id, calendar_id: Some(calendar.id), calendar_name: calendar.name }))
            }
        }
    }

    /// Changes a list.
    ///
    /// # Errors
    /// A value that cannot be.
    pub fn edit_list(&self, name: &str, change: &ListChange) -> Result<List, AppError> {
        let mut list = self.list(Some(name))?;
        if let Some(name) = &change.name {
            let name = list_name(name)?;
            if self.store.list_named(&name)?.is_some_and(|other| other.id != list.id) {
                return Err(AppError::bad(format!("There is a list `{name}` already."), "Take another name."));
            }
            list.name = name;
        }
        if let Some(colour) = &change.colour {
            list.colour =
                parse_colour(colour).ok_or_else(|| AppError::bad(format!("`{colour}` is not a colour."), "Write it as #rrggbb."))?;
        }
        if let Some(zone) = &change.zone {
            list.defaults.zone = Some(zone_named(zone)?);
        }
        if let Some(alarms) = &change.alarms {
            list.defaults.alarms.clone_from(alarms);
            list.defaults.all_day_alarms.clone_from(alarms);
        }
        if let Some(show_as) = change.show_as {
            list.defaults.show_as = show_as;
        }
        if let Some(months) = change.horizon_months {
            if !(1..=120).contains(&months) {
                return Err(AppError::bad(format!("A horizon of {months} months is out of range."), "Give 1 to 120 months."));
            }
            list.horizon_months = months;
        }
        list.defaults.helpers = change.helpers.unwrap_or(list.defaults.helpers);
        self.save_changed(list)
    }

    fn save_changed(&self, list: List) -> Result<List, AppError> {
        let helped = |list: &List| (list.defaults.helpers, list.defaults.zone);
        let is_news = self.store.list(list.id)?.is_none_or(|was| helped(&was) != helped(&list));
        self.store.atomically(|store| {
            store.save_list(&list)?;
            // Which helper events a reminder is to have is known with it.
            let all = if is_news { store.listed(Some(list.id))? } else { vec![] };
            all.iter().try_for_each(|row| store.save_reminder(&row.reminder))
        })?;
        // What it is read with is another: the next reading takes nothing for unchanged.
        self.store.forget_validators(list.id)?;
        Ok(list)
    }

    /// Gives a list other defaults: each alarm by itself, and no zone of its own if that is said.
    ///
    /// # Errors
    /// No such list, or an alarm out of range.
    pub fn set_list_defaults(&self, name: &str, wish: &DefaultsWish) -> Result<List, AppError> {
        let list = self.list(Some(name))?;
        let most = belfry_core::reminder::ALARM_LIMIT;
        if wish.alarms.iter().chain(&wish.all_day_alarms).any(|alarm| alarm.saturating_abs() > most) {
            return Err(AppError::bad("This alarm is out of range.", "Choose ten years or less."));
        }
        let defaults = ListDefaults {
            zone: wish.zone.as_deref().map(zone_named).transpose()?,
            alarms: wish.alarms.clone(),
            all_day_alarms: wish.all_day_alarms.clone(),
            show_as: wish.show_as,
            helpers: list.defaults.helpers,
        };
        self.save_changed(List { defaults, ..list })
    }

    /// What could not be read of the source of a list, or of files that were imported into it.
    ///
    /// # Errors
    /// No such list.
    pub fn set_aside_of(&self, name: &str) -> Result<Vec<Quarantined>, AppError> {
        let list = self.list(Some(name))?;
        Ok(self.set_aside()?.into_iter().filter(|one| one.list == list.id).collect())
    }

    /// What could not be read, of all lists.
    pub(crate) fn set_aside(&self) -> Result<Vec<Quarantined>, AppError> {
        Ok(self.store.quarantine()?)
    }

    /// Keeps a list somewhere else, or on this computer only. Events move at the next sync; taking a list out of Outlook deletes its events first or leaves them
    /// there on their own, whichever was said.
    ///
    /// # Errors
    /// The target cannot be used, or events would be left without a word.
    pub async fn retarget(&self, name: &str, keep: &Keep, leave: Option<Leave>) -> Result<List, AppError> {
        let mut list = self.list(Some(name))?;
        let target = self.target(keep).await?;
        let stays = |account: &AccountId| list.target.as_ref().is_none_or(|old| old.account == *account);
        if target.as_ref().is_none_or(|new| !stays(&new.account)) {
            self.clear_events(&list, leave).await?;
        }
        // Another program may have changed it while the mailbox was asked: what it is called, say.
        list = self.store.list(list.id)?.unwrap_or(list);
        let was = list.target.clone();
        list.target = target;
        self.store.set_target(list.id, was.as_ref(), list.target.as_ref())?;
        self.store.stay(list.id)?;
        if list.target.is_none() {
            self.store.drop_holds(list.id)?;
            self.store.set_unstarted(list.id, false)?;
        } else {
            self.store.drop_questions(list.id)?;
        }
        Ok(list)
    }

    /// Keeps a list in Outlook, once its person has seen what that does: until then nothing of it is written.
    ///
    /// # Errors
    /// As [`App::retarget`].
    pub async fn retarget_with_plan(&self, name: &str, keep: &Keep) -> Result<List, AppError> {
        let is_first = self.list(Some(name))?.target.is_none();
        let list = self.retarget(name, keep, None).await?;
        if is_first && list.target.is_some() {
            self.store.set_unstarted(list.id, true)?;
        }
        Ok(list)
    }

    /// Removes a list and its reminders.
    ///
    /// # Errors
    /// It is the one that always exists, or events would be left without a word.
    pub async fn remove_list(&self, name: &str, leave: Option<Leave>) -> Result<List, AppError> {
        let list = self.list(Some(name))?;
        if list.id == ListId::of_name(belfry_core::list::DEFAULT_LIST) {
            return Err(AppError::bad(
                format!("The list `{}` always exists.", list.name),
                "Remove its reminders, or rename it with `belfry list edit`.",
            ));
        }
        let since = self.now();
        self.clear_events(&list, leave).await?;
        let reminders = if list.source.is_none() { self.reminders(Some(&list.name))? } else { vec![] };
        let others = if list.source.is_none() { self.deleted_unseen(&list, since)? } else { vec![] };
        let dismissed = self.store.dismissed_of(list.id)?;
        let now = self.now();
        self.store.atomically(|store| {
            // What was typed is nowhere else: the run can be undone, list and all.
            let run = store.begin_run("hand", now)?;
            let of_list = reminders
                .iter()
                .map(|row| NewEntry::of_reminder(Op::Delete, Reason::RemovedHere, &row.reminder, Some(&row.reminder), None));
            of_list.chain(others).try_for_each(|entry| store.write_journal(run, now, &entry))?;
            store.remove_list(list.id)?;
            let was = RemovedList { list: List { target: None, ..list.clone() }, dismissed };
            store.finish_run(run, now, "ok", &serde_json::to_string(&was).unwrap_or_default())
        })?;
        self.forget_password(&list).await;
        Ok(list)
    }

    /// What another computer had added to a list and went with its events, unseen here: taking the removal back is to bring it again.
    fn deleted_unseen(&self, list: &List, since: DateTime<Utc>) -> Result<Vec<NewEntry>, AppError> {
        let gone = self.store.deleted_in_outlook(list.id, &Reason::ListLeaves.to_string(), since)?;
        let mut unseen = Vec::new();
        for entry in gone.into_iter().filter(|entry| entry.key.slot == Slot::Main) {
            if self.store.reminder(entry.key.reminder)?.is_none() {
                unseen.push(NewEntry { reason: Reason::RemovedHere.to_string(), ..entry });
            }
        }
        Ok(unseen)
    }

    /// Takes the events of a list out of Belfry's hands, reminders staying as they are.
    async fn clear_events(&self, list: &List, leave: Option<Leave>) -> Result<(), AppError> {
        let linked = self.store.count_linked(list.id)?;
        if list.target.is_none() || (linked == 0 && self.store.has_left(list.id)?) {
            return Ok(());
        }
        let leave = leave.ok_or_else(|| {
            AppError::bad(
                format!("{} of `{}` {} in Outlook.", counted(linked, "event"), list.name, if linked == 1 { "is" } else { "are" }),
                "Say `--delete-events` to delete them there too, or `--keep-events` to leave them there on their own.",
            )
        })?;
        self.take_out(std::slice::from_ref(list), leave).await
    }
}

fn list_name(name: &str) -> Result<String, AppError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(AppError::bad("A list needs a name of 1 to 100 letters.", "Name it."));
    }
    Ok(name)
}
