//! Lists that follow a source: it is read before every sync, and what it says now is what the list holds.
//!
//! The source is right about everything but the person's own choices ([`belfry_core::Kept`]) and whether a reminder is done. What it does not name any more is removed here; whether
//! the events go with it is the plan's decision, and waits where it looks like an accident. Files and folders are looked at by every run and whenever they change; a feed by every
//! run that a person asked for, and once an hour.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use belfry_core::hold::is_suspicious;
use belfry_core::list::SourceTrouble;
use belfry_core::{Direction, List, ListId, Problem, ProblemCode, Reminder, ReminderId, Source};
use belfry_http::HttpError;
use belfry_ical::{ColumnMap, Contents};
use belfry_sources::{Found, Reading, SourceError, Validators};
use belfry_store::SourceRow;
use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;

use crate::app::App;
use crate::counted::counted;
use crate::error::AppError;
use crate::imports::{column_map, note_lost, set_aside};
use crate::lists::Keep;
use crate::typed_path;
use crate::undated::{with_dates_of, with_unsaid};

/// What a list is to follow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Follow {
    /// A file, a folder, or an address.
    pub from: String,
    /// Plain http is all right, though everybody on the way can read and change it.
    pub allow_http: bool,
    /// Which columns of a table are what.
    pub map: Option<String>,
}

impl Follow {
    /// A file or a folder.
    #[must_use]
    pub fn path(path: &Path) -> Self {
        Self { from: path.to_string_lossy().into_owned(), ..Self::default() }
    }
}

/// How often a feed is asked by itself, in minutes, where neither it nor its person says.
const FEED_EVERY: u32 = 60;
/// What a feed may want of that, in minutes.
const FEED_MAY_WISH: std::ops::RangeInclusive<u32> = 15..=24 * 60;
/// A server that wants to be left alone for longer is mistaken, or a clock is.
const LONGEST_WAIT: Duration = Duration::days(7);
/// So long a server is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
/// A source that could not be reached for so long is worth a word.
const SILENT_FOR: Duration = Duration::hours(24);

impl App {
    /// Adds a list that follows a file, a folder or a feed. It is read at once: what cannot be read is refused.
    ///
    /// # Errors
    /// The name is taken, the source cannot be used, or the target cannot.
    pub async fn add_followed_list(&self, name: &str, follow: &Follow, keep: &Keep) -> Result<List, AppError> {
        let (source, password) = source_of(follow)?;
        let list = match &source {
            Source::Feed(url) => self.fresh_list_with(name, ListId::of_feed(url))?,
            Source::File(_) | Source::Folder(_) => self.fresh_list(name)?,
        };
        let list = List { source: Some(source), direction: Direction::Source, ..list };
        let map = follow.map.as_deref().map(column_map).transpose()?;
        let found = match self.ask_with(&list, &Validators::default(), map.as_ref(), password.as_ref()).await? {
            Reading::Read(found) => *found,
            // Nothing was known of it: an answer that says so is none.
            Reading::Unchanged => return Err(not_asked()),
        };
        // One broken file among others holds up nothing of them; one that is all there is is a mistake.
        let mut found = found;
        if found.contents.reminders.is_empty() && !found.broken.is_empty() {
            return Err(app_error(found.broken.swap_remove(0)));
        }
        let list = List { target: self.target(keep).await?, ..list };
        self.keep_password(&list, password).await?;
        let now = self.now();
        self.store.save_list(&list)?;
        let wished_minutes = found.contents.refresh_minutes;
        let (validators, trouble) = self.take_in(&list, found, 0)?;
        let (is_whole, map) = (trouble.is_none(), follow.map.clone());
        let read = SourceRow { map, wished_minutes, is_whole, trouble, ..read_now(&validators, now) };
        self.store.save_source(list.id, &read)?;
        Ok(list)
    }

