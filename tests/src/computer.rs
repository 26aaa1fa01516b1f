//! One computer of the person's.

use belfry_app::App;
use belfry_app::syncing::{SyncDocument, SyncOptions};
use belfry_core::Exit;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{LIST, TestVault};

/// One of the person's computers.
pub struct Computer {
    /// What runs on it.
    pub app: App,
    /// Its home; gone with the computer.
    pub folder: TempDir,
    /// Its keychain.
    pub vault: TestVault,
    /// By how much its clock is wrong.
    pub off: crate::clock::Off,
}

impl Computer {
    /// Syncs.
    ///
    /// # Panics
    /// When nothing could even be tried.
    pub async fn sync(&self) -> (Value, Exit) {
        self.sync_with(SyncOptions::default()).await
    }

    /// Syncs with options.
    ///
    /// # Panics
    /// When nothing could even be tried.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub async fn sync_with(&self, options: SyncOptions) -> (Value, Exit) {
        let (document, exit): (SyncDocument, Exit) = self.app.sync(&options, &|_| {}).await.expect("a sync");
        (serde_json::to_value(document).expect("json"), exit)
    }

    /// Syncs and wants it to end well; gives the counts of the calendar.
    ///
    /// # Panics
    /// When it does not.
    pub async fn good_sync(&self) -> Value {
        let (document, exit) = self.sync().await;
        assert_eq!(exit, Exit::Done, "{document:#}");
        document.pointer("/accounts/0/calendars/0").cloned().unwrap_or(Value::Null)
    }

    /// Adds a timed reminder to the list.
    ///
    /// # Panics
    /// When it cannot be added.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub fn add(&self, title: &str, at: &str) -> String {
        let wish = belfry_app::reminders::ReminderWish {
            title: Some(title.into()),
            at: Some(at.into()),
            list: Some(LIST.into()),
            ..Default::default()
        };
        self.app.add_reminder(&wish).expect("added").id.to_string()
    }

    /// Changes a reminder.
    ///
    /// # Panics
    /// When it cannot be changed.
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub fn edit(&self, id: &str, wish: &belfry_app::reminders::ReminderWish) {
        self.app.edit_reminder(id, wish).expect("edited");
    }

    /// The id of the reminder of a title.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub fn id_of(&self, title: &str) -> String {
        let all = self.reminders();
        let this = all.iter().find(|one| one.get("title").and_then(Value::as_str) == Some(title));
        this.and_then(|one| one.get("id")).and_then(Value::as_str).expect("a reminder of this title").to_owned()
    }

    /// The reminder documents of the list.
    ///
    /// # Panics
    /// When the database fails.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the test ends here")]
    pub fn reminders(&self) -> Vec<Value> {
        let documents = self.app.reminder_documents(Some(LIST)).expect("reminders");
        documents.iter().map(|document| json!(document)).collect()
    }

    /// Titles and states of the list, sorted by title.
    #[must_use]
    pub fn titles(&self) -> Vec<(String, String)> {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut all: Vec<(String, String)> = self.reminders().iter().map(|one| (text(one, "title"), text(one, "state"))).collect();
        all.sort();
        all
    }
}
