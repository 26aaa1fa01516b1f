//! Copies of the database: one a day, one before anything that could spoil it, and the way back.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use belfry_core::{Problem, ProblemCode};
use belfry_store::{Store, StoreError};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::AppError;
use crate::home::Home;

/// So many of each kind are kept.
const KEPT: usize = 7;
const EVERY: Duration = Duration::hours(24);
const DAILY: &str = "daily";
const BY_HAND: &str = "by-hand";
const BEFORE_RESTORE: &str = "before-restore";
/// When the last daily one was made.
const MADE: &str = "backed_up_at";
/// That the last daily one holds no account or no reminder yet: it is of little use to go back to.
const BARE: &str = "backed_up_bare";
/// That the database was put back, until a sync ended well since.
const RESTORED: &str = "restored";

/// Whether everything can be put back to a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// It can.
    Whole,
    /// A newer Belfry made it.
    Newer,
    /// It is damaged, or cannot be read.
    Unreadable,
}

impl CopyState {
    /// Looks at all of the file, as a restore does.
    fn of(copy: &Path) -> Self {
        match Store::is_whole(copy) {
            Ok(()) => Self::Whole,
            Err(StoreError::Newer) => Self::Newer,
            Err(_) => Self::Unreadable,
        }
    }
}

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupDocument {
    /// Where it is.
    pub file: String,
    /// When it was made.
    pub at: Option<DateTime<Utc>>,
    /// How large it is.
    pub bytes: u64,
    /// Whether it is good for anything.
    pub state: CopyState,
}

impl BackupDocument {
    fn of(copy: &Path) -> Self {
        let known = std::fs::metadata(copy).ok();
        let at = known.as_ref().and_then(|known| known.modified().ok()).and_then(moment);
        let bytes = known.map_or(0, |known| known.len());
        Self { file: copy.to_string_lossy().into_owned(), at, bytes, state: CopyState::of(copy) }
    }
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoredDocument {
    /// The copy that everything is as in now.
    pub restored: String,
    /// How it was before.
    pub saved: String,
}

#[derive(Serialize, Deserialize)]
struct Restored {
    from: PathBuf,
    /// The damaged file, if that was why.
    aside: Option<PathBuf>,
    /// There was no database any more.
    #[serde(default)]
    was_gone: bool,
}

/// None where no calendar goes that far: a disk keeps any time.
fn moment(at: SystemTime) -> Option<DateTime<Utc>> {
    let since = at.duration_since(UNIX_EPOCH).ok()?;
    DateTime::from_timestamp(i64::try_from(since.as_secs()).ok()?, since.subsec_nanos())
}

fn folder(home: &Home) -> PathBuf {
    home.join("backups")
}

/// When a copy was made, as its name says.
fn made_at(copy: &Path) -> Option<DateTime<Utc>> {
    let name = copy.file_name()?.to_str()?;
    let at = chrono::NaiveDateTime::parse_from_str(name.get(..19)?, "%Y-%m-%dT%H-%M-%S").ok()?;
    Some(at.and_utc())
}

/// A name that says later than this was given under a clock that was wrong.
const NAMES_MAY_BE_AHEAD: Duration = Duration::hours(26);

/// Copies, the newest first: their names begin with the time. Those of the future come last: nobody knows when they were made, and they tell of no later state than the others.
fn copies(home: &Home, now: DateTime<Utc>) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(home)).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "db")).collect();
    let is_of_future = |copy: &PathBuf| made_at(copy).is_some_and(|at| at > now + NAMES_MAY_BE_AHEAD);
    all.sort_unstable_by_key(|copy| std::cmp::Reverse((!is_of_future(copy), copy.clone())));
    all
}

fn prune(home: &Home, now: DateTime<Utc>, label: &str) {
    let is_of = |path: &PathBuf| path.file_stem().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(label));
    for old in copies(home, now).into_iter().filter(is_of).skip(KEPT) {
        if let Err(error) = std::fs::remove_file(&old) {
            tracing::warn!(%error, "an old copy of the database cannot be removed");
        }
    }
}