    /// Lets a list follow something else from now on. It is read at once, as if the old source said now what the new one does: what it does not name goes with the next sync, and
    /// waits where that looks like an accident.
    ///
    /// # Errors
    /// It is a typed list, or the source cannot be used.
    pub async fn follow_instead(&self, name: &str, follow: &Follow) -> Result<List, AppError> {
        let list = self.list(Some(name))?;
        if list.source.is_none() {
            return Err(AppError::bad(
                format!("The list `{}` is typed.", list.name),
                "Add another list that follows something, or import it.",
            ));
        }
        let (source, password) = source_of(follow)?;
        let is_known = list.source.as_ref().and_then(Source::host) == source.host();
        let before = list;
        let list = List { source: Some(source), ..before.clone() };
        // Another server is not told what was for this one.
        let password = if password.is_none() && is_known { self.password_of(&before).await? } else { password };
        let map = follow.map.as_deref().map(column_map).transpose()?;
        self.ask_with(&list, &Validators::default(), map.as_ref(), password.as_ref()).await?;
        self.keep_password(&list, password).await?;
        self.store.save_list(&list)?;
        self.store.save_source(list.id, &SourceRow { map: follow.map.clone(), ..SourceRow::default() })?;
        Ok(list)
    }

    /// A feed is asked by itself so often from now on; `None` is as often as it wants, else once an hour. Files and folders are looked at with every sync.
    ///
    /// # Errors
    /// The list follows no feed, or the time is out of range.
    pub fn read_every(&self, name: &str, minutes: Option<u32>) -> Result<List, AppError> {
        let list = self.list(Some(name))?;
        if !matches!(list.source, Some(Source::Feed(_))) {
            return Err(AppError::bad(
                format!("The list `{}` follows no feed.", list.name),
                "Files and folders are looked at with every sync.",
            ));
        }
        if minutes.is_some_and(|minutes| !(5..=7 * 24 * 60).contains(&minutes)) {
            return Err(AppError::bad("So often a feed cannot be read.", "Give 5m to 1w, or `auto`."));
        }
        let row = self.store.source(list.id)?;
        self.store.save_source(list.id, &SourceRow { chosen_minutes: minutes, ..row })?;
        Ok(list)
    }

