//! What every plan holds to, over trees that nobody thought of.
//!
//! A mailbox that does as it is told carries plans out here. Then: equal trees give equal plans, in whatever order they were put together; a plan's keys are independent of
//! each other; a few rounds end in rest; and nothing is ever written that does not carry our marker.
#![allow(clippy::expect_used, reason = "a test ends where it fails")]

use std::collections::{BTreeMap, BTreeSet};

use belfry_core::dates::{Dates, in_frame};
use belfry_core::decide::Local;
use belfry_core::marker::Key;
use belfry_core::merge::{Base, Merge};
use belfry_core::plan::{Action, Entry, FirstSync, Leave, ListFacts, Reason, Trees, plan};
use belfry_core::projection::{Field, OccurrenceProjection};
use belfry_core::slots::Holding;
use belfry_core::{
    Direction, Fingerprint, Length, Link, LinkState, ListId, Marker, Op, Operation, Place, Projection, ReminderId, RemoteEvent, ShowAs,
    When, Zone,
};
use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

fn at(minute: u8) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::minutes(i64::from(minute))
}

fn place(name: &str) -> Place {
    Place { account: "public/t/o".parse().expect("an id"), calendar: name.into() }
}

/// Few values, so that sides agree often.
fn projection() -> impl Strategy<Value = Projection> {
    (0..3_u8, 0..2_u8, prop::option::of(0..2_u32), 0..2_u8, prop::option::weighted(0.3, dates())).prop_map(
        |(title, day, alarm, category, dates)| Projection {
            title: format!("T{title}"),
            body: String::new(),
            when: moment(day + 1),
            length: Length::Minutes(30),
            rule: dates.is_some().then(|| "FREQ=DAILY".parse().expect("a rule")),
            occurrences: dates.unwrap_or_default(),
            extra: BTreeSet::new(),
            alarm: alarm.map(|alarm| alarm * 15),
            category: (category == 1).then(|| "Home".into()),
            more_categories: vec![],
            show_as: ShowAs::Free,
            private: false,
        },
    )
}

fn moment(day: u8) -> When {
    When::parse(&format!("2027-03-{day:02}T09:00"), Zone::UTC).expect("a time")
}

/// Single dates of a series: as in the series, cancelled, or called something else.
fn dates() -> impl Strategy<Value = Dates> {
    prop::collection::vec((8..10_u8, 0..3_u8), 0..3).prop_map(|dates| {
        let date = |(day, kind): (u8, u8)| {
            let own = || Projection {
                title: format!("D{kind}"),
                body: String::new(),
                when: moment(day),
                length: Length::Minutes(30),
                rule: None,
                occurrences: BTreeMap::new(),
                extra: BTreeSet::new(),
                alarm: None,
                category: None,
                more_categories: vec![],
                show_as: ShowAs::Free,
                private: false,
            };
            let date = if kind == 0 { OccurrenceProjection::Cancelled } else { OccurrenceProjection::Changed(Box::new(own())) };
            (moment(day), date)
        };
        dates.into_iter().map(date).collect()
    })
}

fn local() -> impl Strategy<Value = Local> {
    (projection(), 0..9_u8, prop::bool::weighted(0.1), 0..20_u8).prop_map(|(projection, changed, is_stale, held)| {
        let holding = match held {
            0 | 1 => Holding::Not("no such pattern".into()),
            2 | 3 => Holding::InParts("no such pattern".into()),
            _ => Holding::Whole,
        };
        let until = holding.is_in_parts().then(|| at(0).date_naive());
        Local { projection, created_at: at(0), changed_at: at(changed), is_stale, holding, until, helpers: None, date: None }
    })
}

/// An event of a key: at the list's place or another, perhaps a meeting, without its marker or a newer Belfry's.
fn event(key: Key, id: String) -> impl Strategy<Value = RemoteEvent> {
    (projection(), 0..4_u32, 0..9_u8, 0..12_u8).prop_map(move |(projection, generation, modified, kind)| RemoteEvent {
        place: place(if kind == 0 { "elsewhere" } else { "c" }),
        event_id: id.clone(),
        etag: "1".into(),
        marker: match kind {
            1 => None,
            2 => format!("2;{};{};main;1", key.list, key.reminder).parse().ok(),
            _ => Some(Marker::of(key.clone(), generation)),
        },
        projection,
        is_meeting: kind == 3,
        moved_away: kind == 0,
        created_at: at(modified / 2),
        modified_at: at(modified),
    })
}

