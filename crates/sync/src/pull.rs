//! Reads a calendar into the remote tree.
//!
//! The first pull opens the change feed, then lists every event that carries our marker. After that the change feed of the calendar view says what to look at: its rows of series are stubs, no row
//! shows the marker, and `@removed` only means "look again". A daily listing catches what the feed missed. Whatever breaks off leaves the
//! store as it was for the rest of the round; the next pull starts from the newest link that was stored with its rows.

mod each;
mod holding;

pub(crate) use each::Told;
pub use holding::Holding;

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::drill::{self, Flaw};
use belfry_core::expand::last_start;
use belfry_core::{Place, RemoteEvent};
use belfry_graph::{
    Batch, Delta, DeltaPage, DeltaRow, DeltaStart, EventKind, GetEvent, GetEventCalendar, GetSeries, Graph, GraphError, ListMarked,
    Mailbox, PAGE, SeenEvent, SeriesDates,
};
use belfry_store::{CalendarRow, Store, StoreError};
use chrono::{DateTime, Duration, NaiveDateTime, Timelike, Utc};

use crate::account::is_clock_right;
use crate::aside::Aside;
use crate::error::SyncError;
use crate::pages::Pages;

/// A listing is made at least this often.
pub(crate) const LISTING_EVERY: Duration = Duration::hours(24);
/// The window of the change feed, around today.
const WINDOW_BACK: Duration = Duration::days(7);
const WINDOW_AHEAD: Duration = Duration::days(60);
/// A window is used this long before a new one is opened.
const WINDOW_LIFE: Duration = Duration::days(7);