    /// Reads the sources of these lists. What could not be read leaves its list as it was, and this run restores and removes nothing of it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn read_sources(&self, lists: &[List], run: i64, background: bool) -> Result<Vec<Problem>, AppError> {
        // Servers are slow and know nothing of each other.
        let all = lists.iter().filter(|list| list.source.is_some()).map(|list| self.read_source(list, run, background));
        let read = futures::future::join_all(all).await.into_iter().collect::<Result<Vec<Vec<Problem>>, AppError>>()?;
        Ok(read.into_iter().flatten().collect())
    }

    /// What is in the way of it, and what of it could not be read this time and could before.
    async fn read_source(&self, list: &List, run: i64, background: bool) -> Result<Vec<Problem>, AppError> {
        let (known, now) = (self.store.source(list.id)?, self.now());
        if background && !is_due(list, &known, now) {
            self.store.save_source(list.id, &SourceRow { is_whole: false, ..known.clone() })?;
            return Ok(trouble_of(list, &known, now).into_iter().collect());
        }
        let mut not_read = Vec::new();
        let map = known.map.as_deref().map(column_map).transpose()?;
        // Where something is open, what is there is looked at again, changed or not.
        let validators = known.validators.as_deref().filter(|_| known.trouble.is_none());
        let validators: Validators = validators.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let read = match self.ask(list, &validators, map.as_ref()).await {
            // Who was not told what is known here cannot know that it is the same.
            Ok(Reading::Unchanged) if validators == Validators::default() && matches!(list.source, Some(Source::Feed(_))) => {
                SourceRow { is_whole: false, tried_at: Some(now), ..unread(list, &known, &not_asked()) }
            }
            Err(error) => SourceRow { is_whole: false, tried_at: Some(now), ..unread(list, &known, &error) },
            Ok(Reading::Unchanged) => {
                SourceRow { is_whole: true, read_at: Some(now), tried_at: Some(now), trouble: None, waits_until: None, ..known }
            }
            Ok(Reading::Read(found)) => {
                let wished_minutes = found.contents.refresh_minutes;
                let (before, lost_before) = (self.set_aside_of(&list.name)?, self.lost(list)?);
                let (validators, trouble) = self.take_in(list, *found, run)?;
                if before != self.set_aside_of(&list.name)? {
                    not_read.extend(self.not_read(list)?);
                }
                not_read.extend(self.lost(list)?.filter(|lost| lost_before.as_ref() != Some(lost)));
                let (map, chosen_minutes) = (known.map, known.chosen_minutes);
                SourceRow { map, chosen_minutes, wished_minutes, is_whole: trouble.is_none(), trouble, ..read_now(&validators, now) }
            }
        };
        self.store.save_source(list.id, &read)?;
        // Who asks by hand wants to know at once.
        let patience = if background { SILENT_FOR } else { Duration::zero() };
        Ok(trouble_after(patience, list, &read, now).into_iter().chain(not_read).collect())
    }

    fn take_in(&self, list: &List, found: Found, run: i64) -> Result<(Validators, Option<(SourceTrouble, String)>), AppError> {
        let partly = found.broken.first().map(|error| {
            let others: Vec<String> = found.broken.iter().skip(1).take(2).map(ToString::to_string).collect();
            let more = match found.broken.len().saturating_sub(1 + others.len()) {
                0 => String::new(),
                more => format!("; and {more} more"),
            };
            let all = [vec![error.to_string()], others].concat().join("; ");
            (SourceTrouble::Partly, format!("Nothing of `{}` is removed while {all}{more}.", list.name))
        });
        let shrank = self.take_over(list, found.contents, partly.is_none(), run)?;
        Ok((found.validators, partly.or(shrank.map(|detail| (SourceTrouble::Shrank, detail)))))
    }

    /// Whether its server gave no answer when it was last asked, or one that is over by itself.
    pub(crate) fn is_unreached(&self, list: &List) -> Result<bool, AppError> {
        Ok(self.store.source(list.id)?.trouble.is_some_and(|(trouble, _)| trouble == SourceTrouble::Unreached))
    }

    /// What to tell of a list whose source was in trouble when it was last read.
    pub(crate) fn source_trouble(&self, list: &List) -> Result<Option<Problem>, AppError> {
        if list.source.is_none() {
            return Ok(None);
        }
        Ok(trouble_of(list, &self.store.source(list.id)?, self.now()))
    }

    /// When what a list follows was last read well.
    pub(crate) fn last_read(&self, list: &List) -> Result<Option<DateTime<Utc>>, AppError> {
        Ok(self.store.source(list.id)?.read_at)
    }

    /// Files and folders that lists follow, to be watched.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        let sources = self.store.lists().unwrap_or_default().into_iter().filter_map(|list| list.source);
        let path = |source: Source| match source {
            Source::File(path) | Source::Folder(path) => Some(PathBuf::from(path)),
            Source::Feed(_) => None,
        };
        sources.filter_map(path).collect()
    }

    async fn ask(&self, list: &List, validators: &Validators, map: Option<&ColumnMap>) -> Result<Reading, AppError> {
        let password = self.password_of(list).await?;
        self.ask_with(list, validators, map, password.as_ref()).await
    }

    async fn ask_with(
        &self,
        list: &List,
        validators: &Validators,
        map: Option<&ColumnMap>,
        password: Option<&SecretString>,
    ) -> Result<Reading, AppError> {
        let Some(source) = &list.source else { return Ok(Reading::Unchanged) };
        let into = self.read_into(list);
        let read = belfry_sources::read(source, &*self.ports.http, validators, &into, map, password);
        // A server that hangs holds up no mailbox.
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(read) => read.map_err(app_error),
            Err(_) => {
                let host = source.host().unwrap_or_else(|| "the source".to_owned());
                Err(AppError::Source(SourceError::Unreachable { source: HttpError::TimedOut { host } }))
            }
        }
    }

    /// Takes over what a source says. So much less than before waits for a person; the rest of what it says counts. What is not named is removed only when all of it was read.
    /// The sentence is that it shrank.
    fn take_over(&self, list: &List, contents: Contents, is_whole: bool, run: i64) -> Result<Option<String>, AppError> {
        let now = self.now();
        // An item that is named twice is what the last says.
        let named: BTreeMap<ReminderId, Reminder> = contents.reminders.into_iter().map(|reminder| (reminder.id, reminder)).collect();
        let names: BTreeSet<ReminderId> = named.keys().copied().collect();
        Ok(self.store.atomically(|store| {
            let before = store.listed(Some(list.id))?;
            for fresh in named.into_values() {
                let known = store.reminder(fresh.id)?;
                let fresh = with_unsaid(fresh, known.as_ref(), contents.columns.as_ref());
                let next = match &known {
                    None => Reminder { kept: store.take_kept(fresh.id)?, ..fresh },
                    Some(known) => following(fresh, known),
                };
                if known.as_ref() != Some(&next) {
                    store.save_reminder(&Reminder { changed_at: now, ..next })?;
                }
            }
            note_lost(store, list, &contents.left_out)?;
            set_aside(store, list, list.source.as_ref().map(Source::location).unwrap_or_default(), &contents.set_aside, now)?;
            if !is_whole {
                return Ok(None);
            }
            // What is named and cannot be read just now stays as it was.
            let is_named = |reminder: &Reminder| names.contains(&reminder.id) || contents.unread.names(reminder);
            let gone: Vec<&Reminder> = before.iter().map(|row| &row.reminder).filter(|reminder| !is_named(reminder)).collect();
            // What was asked stays asked, however much was added since.
            let waiting: BTreeSet<ReminderId> = store.shrunk(list.id)?.into_iter().collect();
            let is_asked = gone.iter().any(|reminder| waiting.contains(&reminder.id));
            let is_accident = is_asked || is_suspicious(gone.len(), before.len(), Direction::Source);
            let asked: BTreeSet<ReminderId> = gone.iter().filter(|_| is_accident).map(|gone| gone.id).collect();
            if !store.ask_shrunk(list.id, run, &asked)? && is_accident {
                return Ok(Some(shrank(list, gone.len(), before.len())));
            }
            for gone in gone {
                store.leave_kept(gone.id, &gone.kept)?;
                store.remove_reminder(gone.id)?;
            }
            Ok(None)
        })?)
    }
}