fn link(key: Key) -> impl Strategy<Value = Link> {
    let state = prop::sample::select(LinkState::NAMES.iter().map(|(_, state)| *state).collect::<Vec<_>>());
    (state, projection(), projection(), prop::option::weighted(0.2, projection()), 0..4_u32, prop::option::weighted(0.8, 0..3_u8)).prop_map(
        move |(state, ours, theirs, sending, generation, event)| Link {
            event_id: event.map(|event| event.to_string()),
            refused: (state == LinkState::Refused).then(|| Fingerprint::of(&ours)),
            agreed_local: (state != LinkState::Creating).then(|| ours.clone()),
            agreed_remote: (state != LinkState::Creating).then_some(theirs),
            state,
            sending: sending.clone(),
            ..Link::creating(key.clone(), place("c"), generation, sending.unwrap_or(ours))
        },
    )
}

fn entry(list: ListId, number: u8) -> impl Strategy<Value = (Key, Entry)> {
    let key = Key::main(list, ReminderId::of_uid(list, &number.to_string()));
    let events: Vec<_> = (0..3_u8).map(|id| prop::option::weighted(0.4, event(key.clone(), format!("{number}-{id}")))).collect();
    (prop::option::weighted(0.8, local()), prop::option::weighted(0.7, link(key.clone())), events).prop_map(move |(local, link, events)| {
        let link = link.map(|link| Link { event_id: link.event_id.map(|event| format!("{number}-{event}")), ..link });
        // An event without our marker is known by its link only.
        let linked = link.as_ref().and_then(|link| link.event_id.clone());
        let is_known = |event: &RemoteEvent| event.marker.is_some() || Some(&event.event_id) == linked.as_ref();
        let events: Vec<RemoteEvent> = events.into_iter().flatten().filter(is_known).collect();
        let seen = events.iter().filter_map(|event| event.marker.as_ref()).map(|marker| marker.generation);
        let generation = seen.chain(link.iter().map(|link| link.generation)).max().unwrap_or(0);
        (
            key.clone(),
            Entry { has_reminder: local.is_some(), parted_elsewhere: false, date: None, local, link, events, generation, elsewhere: None },
        )
    })
}

fn trees() -> impl Strategy<Value = Trees> {
    let list = ListId::of_name("Household");
    let entries: Vec<_> = (0..5).map(|number| entry(list, number)).collect();
    let leaving = prop::option::weighted(0.1, prop::sample::select(vec![Leave::DeleteEvents, Leave::KeepEvents]));
    let first = prop::sample::select(vec![FirstSync::Settled, FirstSync::Settled, FirstSync::Asked(at(5)), FirstSync::Removed(at(5))]);
    (entries, any::<bool>(), any::<bool>(), leaving, first).prop_map(move |(entries, typed, whole, leaving, first_sync)| {
        let facts = ListFacts {
            direction: if typed { Direction::Both } else { Direction::Source },
            target: leaving.is_none().then(|| place("c")),
            source_is_whole: typed || whole,
            leaving,
            first_sync,
            resembles: false,
            places: BTreeSet::new(),
            gone: BTreeSet::new(),
            unstarted: false,
            linked: 40,
            removed: 0,
            waits: false,
            confirmed: BTreeSet::new(),
        };
        Trees { lists: [(list, facts)].into(), entries: entries.into_iter().collect() }
    })
}