impl App {
    /// The copies that there are, the newest first. Some thirty large ones take a second or two to look at: that is done beside everything else.
    pub async fn backups(&self) -> Vec<BackupDocument> {
        let (home, now) = (self.home.clone(), self.now());
        let looked = tokio::task::spawn_blocking(move || copies(&home, now).iter().map(|copy| BackupDocument::of(copy)).collect());
        looked.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the copies of the database cannot be looked at");
            Vec::new()
        })
    }

    /// Makes a copy now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn back_up(&self) -> Result<BackupDocument, AppError> {
        let file = self.store.back_up(&folder(&self.home), BY_HAND, self.now())?;
        Ok(BackupDocument { at: Some(self.now()), ..BackupDocument::of(&file) })
    }

    /// Makes the copy of the day, if it is due. That it cannot be made stops nothing.
    pub(crate) fn back_up_daily(&self) {
        if !self.store.has_file() {
            return;
        }
        let last = self.store.meta(MADE).ok().flatten().and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
        let is_recent = last.is_some_and(|last| self.now() < last + EVERY && last <= self.now());
        // On the first day the first one is made before there is anything: one with something in it follows with the next sync.
        let was_bare = || self.store.meta(BARE).is_ok_and(|text| text.as_deref() == Some("yes"));
        if is_recent && (!was_bare() || self.is_bare()) {
            return;
        }
        let is_bare = self.is_bare();
        let made = self.store.back_up(&folder(&self.home), DAILY, self.now()).and_then(|_| {
            self.store.set_meta(BARE, if is_bare { "yes" } else { "" })?;
            self.store.set_meta(MADE, &self.now().to_rfc3339())
        });
        match made {
            Ok(()) => [DAILY, "before-update", BEFORE_RESTORE, BY_HAND].into_iter().for_each(|label| prune(&self.home, self.now(), label)),
            Err(error) => tracing::warn!(%error, "the copy of the day cannot be made"),
        }
    }

    fn is_bare(&self) -> bool {
        self.store.accounts().is_ok_and(|all| all.is_empty()) || self.store.reminders_mark().is_ok_and(|(count, _)| count == 0)
    }

    /// Puts the database back to a copy; how it is now is saved first. What happened in Outlook since comes with the next sync.
    ///
    /// # Errors
    /// The copy is no whole one of ours, or a sync runs.
    pub async fn restore_backup(&self, file: &str) -> Result<RestoredDocument, AppError> {
        let given = crate::typed_path::path(file);
        let path = if given.is_file() { given } else { folder(&self.home).join(given) };
        if !path.is_file() {
            return Err(AppError::bad(format!("There is no copy `{file}`."), "`belfry backup ls` shows those that there are."));
        }
        let _lock = self.only_one().await?;
        Store::is_whole(&path).map_err(|error| no_copy(file, &error))?;
        let saved = self.store.back_up(&folder(&self.home), BEFORE_RESTORE, self.now())?;
        self.store.restore(&path)?;
        // What rang since rings no second time.
        self.set_rung(self.now())?;
        note_restored(&self.store, &Restored { from: path.clone(), aside: None, was_gone: false })?;
        Ok(RestoredDocument { restored: path.to_string_lossy().into_owned(), saved: saved.to_string_lossy().into_owned() })
    }

    /// What to tell of a database that was put back, until it is complete again and a person was told.
    pub(crate) fn restored(&self) -> Result<Option<Problem>, AppError> {
        let noted =
            self.store.meta(RESTORED)?.filter(|text| !text.is_empty()).and_then(|text| serde_json::from_str::<Restored>(&text).ok());
        let is_kept = self.store.lists()?.iter().any(|list| list.target.is_some());
        Ok(noted.map(|Restored { from, aside, was_gone }| {
            let copy = match made_at(&from) {
                Some(at) => format!("the copy of {}", self.zone().wall(at).format("%-d %B %Y at %H:%M")),
                None => format!("the copy {}", from.file_name().unwrap_or_default().to_string_lossy()),
            };
            let why = match aside {
                Some(aside) => format!(" The database was damaged and is kept as {}.", aside.display()),
                None if was_gone => " The database was not there any more.".to_owned(),
                None => String::new(),
            };
            let action = if is_kept {
                "Sync: what is in Outlook comes back by itself. Look at reminders that are on this computer only."
            } else {
                "No list of it is kept in Outlook: once one is, what is there comes back with a sync."
            };
            Problem::new(ProblemCode::DatabaseRestored, "Back to an earlier copy", format!("Everything here is as in {copy}.{why}"), action)
        }))
    }

    /// A sync that a person asked for ended well and said it: what is in Outlook is here again.
    pub(crate) fn is_complete_again(&self) -> Result<(), AppError> {
        if self.store.meta(RESTORED)?.is_some_and(|text| !text.is_empty()) { Ok(self.store.set_meta(RESTORED, "")?) } else { Ok(()) }
    }
}