/// The answer to a question that was not put.
fn not_asked() -> AppError {
    AppError::Source(SourceError::Status { host: "its server".to_owned(), status: 304 })
}

/// A file, a folder or a feed, by what is there; and the password that stood in its address.
fn source_of(follow: &Follow) -> Result<(Source, Option<SecretString>), AppError> {
    let text = typed_path::bare(&follow.from);
    if let Some(mut url) = belfry_sources::address(text) {
        if !belfry_sources::is_allowed(&url, follow.allow_http) {
            return Err(AppError::bad(
                "Everybody on the way could read and change a feed over plain http.",
                "Use its https address, or say `--allow-http`.",
            ));
        }
        let password = belfry_sources::take_password(&mut url);
        return Ok((Source::Feed(url.into()), password));
    }
    let typed = typed_path::path(text);
    if text.contains("://") && typed_path::file_address(text).is_none() {
        return Err(AppError::bad("This is no address of a feed.", "Give one that begins with https:// or webcal://, a file or a folder."));
    }
    // The list outlives the folder that the command was given in.
    let path = std::path::absolute(&typed).map_err(|source| AppError::File { path: typed, source })?;
    let location = path.to_string_lossy().into_owned();
    Ok((if path.is_dir() { Source::Folder(location) } else { Source::File(location) }, None))
}