/// A mailbox and a database that do as they are told.
fn carry_out(trees: &mut Trees, operation: &Operation) {
    let Some(entry) = trees.entries.get_mut(&operation.key) else { return };
    match &operation.action {
        Action::Create { place, generation, projection } => create(entry, &operation.key, place, *generation, projection),
        Action::Reconcile { event, merge, .. } => reconcile(entry, &operation.key, event, merge),
        Action::Delete { event } => {
            entry.events.retain(|other| other.event_id != event.event_id);
            let is_its = |link: &&mut Link| operation.op == Op::Delete && link.event_id.as_ref() == Some(&event.event_id);
            if let Some(link) = entry.link.as_mut().filter(is_its) {
                link.state = LinkState::Tombstone;
            }
        }
        Action::Mark { event, to } => {
            entry.events.retain(|other| other.event_id != event.event_id);
            entry.link = if to.is_some() { entry.link.take() } else { None };
        }
        Action::Help { helpers } => {
            if let Some(link) = entry.link.as_mut() {
                link.helpers.clone_from(helpers);
            }
        }
        Action::Dismiss => set_state(entry, &operation.key, LinkState::Dismissed),
        Action::Detach => set_state(entry, &operation.key, LinkState::Detached),
        Action::Forget => {
            entry.link = None;
            entry.events.retain(|event| event.marker.is_some());
        }
        Action::Part { place, projection, until, .. } => {
            let fresh = || Link::creating(operation.key.clone(), place.clone(), 0, (**projection).clone());
            let link = entry.link.take().unwrap_or_else(fresh);
            let (refused, until) = (Some(Fingerprint::of(projection)), *until);
            let place = place.clone();
            entry.link = Some(Link { state: LinkState::Parted, place, sending: None, event_id: None, refused, until, ..link });
        }
        Action::Refuse { place, projection, .. } => {
            let fresh = || Link::creating(operation.key.clone(), place.clone(), 0, (**projection).clone());
            let mut link = entry.link.take().unwrap_or_else(fresh);
            link.sending = None;
            link.refused = Some(Fingerprint::of(projection));
            if link.event_id.is_none() {
                link.state = LinkState::Refused;
            }
            entry.link = Some(link);
        }
    }
}

fn create(entry: &mut Entry, key: &Key, place: &Place, generation: u32, projection: &Projection) {
    let made = RemoteEvent {
        place: place.clone(),
        event_id: format!("made-{}-{generation}", key.reminder),
        etag: "1".into(),
        marker: Some(Marker::of(key.clone(), generation)),
        projection: projection.clone(),
        is_meeting: false,
        moved_away: false,
        created_at: at(20),
        modified_at: at(20),
    };
    entry.generation = entry.generation.max(generation);
    entry.link = Some(agreed(key, &made, projection));
    entry.events.push(made);
}

fn agreed(key: &Key, event: &RemoteEvent, local: &Projection) -> Link {
    let generation = event.marker.as_ref().map_or(1, |marker| marker.generation);
    Link {
        event_id: Some(event.event_id.clone()),
        sending: None,
        agreed_local: Some(local.clone()),
        agreed_remote: Some(event.projection.clone()),
        state: LinkState::Linked,
        ..Link::creating(key.clone(), event.place.clone(), generation, local.clone())
    }
}

fn reconcile(entry: &mut Entry, key: &Key, event: &RemoteEvent, merge: &Merge) {
    let fresh = || Local {
        projection: event.projection.clone(),
        created_at: event.created_at,
        changed_at: event.modified_at,
        is_stale: false,
        holding: Holding::Whole,
        until: None,
        helpers: None,
        date: None,
    };
    let mut local = entry.local.clone().unwrap_or_else(fresh);
    for field in merge.pull.iter().chain(&merge.keep).filter(|field| **field != Field::Occurrences) {
        local.projection.take(&event.projection, *field);
    }
    if merge.pull.contains(&Field::Occurrences) {
        local.projection.occurrences = merge.dates.here.clone().unwrap_or_else(|| event.projection.occurrences.clone());
    }
    local.projection.occurrences.extend(merge.dates.kept.iter().map(|day| (*day, OccurrenceProjection::Cancelled)));
    if local.projection.rule.is_none() {
        local.projection.occurrences.clear();
    }
    local.projection.occurrences = in_frame(&local.projection.occurrences, &local.projection.when);
    let mut written = event.clone();
    for field in &merge.write {
        written.projection.take(&local.projection, *field);
    }
    let before = entry.link.as_ref().and_then(|link| Base::of(link, event));
    let mut link = agreed(key, &written, &local.projection);
    if !merge.withheld.is_empty() {
        link.refused = entry.link.as_ref().and_then(|link| link.refused.clone());
        for field in &merge.withheld {
            let (ours, theirs) = before.as_ref().map_or((&event.projection, &event.projection), |base| (&base.local, &base.remote));
            link.agreed_local.as_mut().expect("agreed").take(ours, *field);
            link.agreed_remote.as_mut().expect("agreed").take(theirs, *field);
        }
    }
    entry.events.iter_mut().filter(|other| other.event_id == event.event_id).for_each(|other| *other = written.clone());
    entry.link = Some(link);
    entry.local = Some(local);
}

