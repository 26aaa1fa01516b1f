//! Calendars of an account.

use belfry_core::Account;
use belfry_core::marker::Key;
use belfry_graph::{Calendar, GetWebLink, Mailbox};
use belfry_sync::SyncError;

use crate::app::App;
use crate::error::AppError;

impl App {
    /// The calendars of an account that are its own: nothing is kept in what others share with it.
    ///
    /// # Errors
    /// No access, no connection.
    pub async fn calendars(&self, account: Option<&str>) -> Result<(Account, Vec<Calendar>), AppError> {
        let account = self.with_calendars(account)?;
        let graph = self.graph(&account).await?;
        let all = belfry_sync::all_calendars(&graph, &Mailbox::Me).await.map_err(|error| self.noted(&account, error))?;
        Ok((account, belfry_sync::own_calendars(all)))
    }

    /// Makes a calendar, or finds the one of this name.
    ///
    /// # Errors
    /// No access, no connection, a name that is empty.
    pub async fn create_calendar(&self, account: Option<&str>, name: &str) -> Result<(Account, Calendar), AppError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(AppError::bad("A calendar needs a name.", "Name it."));
        }
        let account = self.with_calendars(account)?;
        let graph = self.graph(&account).await?;
        let calendar = belfry_sync::find_or_make(&graph, &Mailbox::Me, name).await.map_err(AppError::Graph)?;
        Ok((account, calendar))
    }

    /// The calendar of an id or an exact name.
    ///
    /// # Errors
    /// None or several, or not writable.
    pub async fn calendar(&self, account: Option<&str>, name: &str) -> Result<(Account, Calendar), AppError> {
        let (account, all) = self.calendars(account).await?;
        let mut fitting: Vec<Calendar> = all.into_iter().filter(|calendar| calendar.id == name || calendar.name == name).collect();
        match (fitting.len(), fitting.pop()) {
            (1, Some(calendar)) if calendar.is_writable => Ok((account, calendar)),
            (1, Some(calendar)) => Err(AppError::Graph(SyncError::ReadOnly(calendar.name))),
            (0, _) => Err(AppError::Unknown { kind: "calendar", name: name.to_owned() }),
            _ => Err(AppError::Ambiguous { kind: "calendar", name: name.to_owned() }),
        }
    }

    /// The address of a reminder's event in Outlook on the web; of one that is kept date by date that of its first event.
    ///
    /// # Errors
    /// It has no event, or the mailbox does not say.
    pub async fn page_in_outlook(&self, id: &str) -> Result<String, AppError> {
        let none = || AppError::bad("Outlook has no event of it.", "Sync first.");
        let reminder = self.reminder(id)?;
        let event_id = self.store.any_event_of(&Key::main(reminder.list, reminder.id))?.ok_or_else(none)?;
        let target = self.list_of(&reminder)?.target.ok_or_else(none)?;
        let account = self.with_calendars(Some(&target.account.to_string()))?;
        let graph = self.graph(&account).await?;
        let asked = graph.ask(&GetWebLink { mailbox: Mailbox::Me, event_id }).await.map_err(|error| self.noted(&account, error))?;
        // What a server says is opened by the browser only: no other program's scheme.
        asked.filter(|page| page.starts_with("https://")).ok_or_else(none)
    }

    /// An error of an account, after its state was recorded if a person has to do something.
    pub(crate) fn noted(&self, account: &Account, error: belfry_graph::GraphError) -> AppError {
        let claims = error.claims().map(str::to_owned);
        let error = AppError::from(error);
        if let Err(failure) = self.record(account, &error.problem(), claims.as_deref()) {
            tracing::warn!(%failure, "the state of the account could not be recorded");
        }
        error
    }
}
