//! The planner's budget: 10,000 links in less than 20 ms, and linear.
#![allow(clippy::print_stdout, missing_docs, reason = "a benchmark prints")]

use std::collections::BTreeSet;
use std::time::Instant;

use belfry_core::decide::Local;
use belfry_core::marker::Key;
use belfry_core::plan::{Entry, FirstSync, ListFacts, Trees, plan};
use belfry_core::slots::Holding;
use belfry_core::{Direction, Length, Link, LinkState, ListId, Marker, Place, Projection, ReminderId, RemoteEvent, ShowAs, When, Zone};

fn trees(count: usize) -> Option<Trees> {
    let list = ListId::of_name("Bench");
    let place = Place { account: "public/t/o".parse().ok()?, calendar: "c".into() };
    let mut trees = Trees::default();
    trees.lists.insert(list, facts(&place, count));
    for number in 0..count {
        let key = Key::main(list, ReminderId::of_uid(list, &number.to_string()));
        let projection = Projection {
            title: format!("Item {number}"),
            body: String::new(),
            when: When::parse("2027-03-03T09:00", Zone::UTC)?,
            length: Length::Minutes(30),
            rule: None,
            occurrences: std::collections::BTreeMap::new(),
            extra: BTreeSet::new(),
            alarm: Some(15),
            category: None,
            more_categories: vec![],
            show_as: ShowAs::Free,
            private: false,
        };
        let now = chrono::DateTime::UNIX_EPOCH;
        let event = RemoteEvent {
            place: place.clone(),
            event_id: number.to_string(),
            etag: String::new(),
            marker: Some(Marker::of(key.clone(), 1)),
            projection: projection.clone(),
            is_meeting: false,
            moved_away: false,
            created_at: now,
            modified_at: now,
        };
        let link = Link {
            event_id: Some(number.to_string()),
            sending: None,
            agreed_local: Some(projection.clone()),
            agreed_remote: Some(projection.clone()),
            state: LinkState::Linked,
            ..Link::creating(key.clone(), place.clone(), 1, projection.clone())
        };
        let mut local = projection;
        if number % 10 == 0 {
            local.title.push_str(" changed");
        }
        let local = Local {
            projection: local,
            created_at: now,
            changed_at: now,
            is_stale: false,
            holding: Holding::Whole,
            until: None,
            helpers: None,
            date: None,
        };
        trees.entries.insert(
            key,
            Entry {
                local: Some(local),
                link: Some(link),
                events: vec![event],
                generation: 1,
                elsewhere: None,
                has_reminder: true,
                parted_elsewhere: false,
                date: None,
            },
        );
    }
    Some(trees)
}

/// A typed list that has met its events.
fn facts(place: &Place, linked: usize) -> ListFacts {
    ListFacts {
        direction: Direction::Both,
        target: Some(place.clone()),
        source_is_whole: true,
        leaving: None,
        first_sync: FirstSync::Settled,
        resembles: false,
        places: BTreeSet::new(),
        gone: BTreeSet::new(),
        unstarted: false,
        linked,
        removed: 0,
        waits: false,
        confirmed: BTreeSet::new(),
    }
}

fn main() {
    for count in [2_500, 5_000, 10_000, 20_000] {
        let Some(trees) = trees(count) else { return };
        let best = (0..7)
            .map(|_| {
                let begun = Instant::now();
                let operations = plan(&trees).operations.len();
                (begun.elapsed(), operations)
            })
            .min();
        if let Some((time, operations)) = best {
            println!(
                "plan {count:6} links, {operations:5} operations: {:6.1} ms{}",
                time.as_secs_f64() * 1000.0,
                if count == 10_000 { "  budget < 20 ms" } else { "" }
            );
        }
    }
}
