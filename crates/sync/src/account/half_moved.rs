//! A move to another calendar that broke off, and the database that knew of it is lost: some reminders have events in two calendars, and those that were not reached yet are
//! where the list was. A move gives its events a later generation, so the markers tell where it went.

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::marker::Key;
use belfry_core::{List, Place};
use belfry_graph::Calendar;
use chrono::{DateTime, Utc};

use super::places::There;
use super::{Mode, Run};
use crate::error::SyncError;

/// One making of an event: its generation, its calendar, and when it was made.
type Making<'a> = (u32, &'a str, DateTime<Utc>);

/// Where a list was being moved.
struct HalfMoved {
    to: String,
    from: BTreeSet<String>,
}

impl Run<'_> {
    /// Goes on with a move that its events tell of: the list is kept where it went, and what is left of it where it was is followed until nothing is. Says whether there is
    /// one.
    pub(super) async fn go_on_moving(&mut self, list: &List, here: &Place, there: &[There], mode: Mode) -> Result<bool, SyncError> {
        let store = self.setup.store;
        let ours = store.markers_of(&self.account.id, list.id)?.into_iter().filter(|(place, ..)| place == here);
        let (markers, made) = ours.map(|(_, marker, made)| (marker, made)).unzip();
        let calendar = Calendar { id: here.calendar.clone(), name: self.name_of(here)?, is_default: false, is_writable: true, owner: None };
        let here_too = There { calendar, markers, made };
        let all: Vec<&There> = there.iter().chain([&here_too]).collect();
        let Some(half) = half_moved(&all) else { return Ok(false) };
        tracing::info!("a move of a list to another calendar broke off; it goes on");
        store.set_left_behind(list.id, &self.account.id, &half.from)?;
        if let Some(to) = all.iter().find(|there| there.calendar.id == half.to && half.to != here.calendar) {
            self.move_to(list.clone(), &to.calendar, mode).await?;
        }
        let left = store.left_behind(list.id, &self.account.id)?;
        self.pull_these(left.into_iter().filter(|place| place != here), mode).await?;
        Ok(true)
    }

    /// What was left behind and is gone now is not followed any longer.
    pub(super) fn forget_what_moved(&self) -> Result<(), SyncError> {
        let store = self.setup.store;
        for list in self.lists()? {
            let left = store.left_behind(list.id, &self.account.id)?;
            let mut still = BTreeSet::new();
            for place in &left {
                if self.has_events_at(place, list.id)? {
                    still.insert(place.calendar.clone());
                }
            }
            if still.len() < left.len() {
                store.set_left_behind(list.id, &self.account.id, &still)?;
            }
        }
        Ok(())
    }
}

/// Reminders with events of several generations in several calendars: most of the latest are where the list went. All that is there was made after what was left behind; where it was
/// not, a person moved one event away that was made again since, and that one is theirs.
fn half_moved(there: &[&There]) -> Option<HalfMoved> {
    let mut makings: BTreeMap<&Key, Vec<Making<'_>>> = BTreeMap::new();
    for there in there {
        for (marker, made) in there.markers.iter().zip(&there.made) {
            makings.entry(&marker.key).or_default().push((marker.generation, &there.calendar.id, *made));
        }
    }
    let (mut went, mut left): (BTreeMap<&str, usize>, Vec<Making<'_>>) = Default::default();
    for makings in makings.values() {
        let Some((latest, calendar, _)) = makings.iter().max() else { continue };
        let earlier: Vec<_> = makings.iter().filter(|(generation, at, _)| generation < latest && at != calendar).collect();
        if !earlier.is_empty() {
            *went.entry(calendar).or_default() += 1;
            left.extend(earlier);
        }
    }
    let (to, _) = went.into_iter().max_by_key(|(_, count)| *count)?;
    let first = there.iter().filter(|there| there.calendar.id == to).flat_map(|there| &there.made).min()?;
    let from = left.into_iter().filter(|(_, at, made)| *at != to && made < first).map(|(_, at, _)| at.to_owned()).collect::<BTreeSet<_>>();
    (!from.is_empty()).then(|| HalfMoved { to: to.to_owned(), from })
}