/// A look at a disk costs nothing; a feed is somebody's server.
fn is_due(list: &List, known: &SourceRow, now: DateTime<Utc>) -> bool {
    let is_feed = matches!(list.source, Some(Source::Feed(_)));
    let wished = known.wished_minutes.map(|minutes| minutes.clamp(*FEED_MAY_WISH.start(), *FEED_MAY_WISH.end()));
    let every = Duration::minutes(known.chosen_minutes.or(wished).unwrap_or(FEED_EVERY).into());
    let is_left_alone = known.waits_until.is_some_and(|until| now < until && until < now + LONGEST_WAIT);
    !is_feed || (!is_left_alone && known.tried_at.is_none_or(|at| now < at || at + every <= now))
}

fn read_now(validators: &Validators, now: DateTime<Utc>) -> SourceRow {
    let validators = serde_json::to_string(validators).ok();
    SourceRow { validators, read_at: Some(now), tried_at: Some(now), ..SourceRow::default() }
}

fn unread(list: &List, known: &SourceRow, error: &AppError) -> SourceRow {
    let kind =
        if matches!(error, AppError::Source(error) if error.is_passing()) { SourceTrouble::Unreached } else { SourceTrouble::Unread };
    let waits_until = match error {
        AppError::Source(SourceError::Busy { at, .. }) => Some(*at),
        _ => None,
    };
    let detail = format!("`{}` stays as it was: {}", list.name, error.problem().detail);
    SourceRow { trouble: Some((kind, detail)), waits_until, ..known.clone() }
}

/// A server that is away for a while is nobody's business until it was away for a day.
fn trouble_of(list: &List, row: &SourceRow, now: DateTime<Utc>) -> Option<Problem> {
    trouble_after(SILENT_FOR, list, row, now)
}

fn trouble_after(patience: Duration, list: &List, row: &SourceRow, now: DateTime<Utc>) -> Option<Problem> {
    let (trouble, detail) = row.trouble.clone()?;
    match trouble {
        SourceTrouble::Unreached if row.read_at.is_some_and(|at| now < at + patience) => None,
        SourceTrouble::Unreached | SourceTrouble::Unread | SourceTrouble::Partly => {
            Some(Problem::new(ProblemCode::SourceUnread, "A source could not be read", detail, mend(list)))
        }
        SourceTrouble::Shrank => {
            let action = format!("Look at the source of `{}`; if it is right, run `belfry sync --confirm`.", list.name);
            Some(Problem::new(ProblemCode::SourceShrank, "A source names much less than before", detail, action))
        }
    }
}

fn mend(list: &List) -> &'static str {
    match list.source {
        Some(Source::Feed(_)) => "Look at its address in a browser; Belfry asks it again with the next sync.",
        _ => "Mend the file or put it back; Belfry reads it again with the next sync.",
    }
}

pub(crate) fn app_error(error: SourceError) -> AppError {
    match error {
        SourceError::Unreadable { path, source } => AppError::File { path, source },
        SourceError::Malformed { path, source } => AppError::Malformed { path, source },
        other => AppError::Source(other),
    }
}

/// What the source says, with what it does not know of.
fn following(fresh: Reminder, known: &Reminder) -> Reminder {
    let next = Reminder { list: known.list, created_at: known.created_at, changed_at: known.changed_at, kept: known.kept.clone(), ..fresh };
    with_dates_of(next, known)
}

/// What is said about a source that shrank.
fn shrank(list: &List, gone: usize, before: usize) -> String {
    let (are, they) = if gone == 1 { ("is", "it stays") } else { ("are", "they stay") };
    format!(
        "{gone} of {} of `{}` {are} not in its source any more, which looks like an accident; {they} until you say that it is right.",
        counted(before, "reminder"),
        list.name
    )
}

#[cfg(test)]
mod tests;