/// What a pull works with.
pub struct Pull<'a> {
    /// To the mailbox.
    pub graph: &'a Graph,
    /// Whose.
    pub mailbox: &'a Mailbox,
    /// To the database.
    pub store: &'a Store,
    /// What is put aside in this run.
    pub aside: &'a Aside,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Pull<'_> {
    /// Brings the remote tree of one calendar up to date.
    ///
    /// # Errors
    /// [`SyncError::CalendarGone`] when there is no such calendar; else that the mailbox or the database failed.
    pub async fn calendar(&self, place: &Place, name: &str) -> Result<(), SyncError> {
        let known = self.store.calendar(place)?;
        let fresh = CalendarRow { place: place.clone(), name: name.to_owned(), delta_link: None, window: None, listed_at: None };
        let mut row = known.map_or(fresh, |known| CalendarRow { name: name.to_owned(), ..known });
        let result = self.bring_up_to_date(&mut row).await;
        match result {
            Err(SyncError::Graph(GraphError::NotFound)) => Err(SyncError::CalendarGone(name.to_owned())),
            other => other,
        }
    }

    async fn bring_up_to_date(&self, row: &mut CalendarRow) -> Result<(), SyncError> {
        // One that begins ahead of now was opened by a clock that was wrong.
        if row.window.is_none_or(|(from, _)| from + WINDOW_BACK + WINDOW_LIFE < self.now || from > self.now) {
            row.delta_link = None;
        }
        let Some(link) = row.delta_link.clone() else { return self.begin(row).await };
        // An unanswered create may lie outside any window.
        let is_due = row.listed_at.is_none_or(|at| at + LISTING_EVERY < self.now || at > self.now);
        if is_due || self.store.has_unanswered(&row.place)? {
            self.list(row).await?;
        }
        // What became of an update without an answer may lie outside it too, and what was not shown the last time is in no feed any more.
        let unanswered = self.store.unanswered_updates(&row.place)?.into_iter().chain(self.aside.doubtful_at(&row.place));
        self.look_at(&row.place, unanswered.collect::<BTreeSet<String>>()).await?;
        match self.follow(row, link).await {
            // A link that Outlook does not take, whatever it calls that, is not asked again.
            Err(SyncError::Graph(GraphError::SyncStateGone | GraphError::Refused { status: 400, .. })) => {
                tracing::info!("the change feed is too old, or its link no good; listing anew");
                self.begin(row).await
            }
            other => other,
        }
    }

    /// Opens a window. The feed begins before the listing: what changes between the two is in the listing, and what changes after it in the feed.
    async fn begin(&self, row: &mut CalendarRow) -> Result<(), SyncError> {
        let midnight = self.now.with_hour(0).and_then(|at| at.with_minute(0)).and_then(|at| at.with_second(0)).unwrap_or(self.now);
        let (from, to) = (midnight - WINDOW_BACK, midnight + WINDOW_AHEAD);
        let mut start = DeltaStart::Window { calendar: row.place.calendar.clone(), from, to };
        let (mut there, mut dates, mut pages) = (BTreeSet::new(), Vec::new(), Pages::default());
        let link = loop {
            let page = self.graph.ask(&Delta { mailbox: self.mailbox.clone(), start }).await?;
            dates.extend(page.rows.iter().filter_map(date_of_series));
            there.extend(page.rows.iter().filter_map(|row| match row {
                DeltaRow::Removed(_) => None,
                DeltaRow::Present(seen) => Some(seen.master_id.as_ref().unwrap_or(&seen.event_id).clone()),
            }));
            match page.delta {
                Some(link) => break link,
                None => start = DeltaStart::Link(pages.next(page.next)?),
            }
        };
        is_clock_right(self.graph)?;
        row.delta_link = None;
        self.list(row).await?;
        self.store.atomically(|store| {
            // The listing has just shown all of ours; what it did not show is somebody else's.
            for id in &there {
                if store.event(&row.place.account, id)?.is_none() && !self.aside.is_doubtful(id) {
                    store.save_foreign(&row.place.account, id)?;
                }
            }
            store.forget_occurrences(&row.place)?;
            for (id, master) in &dates {
                // Also of one that was not shown yet: a date that goes before it is has no other name.
                if !store.is_foreign(&row.place.account, master)? {
                    store.save_occurrence(&row.place.account, id, master)?;
                }
            }
            (row.window, row.delta_link) = (Some((from, to)), Some(link));
            store.save_calendar(row)
        })?;
        Ok(())
    }

    /// Every event with our marker. What was known and is not listed is looked at by itself before it counts as gone.
    async fn list(&self, row: &mut CalendarRow) -> Result<(), SyncError> {
        let mut events = Vec::new();
        let (mut next, mut pages) = (None, Pages::default());
        loop {
            let page = self.graph.ask(&ListMarked { mailbox: self.mailbox.clone(), calendar: row.place.calendar.clone(), next }).await?;
            events.extend(page.events);
            match page.next {
                Some(link) => next = Some(pages.next(Some(link))?),
                None => break,
            }
        }
        let known = self.store.event_etags(&row.place)?;
        let listed: BTreeSet<&str> = events.iter().map(|event| event.event_id.as_str()).collect();
        let missing: Vec<String> = known.keys().filter(|id| !listed.contains(id.as_str())).cloned().collect();
        row.listed_at = Some(self.now);
        let (series, singles): (Vec<_>, Vec<_>) = events.iter().partition(|event| event.kind == EventKind::Master);
        self.store.atomically(|store| {
            for event in singles {
                if known.get(&event.event_id) != Some(&event.etag) {
                    self.record(store, &row.place, event)?;
                }
            }
            Ok(())
        })?;
        // A listing shows no single dates of a series, and nobody can say that a change of one changes the etag of the series.
        let ids = series.iter().map(|event| event.event_id.clone());
        self.look_at(&row.place, missing.into_iter().chain(ids)).await?;
        for event in &events {
            self.aside.listed(self.store, &row.place, event)?;
        }
        // The list shows whose it is all the same.
        for marker in series.iter().filter(|event| self.aside.is_unseen(&event.event_id)).filter_map(|event| event.marker.marker()) {
            self.aside.skip(marker.key.reminder);
        }
        self.store.save_calendar(row)?;
        Ok(())
    }

    /// Lists a place outside its turn.
    ///
    /// # Errors
    /// When the mailbox does not answer.
    pub async fn list_again(&self, place: &Place) -> Result<(), SyncError> {
        if let Some(mut row) = self.store.calendar(place)? {
            self.list(&mut row).await?;
        }
        Ok(())
    }

    /// Follows the change feed to its end.
    async fn follow(&self, row: &mut CalendarRow, link: String) -> Result<(), SyncError> {
        let mut start = DeltaStart::Link(link);
        let (mut changed, mut pages) = (BTreeSet::new(), Pages::default());
        loop {
            let page = self.graph.ask(&Delta { mailbox: self.mailbox.clone(), start }).await?;
            if let Some(link) = page.delta.as_ref().filter(|_| drill::has(Flaw::LinkBeforeRows)) {
                self.store.save_calendar(&CalendarRow { delta_link: Some(link.clone()), ..row.clone() })?;
            }
            let unsure = self.take(&row.place, &page)?;
            self.look_at(&row.place, unsure.unknown).await?;
            changed.extend(unsure.known);
            if let Some(link) = page.delta {
                let ends = self.ends(&row.place, &changed)?;
                self.look_at_ours(row, changed).await?;
                // What follows a series that Outlook has ended may lie outside the window.
                if self.some_end_sooner(&row.place, &ends)? {
                    self.list(row).await?;
                }
                row.delta_link = Some(link);
                self.store.save_calendar(row)?;
                return Ok(());
            }
            start = DeltaStart::Link(pages.next(page.next)?);
        }
    }

    /// When series among these events end, as they are known; `None` is never.
    fn ends(&self, place: &Place, ids: &BTreeSet<String>) -> Result<Vec<(String, Option<NaiveDateTime>)>, StoreError> {
        let mut ends = Vec::new();
        for id in ids {
            let series = self.store.event(&place.account, id)?.and_then(|event| Some((event.projection.rule?, event.projection.when)));
            ends.extend(series.map(|(rule, when)| (id.clone(), last_start(&rule, &when))));
        }
        Ok(ends)
    }

    fn some_end_sooner(&self, place: &Place, before: &[(String, Option<NaiveDateTime>)]) -> Result<bool, StoreError> {
        let before_of = |id: &str| before.iter().find(|(known, _)| known == id).and_then(|(_, end)| *end);
        let now = self.ends(place, &before.iter().map(|(id, _)| id.clone()).collect())?;
        Ok(now.iter().any(|(id, end)| end.is_some_and(|end| before_of(id).is_none_or(|before| end < before))))
    }

    /// Many events of ours at once are cheaper to list than to read: every event that was just made outside the window is reported as removed.
    async fn look_at_ours(&self, row: &mut CalendarRow, ids: BTreeSet<String>) -> Result<(), SyncError> {
        let all = self.store.count_events(&row.place)?;
        let is_cheaper = ids.len() > Batch::LIMIT && ids.len() * PAGE as usize > all * Batch::LIMIT;
        if is_cheaper { self.list(row).await } else { self.look_at(&row.place, ids).await }
    }

    /// Takes what a page says for sure and returns the ids that have to be looked at.
    fn take(&self, place: &Place, page: &DeltaPage) -> Result<Unsure, SyncError> {
        let mut unsure = Unsure::default();
        self.store.atomically(|store| {
            for row in &page.rows {
                let (id, seen) = match row {
                    DeltaRow::Removed(id) => (id, None),
                    DeltaRow::Present(seen) => (seen.master_id.as_ref().unwrap_or(&seen.event_id), Some(seen.as_ref())),
                };
                if let (DeltaRow::Removed(_), Some(master)) = (row, store.master_of(&place.account, id)?) {
                    unsure.known.insert(master);
                    continue;
                }
                let known = store.event(&place.account, id)?;
                // One that is not known yet is looked at, and may turn out to be ours.
                if let Some((id, master)) = date_of_series(row)
                    && !store.is_foreign(&place.account, &master)?
                {
                    store.save_occurrence(&place.account, &id, &master)?;
                }
                match (known, seen) {
                    // A date of a series that was cancelled has no row of its own: any row of the series means to look at it.
                    (Some(known), Some(seen)) if seen.etag == known.etag && seen.master_id.is_none() => {}
                    (Some(_), None) if drill::has(Flaw::RemovedBelieved) => store.remove_event(&place.account, id)?,
                    // No row shows the marker, and one that is gone makes the event somebody else's.
                    (Some(_), _) => drop(unsure.known.insert(id.clone())),
                    (None, None) => {}
                    (None, Some(_)) if store.is_foreign(&place.account, id)? => {}
                    (None, Some(_)) => drop(unsure.unknown.insert(id.clone())),
                }
            }
            Ok(())
        })?;
        Ok(unsure)
    }

    /// Reads events one by one, 20 to a request, and believes an absence only after asking twice: in its calendar, and anywhere.
    pub async fn look_at(&self, place: &Place, ids: impl IntoIterator<Item = String>) -> Result<(), SyncError> {
        let ids: Vec<String> = ids.into_iter().collect();
        let told = self.read(place, Some(&place.calendar), ids.clone()).await?;
        let absent = told.iter().filter(|(_, seen)| seen.is_none()).map(|(id, _)| id.clone()).collect();
        let seen = self.with_dates(place, Some(&place.calendar), told.into_iter().filter_map(|(_, seen)| seen).collect()).await?;
        self.store.atomically(|store| seen.iter().try_for_each(|event| self.record(store, place, event)))?;
        self.where_are(place, absent).await?;
        Ok(self.aside.is_seen(self.store, &ids)?)
    }

    async fn read(&self, place: &Place, calendar: Option<&str>, ids: Vec<String>) -> Result<Vec<(String, Option<SeenEvent>)>, SyncError> {
        let request = |id: String| {
            let calendar = calendar.map(str::to_owned);
            (id.clone(), GetEvent { mailbox: self.mailbox.clone(), calendar, event_id: id })
        };
        self.ask_each(place, ids.into_iter().map(request).collect()).await
    }

    /// Series with what they say about single dates, which nothing else shows.
    ///
    /// # Errors
    /// When the mailbox does not answer.
    pub async fn with_dates(&self, place: &Place, calendar: Option<&str>, seen: Vec<SeenEvent>) -> Result<Vec<SeenEvent>, SyncError> {
        let is_series = |event: &SeenEvent| event.kind == EventKind::Master && event.projection.is_some();
        let request = |event: &SeenEvent| {
            let (mailbox, calendar, event_id) = (self.mailbox.clone(), calendar.map(str::to_owned), event.event_id.clone());
            (event_id.clone(), GetSeries { mailbox, calendar, event_id })
        };
        let requests = seen.iter().filter(|event| is_series(event)).map(request).collect();
        let mut told: BTreeMap<String, Option<SeriesDates>> = self.ask_each(place, requests).await?.into_iter().collect();
        let mut whole = Vec::with_capacity(seen.len());
        for mut event in seen {
            if is_series(&event) {
                // Half of what it says is not what it says.
                let Some(dates) = told.remove(&event.event_id) else {
                    event.marker.marker().into_iter().for_each(|marker| self.aside.skip(marker.key.reminder));
                    continue;
                };
                let Some(dates) = dates else {
                    // It was there a moment ago. If it is gone, the next run finds it so.
                    self.aside.contradicts(self.store, place, &event)?;
                    continue;
                };
                event.is_meeting |= dates.is_meeting;
                if let Some(series) = event.projection.as_mut() {
                    series.occurrences = dates.of(series);
                }
            }
            whole.push(event);
        }
        Ok(whole)
    }

    /// Events that are not in their calendar: moved, or gone.
    async fn where_are(&self, place: &Place, ids: Vec<String>) -> Result<(), SyncError> {
        let request = |id: String| (id.clone(), GetEventCalendar { mailbox: self.mailbox.clone(), event_id: id });
        let mut here = Vec::new();
        for (id, calendar) in self.ask_each(place, ids.into_iter().map(request).collect()).await? {
            match calendar {
                Some(calendar) if calendar.id == place.calendar => here.push(id),
                Some(calendar) => self.is_elsewhere(place, &id, calendar.id)?,
                None => self.is_nowhere(place, &id)?,
            }
        }
        self.read_anyway(place, here).await
    }

    fn is_nowhere(&self, place: &Place, id: &str) -> Result<(), StoreError> {
        let known = self.store.event(&place.account, id)?;
        self.aside.absent(id, known.is_some().then_some(place));
        match known {
            Some(_) => self.store.remove_event(&place.account, id),
            None => self.aside.not_yet(self.store, place, id),
        }
    }

    fn is_elsewhere(&self, place: &Place, id: &str, calendar: String) -> Result<(), StoreError> {
        let Some(mut event) = self.store.event(&place.account, id)? else { return Ok(()) };
        event.moved_away |= event.place.calendar != calendar;
        event.place.calendar = calendar;
        self.store.save_event(&event)
    }

    /// Its calendar says that it does not have the event, and the event that it is in it: the event knows better, and is read by itself.
    async fn read_anyway(&self, place: &Place, ids: Vec<String>) -> Result<(), SyncError> {
        let seen = self.read(place, None, ids).await?.into_iter().map(|(_, seen)| seen.ok_or(GraphError::NotFound));
        for event in self.with_dates(place, None, seen.collect::<Result<_, _>>()?).await? {
            self.record(self.store, place, &event)?;
        }
        Ok(())
    }

    /// Records an event whose marker was shown.
    fn record(&self, store: &Store, place: &Place, seen: &SeenEvent) -> Result<(), StoreError> {
        let marker = seen.marker.marker().cloned();
        let known = store.event(&place.account, &seen.event_id)?;
        let was_ours = known.is_some();
        let moved_away = known.as_ref().is_some_and(|known| known.moved_away && known.place == *place);
        if let (None, Some(known)) = (&seen.projection, known) {
            tracing::warn!("an event of ours says something that no reminder can; it is left alone");
            return store.save_event(&RemoteEvent { is_meeting: true, etag: seen.etag.clone(), ..known });
        }
        if seen.projection.is_none() || (marker.is_none() && !was_ours) {
            return store.save_foreign(&place.account, &seen.event_id);
        }
        store.save_event(&RemoteEvent { moved_away, ..observed(place, seen, marker) })
    }
}