fn set_state(entry: &mut Entry, key: &Key, state: LinkState) {
    let fresh = entry.local.as_ref().map(|local| Link::creating(key.clone(), place("c"), entry.generation, local.projection.clone()));
    entry.link = entry.link.take().or(fresh).map(|link| Link { state, sending: None, ..link });
}

fn carried_out(trees: &Trees, operations: impl IntoIterator<Item = Operation>) -> Trees {
    let mut after = trees.clone();
    for operation in operations.into_iter().filter(|operation| operation.held.is_none()) {
        carry_out(&mut after, &operation);
    }
    after
}

/// What is about to be written or deleted in Outlook.
fn written(operation: &Operation) -> Option<&RemoteEvent> {
    match &operation.action {
        Action::Delete { event } | Action::Mark { event, .. } => Some(event),
        Action::Reconcile { event, merge, .. } if !merge.write.is_empty() => Some(event),
        _ => None,
    }
}

/// `PROPTEST_CASES=60000` for a long look.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_500)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equal_trees_give_equal_plans_in_whatever_order_they_were_seen(trees in trees()) {
        let mut turned = trees.clone();
        turned.entries.values_mut().for_each(|entry| entry.events.reverse());
        let once = plan(&trees);
        prop_assert_eq!(&once, &plan(&trees.clone()));
        prop_assert_eq!(&once, &plan(&turned));
    }

    #[test]
    fn nothing_is_written_that_is_not_ours(trees in trees()) {
        for operation in &plan(&trees).operations {
            if let Some(event) = written(operation) {
                let marker = event.marker.as_ref();
                prop_assert!(marker.is_some_and(|marker| marker.key == operation.key && !marker.is_newer()), "{operation:?}");
                prop_assert!(!event.is_meeting, "{operation:?}");
            }
        }
    }

    #[test]
    fn a_few_rounds_end_in_rest(trees in trees()) {
        let mut now = trees;
        for _ in 0..8 {
            now = carried_out(&now, plan(&now).operations);
        }
        let left = plan(&now);
        prop_assert!(left.is_empty(), "{left:#?}\n{now:#?}");
    }

    #[test]
    fn what_is_done_first_makes_no_difference(trees in trees(), order in any::<u64>()) {
        let operations = plan(&trees).operations;
        // Keys may come in any order; what is to be done to one of them keeps its own.
        let mut keys: Vec<Key> = operations.iter().map(|operation| operation.key.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        keys.sort_by_key(|key| Fingerprint::of_bytes(format!("{order}{key:?}").as_bytes()).0);
        let other: Vec<Operation> = keys.iter().flat_map(|key| operations.iter().filter(move |operation| operation.key == *key).cloned()).collect();
        prop_assert_eq!(carried_out(&trees, operations), carried_out(&trees, other));
    }

    #[test]
    fn who_edited_one_side_only_loses_nothing(trees in trees()) {
        for operation in &plan(&trees).operations {
            let Action::Reconcile { event, merge, .. } = &operation.action else { continue };
            let entry = &trees.entries[&operation.key];
            let (Some(local), Some(link)) = (&entry.local, &entry.link) else { continue };
            let Some(base) = Base::of(link, event).filter(|_| link.state == LinkState::Linked) else { continue };
            let is_restored = trees.lists[&operation.key.list].direction == Direction::Source;
            for field in Field::ALL {
                let theirs = !event.projection.means_same(&base.remote, field);
                let ours = !local.projection.same(&base.local, field);
                prop_assert!(theirs || !merge.pull.contains(&field) || operation.reason == Reason::EditedAfterRemoval, "{field:?} {operation:#?}");
                // A date that was changed there follows what its series says here in all else: edited since, or agreed though the other side says it in its own way.
                let differs = !local.projection.diff(&base.local).is_empty() || !base.local.diff_in_meaning(&base.remote).is_empty();
                let follows = field == Field::Occurrences && theirs && differs;
                prop_assert!(ours || follows || is_restored || !merge.write.contains(&field), "{field:?} {operation:#?}");
            }
        }
    }
}
