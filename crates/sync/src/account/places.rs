//! The calendars of a sync: found or made, pulled, and missed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use belfry_core::hold::Question;
use belfry_core::plan::{Action, Reason};
use belfry_core::{List, ListId, Marker, Place, Plan, Slot, Target};
use belfry_graph::{Calendar, GraphError};
use belfry_store::{CalendarRow, StoreError};
use chrono::{DateTime, Utc};

use super::{Mode, Run};
use crate::calendars;
use crate::error::SyncError;
use crate::progress::{Phase, Progress};
use crate::pull::Holding;
use crate::pull::{LISTING_EVERY, observed};

/// Events of one list in another calendar than its own.
pub(super) struct There {
    pub calendar: Calendar,
    pub markers: Vec<Marker>,
    /// When each of them was made.
    pub made: Vec<DateTime<Utc>>,
}

impl There {
    pub fn of(holding: &Holding, list: ListId) -> Self {
        let all = holding.events.iter().filter_map(|seen| Some((seen.marker.marker()?.clone(), seen.created_at)));
        let (markers, made) = all.filter(|(marker, _)| marker.key.list == list).unzip();
        Self { calendar: holding.calendar.clone(), markers, made }
    }
}

impl Run<'_> {
    /// Lists whose calendar is only a name get theirs: the one of that name, the one that holds their events already, or a new one. A dry run makes none.
    pub(super) async fn find_calendars(&mut self, mode: Mode) -> Result<(), SyncError> {
        for list in self.lists()? {
            let Some(target) = list.target.as_ref().filter(|target| target.calendar_id.is_none()) else { continue };
            let (begun, requests) = (tokio::time::Instant::now(), self.setup.graph.requests());
            let calendar = match calendars::named(self.own_calendars().await?, &target.calendar_name) {
                Some(found) if found.is_writable || mode == Mode::DryRun => Some(found),
                // Its own list waits, the others go on.
                Some(found) => {
                    let place = self.keep_in(&list, &found, mode)?;
                    self.applied.read_only.extend(place);
                    self.tell_read_only()?;
                    continue;
                }
                None => match self.holding_most(list.id).await? {
                    Some(calendar) => Some(calendar),
                    // Not even a calendar is made before the plan was seen.
                    None if mode == Mode::DryRun || self.setup.store.is_unstarted(list.id)? => None,
                    None => Some(calendars::make(self.setup.graph, &self.mailbox, &target.calendar_name).await?),
                },
            };
            let Some(calendar) = calendar else { continue };
            if let Some(place) = self.keep_in(&list, &calendar, mode)? {
                self.took(&place, requests, begun);
            }
        }
        Ok(())
    }

    /// The list is kept in this calendar from now on; `None` when its person said otherwise while the network was asked. A dry run only remembers it.
    pub(super) fn keep_in(&mut self, list: &List, calendar: &Calendar, mode: Mode) -> Result<Option<Place>, StoreError> {
        let account = self.account.id.clone();
        let target = Target { account: account.clone(), calendar_id: Some(calendar.id.clone()), calendar_name: calendar.name.clone() };
        let is_kept = match mode {
            Mode::Apply => self.setup.store.set_target(list.id, list.target.as_ref(), Some(&target))?,
            Mode::DryRun => {
                self.found.insert(list.id, target);
                true
            }
        };
        Ok(is_kept.then(|| Place { account, calendar: calendar.id.clone() }))
    }

    fn took(&mut self, place: &Place, requests_before: u64, begun: tokio::time::Instant) {
        self.applied.at(place).took(self.setup.graph.requests() - requests_before, begun.elapsed());
    }

    /// The person's own calendars; asked for once.
    async fn own_calendars(&mut self) -> Result<Vec<Calendar>, SyncError> {
        if self.calendars.is_none() {
            let own = calendars::own(calendars::all(self.setup.graph, &self.mailbox).await?);
            self.note_names(&own)?;
            self.calendars = Some(own);
        }
        Ok(self.calendars.clone().unwrap_or_default())
    }

    /// People rename calendars. By the name a calendar that vanished is looked for, so it has to be the one that it had last.
    fn note_names(&self, own: &[Calendar]) -> Result<(), StoreError> {
        let store = self.setup.store;
        for list in store.lists()?.into_iter().filter(|list| list.is_kept_in(&self.account.id)) {
            let Some(target) = &list.target else { continue };
            let named = own.iter().find(|calendar| target.calendar_id.as_ref() == Some(&calendar.id));
            if let Some(calendar) = named.filter(|calendar| calendar.name != target.calendar_name) {
                tracing::info!("a calendar was renamed");
                store.set_target(list.id, Some(target), Some(&Target { calendar_name: calendar.name.clone(), ..target.clone() }))?;
                let place = Place { account: self.account.id.clone(), calendar: calendar.id.clone() };
                if let Some(row) = store.calendar(&place)? {
                    store.save_calendar(&CalendarRow { name: calendar.name.clone(), ..row })?;
                }
            }
        }
        Ok(())
    }

    /// Names are looked at once a day, with the listing.
    async fn names_are_due(&mut self, places: &BTreeSet<Place>) -> Result<(), SyncError> {
        for place in places {
            let listed = self.setup.store.calendar(place)?.and_then(|row| row.listed_at);
            if listed.is_some_and(|at| at + LISTING_EVERY < self.setup.clock.now()) {
                self.own_calendars().await?;
            }
        }
        Ok(())
    }

    /// Calendars that this computer does not pull and that hold events of ours. What is there of lists that are not known here is remembered for the question whether
    /// a new list is the same.
    pub(super) async fn holding(&mut self) -> Result<Vec<Holding>, SyncError> {
        let own = self.own_calendars().await?;
        let known = self.places()?.into_iter().map(|place| place.calendar).collect();
        let holding = self.setup.pull(&self.mailbox, &self.aside).holding(&own, &known).await?;
        let lists: BTreeSet<ListId> = self.setup.store.lists()?.iter().map(|list| list.id).collect();
        self.strangers.clear();
        for one in &holding {
            let place = Place { account: self.account.id.clone(), calendar: one.calendar.id.clone() };
            let strange = one.events.iter().filter_map(|seen| {
                let marker = seen.marker.marker().filter(|marker| !lists.contains(&marker.key.list))?;
                seen.projection.is_some().then(|| observed(&place, seen, Some(marker.clone())))
            });
            self.strangers.extend(strange);
        }
        Ok(holding)
    }

    /// The calendar that holds most events of a list which are not known here, among those that this computer does not pull.
    pub(super) async fn holding_most(&mut self, list: ListId) -> Result<Option<Calendar>, SyncError> {
        let there: Vec<There> = self.holding().await?.iter().map(|holding| There::of(holding, list)).collect();
        Ok(self.most_unknown(there)?)
    }

    fn most_unknown(&self, there: Vec<There>) -> Result<Option<Calendar>, StoreError> {
        let mut most: Option<(usize, Calendar)> = None;
        for there in there {
            let mut count = 0;
            for marker in there.markers.iter().filter(|marker| is_of_reminder(marker)) {
                count += usize::from(self.is_unknown(marker)?);
            }
            if count > most.as_ref().map_or(0, |(most, _)| *most) {
                most = Some((count, there.calendar));
            }
        }
        Ok(most.map(|(_, calendar)| calendar))
    }

    /// Whether nothing is known here of the event of a marker, or of an earlier making only. What the person moved away is known.
    fn is_unknown(&self, marker: &Marker) -> Result<bool, StoreError> {
        Ok(self.setup.store.link(&marker.key)?.is_none_or(|link| marker.generation > link.generation))
    }

    /// Calendars to pull: targets of lists, places of events that are still linked, and of those that were not shown.
    fn places(&self) -> Result<BTreeSet<Place>, StoreError> {
        let targets = self.lists()?.iter().filter_map(List::place).collect::<Vec<Place>>();
        Ok(self.setup.store.places_of(&self.account.id)?.into_iter().chain(targets).chain(self.aside.doubtful_places()).collect())
    }

    pub(super) async fn pull(&mut self, mode: Mode) -> Result<(), SyncError> {
        let places = self.places()?;
        self.names_are_due(&places).await?;
        self.pull_these(places, mode).await
    }

    /// What is gone and is to be made anew may have been made anew already, by another computer and outside the window of the feed. Says whether there is something to plan anew.
    pub(super) async fn look_before_making_anew(&mut self, plan: &Plan) -> Result<bool, SyncError> {
        let anew = plan.operations.iter().filter(|operation| operation.held.is_none() && operation.reason != Reason::Moved);
        let places = anew.filter_map(|operation| match &operation.action {
            Action::Create { place, generation, .. } if *generation > 1 => Some(place.clone()),
            _ => None,
        });
        self.list_once(places.collect()).await
    }

    /// Lists these places outside their turn, each once in a run, and once more where anything was said not to be there since. Says whether any was listed.
    pub(super) async fn list_once(&mut self, places: BTreeSet<Place>) -> Result<bool, SyncError> {
        let mut is_news = false;
        for place in places {
            let absent = || self.aside.absent_at().get(&place).copied().unwrap_or(0);
            if self.relisted.get(&place).is_none_or(|then| *then < absent()) {
                self.setup.pull(&self.mailbox, &self.aside).list_again(&place).await?;
                self.relisted.insert(place.clone(), absent());
                is_news = true;
            }
        }
        Ok(is_news)
    }

    /// Before a run ends no absence is left that no listing confirms: an event at a place that a list has left is missed by no plan.
    pub(super) async fn list_what_is_absent(&mut self) -> Result<(), SyncError> {
        let places = self.aside.absent_at().into_keys().filter(|place| !self.gone.contains(place));
        for place in places.collect::<Vec<_>>() {
            match self.list_once(BTreeSet::from([place])).await {
                // It went with its calendar.
                Err(SyncError::Graph(GraphError::NotFound)) => {}
                listed => drop(listed?),
            }
        }
        Ok(())
    }

    /// A calendar that is gone stops its own lists and no others; one that no list is kept in any more is forgotten.
    pub(super) async fn pull_these(&mut self, places: impl IntoIterator<Item = Place>, mode: Mode) -> Result<(), SyncError> {
        let mut left: VecDeque<Place> = places.into_iter().collect();
        let (mut done, of) = (0, left.len());
        while let Some(place) = &left.pop_front() {
            let name = self.name_of(place)?;
            (self.setup.progress)(Progress { phase: Phase::Pull, done, of: of.max(done), what: name.clone() });
            done += 1;
            match self.pull_one(place, &name).await {
                Err(SyncError::CalendarGone(_)) if !self.is_target(place)? => {
                    self.setup.store.remove_events_at(place)?;
                    self.aside.is_gone(self.setup.store, place)?;
                }
                Err(error @ SyncError::CalendarGone(_)) => match self.found_again(place, &name, mode).await? {
                    Some(again) => left.push_back(again),
                    None => {
                        self.setup.store.set_gone(place, true)?;
                        self.waits(place, &error);
                    }
                },
                // The others may well answer: this one waits, with what is kept in it. Nothing was believed of it.
                Err(error @ SyncError::Graph(GraphError::Faulty { .. })) if of > 1 => self.waits(place, &error),
                result => result?,
            }
        }
        Ok(())
    }

    async fn pull_one(&mut self, place: &Place, name: &str) -> Result<(), SyncError> {
        let mailbox = self.mailbox.clone();
        let (begun, requests) = (tokio::time::Instant::now(), self.setup.graph.requests());
        let pulled = self.setup.pull(&mailbox, &self.aside).calendar(place, name).await;
        self.took(place, requests, begun);
        if pulled.is_ok() {
            self.setup.store.set_gone(place, false)?;
        }
        pulled
    }

    /// A calendar that is not there, or does not answer just now: its lists wait.
    fn waits(&mut self, place: &Place, error: &SyncError) {
        let problem = error.problem(&self.account.login);
        self.exit = self.exit.worse(problem.code.exit());
        self.applied.problems.push(problem);
        self.gone.insert(place.clone());
    }

    /// The calendar that takes the place of one that vanished: the one that holds its events, another one of its name, or a new one if the person said so. Else the
    /// question is put.
    async fn found_again(&mut self, place: &Place, name: &str, mode: Mode) -> Result<Option<Place>, SyncError> {
        let store = self.setup.store;
        let lists: Vec<List> = self.lists()?.into_iter().filter(|list| list.place().as_ref() == Some(place)).collect();
        // What was known may be as old as the mistake.
        self.calendars = None;
        let own = self.own_calendars().await?;
        if own.iter().any(|calendar| calendar.id == place.calendar) {
            // It is there, so the answer was a passing fault. Nothing is believed of what the feed said; the next run opens it anew.
            if let Some(row) = store.calendar(place)? {
                store.save_calendar(&CalendarRow { delta_link: None, ..row })?;
            }
            return Err(SyncError::Graph(GraphError::Faulty { status: 404, code: "ErrorItemNotFound".into() }));
        }
        let holding = self.holding().await?;
        let mut found = None;
        for list in &lists {
            let half = store.count_linked(list.id)?.div_ceil(2).max(1);
            let mut there = holding.iter().map(|holding| There::of(holding, list.id));
            found = found.or_else(|| there.find(|there| there.markers.len() >= half).map(|there| there.calendar));
        }
        let found = found.or_else(|| calendars::named(own, name)).filter(|found| found.is_writable);
        let calendar = match found {
            Some(calendar) => calendar,
            None if mode == Mode::Apply && self.may_make_anew(&lists)? => calendars::make(self.setup.graph, &self.mailbox, name).await?,
            None => {
                for list in &lists {
                    let count = u64::try_from(store.count_linked(list.id)?).unwrap_or(u64::MAX);
                    store.save_holds(list.id, self.setup.run, &[(Question::Vanished.name(list.id), count)], &[])?;
                }
                return Ok(None);
            }
        };
        tracing::info!("a calendar that vanished was found again or made anew");
        let mut again = None;
        for list in lists {
            again = self.keep_in(&list, &calendar, mode)?.or(again);
        }
        store.remove_events_at(place)?;
        // Nobody removed what is not in the new one: it went with the old one.
        store.set_gone(place, true)?;
        Ok(again)
    }

    /// Whether the person said that a calendar that vanished is to be made anew.
    fn may_make_anew(&self, lists: &[List]) -> Result<bool, StoreError> {
        let holds = self.setup.store.holds()?;
        let is_yes = |list: &List| {
            let question = Question::Vanished.name(list.id);
            holds.iter().any(|hold| hold.list == list.id && hold.name == question && hold.confirmed)
        };
        Ok(lists.iter().any(is_yes))
    }

    /// Lists of which no event is linked here: where another computer keeps them already, they are kept too, and a move that nobody goes on with is gone on with. Every
    /// calendar is asked at their first sync, and once a day as long as there is nothing. Events that the person moved out of a calendar that holds no others look the
    /// same; a list that is kept elsewhere is by far the more likely.
    pub(super) async fn meet_first(&mut self, mode: Mode) -> Result<(), SyncError> {
        let store = self.setup.store;
        for list in self.lists()? {
            let Some(place) = list.place() else { continue };
            if !store.is_bare(list.id)? || store.leaving(list.id)?.is_some() || self.gone.contains(&place) {
                continue;
            }
            let mut there = self.known_elsewhere(&list)?;
            there.extend(self.asked_once_a_day(&list, &place, mode).await?);
            if self.go_on_moving(&list, &place, &there, mode).await? || self.has_reminders_at(&place, list.id)? {
                continue;
            }
            if let Some(calendar) = self.most_unknown(there)? {
                self.move_to(list, &calendar, mode).await?;
            }
        }
        Ok(())
    }

    /// Events of a list in calendars that are not pulled; none when they were looked for in this run, or within a day.
    async fn asked_once_a_day(&mut self, list: &List, place: &Place, mode: Mode) -> Result<Vec<There>, SyncError> {
        let (store, now) = (self.setup.store, self.setup.clock.now());
        let last = store.looked_for_at(list.id)?;
        let is_recent = last.is_some_and(|last| last <= now && now < last + LISTING_EVERY);
        // What was added since may be what another computer has made already.
        let has_more = last.is_some_and(|last| store.newest(list.id).is_ok_and(|newest| newest.is_some_and(|newest| newest > last)));
        if self.looked_for.contains(&list.id) || (is_recent && !has_more) {
            return Ok(vec![]);
        }
        let (begun, requests) = (tokio::time::Instant::now(), self.setup.graph.requests());
        self.looked_for.insert(list.id);
        let there = self.holding().await?.iter().map(|holding| There::of(holding, list.id)).collect();
        if mode == Mode::Apply {
            store.set_looked_for(list.id, now)?;
        }
        self.took(place, requests, begun);
        Ok(there)
    }

    pub(super) fn has_events_at(&self, place: &Place, list: ListId) -> Result<bool, StoreError> {
        self.has_at(place, list, |_| true)
    }

    /// What a person wrote into single dates outlives its series, and does not come along when its list moves.
    fn has_reminders_at(&self, place: &Place, list: ListId) -> Result<bool, StoreError> {
        self.has_at(place, list, is_of_reminder)
    }

    fn has_at(&self, place: &Place, list: ListId, is_meant: impl Fn(&Marker) -> bool) -> Result<bool, StoreError> {
        Ok(self.setup.store.markers_of(&self.account.id, list)?.iter().any(|(at, marker, _)| at == place && is_meant(marker)))
    }

    /// Events of a list in calendars that this computer pulls anyway, for other lists.
    pub(super) fn known_elsewhere(&self, list: &List) -> Result<Vec<There>, StoreError> {
        let mut by_place: BTreeMap<Place, Vec<(Marker, DateTime<Utc>)>> = BTreeMap::new();
        for (place, marker, made) in self.setup.store.markers_of(&self.account.id, list.id)? {
            by_place.entry(place).or_default().push((marker, made));
        }
        by_place.retain(|place, _| list.place().as_ref() != Some(place));
        let there = by_place.into_iter().map(|(place, all)| {
            let name = self.name_of(&place)?;
            let (markers, made) = all.into_iter().unzip();
            Ok(There { calendar: Calendar { id: place.calendar, name, is_default: false, is_writable: true, owner: None }, markers, made })
        });
        there.collect()
    }

    fn is_target(&self, place: &Place) -> Result<bool, StoreError> {
        Ok(self.lists()?.iter().any(|list| list.place().as_ref() == Some(place)))
    }

    pub(super) fn name_of(&self, place: &Place) -> Result<String, StoreError> {
        let of_list =
            self.lists()?.into_iter().filter_map(|list| list.target).find(|target| target.calendar_id.as_ref() == Some(&place.calendar));
        let known = self.setup.store.calendar(place)?.map(|row| row.name);
        let listed =
            || self.calendars.iter().flatten().find(|calendar| calendar.id == place.calendar).map(|calendar| calendar.name.clone());
        Ok(of_list.map(|target| target.calendar_name).or(known).or_else(listed).unwrap_or_else(|| "another calendar".to_owned()))
    }

    /// Calendars that turned out to be read only: their lists wait.
    pub(super) fn tell_read_only(&mut self) -> Result<(), StoreError> {
        let mut said = BTreeSet::new();
        for place in self.applied.read_only.clone() {
            let problem = SyncError::ReadOnly(self.name_of(&place)?).problem(&self.account.login);
            if said.insert(place) && !self.applied.problems.contains(&problem) {
                self.exit = self.exit.worse(problem.code.exit());
                self.applied.problems.push(problem);
            }
        }
        Ok(())
    }
}

/// Whether it tells where a list is kept: a date that is an event of its own is where its series is, or was.
fn is_of_reminder(marker: &Marker) -> bool {
    matches!(marker.key.slot, Slot::Main | Slot::Part(_))
}