/// What a row calls a date of a series, and the series.
fn date_of_series(row: &DeltaRow) -> Option<(String, String)> {
    let DeltaRow::Present(seen) = row else { return None };
    Some((seen.event_id.clone(), seen.master_id.clone()?))
}

/// Ids that a page of the change feed names without saying enough.
#[derive(Default)]
struct Unsure {
    /// Of ours.
    known: BTreeSet<String>,
    /// Never seen before.
    unknown: BTreeSet<String>,
}

/// What was seen, as the store keeps it.
pub fn observed(place: &Place, seen: &SeenEvent, marker: Option<belfry_core::Marker>) -> RemoteEvent {
    RemoteEvent {
        place: place.clone(),
        event_id: seen.event_id.clone(),
        etag: seen.etag.clone(),
        marker,
        projection: seen.projection.clone().unwrap_or_else(unreadable),
        is_meeting: seen.is_meeting,
        moved_away: false,
        created_at: seen.created_at,
        modified_at: seen.modified_at,
    }
}

/// Stands in for an event without times; callers look before they record.
fn unreadable() -> belfry_core::Projection {
    belfry_core::Projection {
        title: String::new(),
        body: String::new(),
        when: belfry_core::When::Date(chrono::NaiveDate::default()),
        length: belfry_core::Length::Days(1),
        rule: None,
        occurrences: BTreeMap::new(),
        extra: BTreeSet::new(),
        alarm: None,
        category: None,
        more_categories: vec![],
        show_as: belfry_core::ShowAs::Free,
        private: false,
    }
}