fn note_restored(store: &Store, restored: &Restored) -> Result<(), StoreError> {
    store.set_meta(RESTORED, &serde_json::to_string(restored).unwrap_or_default())
}

fn no_copy(file: &str, error: &StoreError) -> AppError {
    match error {
        StoreError::Newer => AppError::bad(format!("A newer Belfry made the copy `{file}`."), "Update Belfry first."),
        _ => {
            AppError::bad(format!("`{file}` is no whole copy of a database of Belfry's."), "`belfry backup ls` shows those that there are.")
        }
    }
}

/// Opens the database of a home. Where it is damaged, or gone although there are copies of it, the newest whole copy takes its place; a damaged one is set aside, and without a copy
/// it stays as it is, and is an error.
///
/// # Errors
/// As [`Store::open`].
pub(crate) fn open_store(home: &Home, now: DateTime<Utc>) -> Result<Store, AppError> {
    let path = home.join("belfry.db");
    let open = || Store::open(&path, &folder(home), now);
    let copy = || copies(home, now).into_iter().find(|copy| Store::is_whole(copy).is_ok());
    // A power cut leaves an empty file as easily as a broken one. A new home has no copies.
    if std::fs::metadata(&path).map_or(true, |known| known.len() == 0) {
        return match copy() {
            Some(copy) => take_copy(home, copy, None, now),
            None => Ok(open()?),
        };
    }
    let doubt = home.join(DOUBTED);
    let is_bad = || doubt.exists().then(|| Store::is_whole(&path).err()).flatten();
    let damage = match open() {
        Err(damage @ StoreError::Unreadable(_)) => damage,
        // Damage in the middle of a file shows only where that is read.
        Ok(store) => match is_bad() {
            Some(damage @ StoreError::Unreadable(_)) => damage,
            _ => {
                let _ = std::fs::remove_file(&doubt);
                return Ok(store);
            }
        },
        Err(other) => return Err(other.into()),
    };
    let Some(copy) = copy() else { return Err(damage.into()) };
    tracing::error!(%damage, "the database is damaged; the newest whole copy takes its place");
    let aside = home.join(&format!("belfry-damaged-{}.db", now.format("%Y-%m-%dT%H-%M-%S")));
    std::fs::copy(&path, &aside).map_err(|source| AppError::HomeUnwritable { path: home.path().to_owned(), source })?;
    let store = take_copy(home, copy, Some(aside), now)?;
    let _ = std::fs::remove_file(&doubt);
    Ok(store)
}

/// There while something of the database could not be read and nobody has looked at the whole of it since.
const DOUBTED: &str = "belfry.db.doubted";

/// Damage was met in the middle of something: the next start looks at the whole database, and takes a copy of it where that is damaged.
pub fn note_damage(home: &Home, met: ProblemCode) {
    if met == ProblemCode::DatabaseUnreadable
        && let Err(error) = std::fs::write(home.join(DOUBTED), "")
    {
        tracing::error!(%error, "it cannot be remembered that the database is damaged");
    }
}

/// The copy takes the place of the database. Whatever happens between, there is a file of that name: what was there, or the whole copy.
fn take_copy(home: &Home, copy: PathBuf, aside: Option<PathBuf>, now: DateTime<Utc>) -> Result<Store, AppError> {
    let unwritable = |source| AppError::HomeUnwritable { path: home.path().to_owned(), source };
    let (path, part) = (home.join("belfry.db"), home.join("belfry.db.part"));
    std::fs::copy(&copy, &part).and_then(|_| std::fs::File::open(&part)?.sync_all()).map_err(unwritable)?;
    let lost = aside.clone().unwrap_or_else(|| home.join(&format!("belfry-lost-{}.db", now.format("%Y-%m-%dT%H-%M-%S"))));
    for left in ["belfry.db-wal", "belfry.db-shm"] {
        let _ = std::fs::rename(home.join(left), lost.with_extension(left.trim_start_matches("belfry.")));
    }
    std::fs::rename(&part, &path).map_err(unwritable)?;
    let store = Store::open(&path, &folder(home), now)?;
    store.ask_anew()?;
    store.set_meta(crate::ringing::RUNG, &now.to_rfc3339())?;
    let was_gone = aside.is_none();
    note_restored(&store, &Restored { from: copy, aside, was_gone })?;
    Ok(store)
}
