//! How planning and a quiet sync grow: 100 to 100,000 links that agree, seeded into a database on disk. Both are to be linear or better, with memory.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs, reason = "a benchmark prints, and ends where it fails")]

use std::time::{Duration, Instant};

use belfry_core::marker::Key;
use belfry_core::plan::plan;
use belfry_core::slots::Holding;
use belfry_core::{Clock, Length, Link, LinkState, List, Marker, Place, Projection, Reminder, ReminderId, RemoteEvent, ShowAs, When, Zone};
use belfry_store::{Store, TreesOf};
use belfry_tests::{Computer, LIST, World};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];

fn reminder(list: &List, number: usize) -> Reminder {
    let at = chrono::DateTime::UNIX_EPOCH;
    Reminder {
        id: ReminderId::of_uid(list.id, &number.to_string()),
        list: list.id,
        title: format!("Item {number}"),
        notes: String::new(),
        when: When::parse(&format!("2027-{:02}-{:02}T09:00", 1 + number % 12, 1 + number % 28), Zone::UTC).expect("a time"),
        length: Length::Minutes(30),
        recurrence: None,
        alarms: vec![15],
        category: None,
        show_as: ShowAs::Free,
        private: false,
        link: None,
        done: false,
        created_at: at,
        changed_at: at,
        uid: None,
        kept: belfry_core::Kept::default(),
        other: vec![],
    }
}

/// Reminders whose events are as they should be.
fn seed(store: &Store, list: &List, place: &Place, count: usize) {
    let all: Result<(), _> = store.atomically(|store| {
        for number in 0..count {
            let reminder = reminder(list, number);
            let projection = Projection::of(&reminder);
            let key = Key::main(list.id, reminder.id);
            let link = Link {
                event_id: Some(format!("e{number}")),
                sending: None,
                agreed_local: Some(projection.clone()),
                agreed_remote: Some(projection.clone()),
                etag: Some("1".into()),
                state: LinkState::Linked,
                ..Link::creating(key.clone(), place.clone(), 1, projection.clone())
            };
            let event = RemoteEvent {
                place: place.clone(),
                event_id: format!("e{number}"),
                etag: "1".into(),
                marker: Some(Marker::of(key, 1)),
                projection,
                is_meeting: false,
                moved_away: false,
                created_at: reminder.created_at,
                modified_at: reminder.changed_at,
            };
            store.save_reminder(&reminder)?;
            store.save_link(&link)?;
            store.save_event(&event)?;
        }
        Ok(())
    });
    all.expect("seeded");
}

fn best(times: u32, mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..times).map(|_| once(&mut work)).min().unwrap_or_default()
}

/// The most memory that this process has held at once since [`forget_peak`], in MiB.
fn peak() -> usize {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) / 1024
}

/// What was held while the database was filled does not count.
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("forgotten");
}

async fn quiet(here: &Computer) -> Duration {
    let begun = Instant::now();
    here.good_sync().await;
    begun.elapsed()
}

async fn measure(count: usize) -> ([Duration; 4], usize) {
    let world = World::new();
    let here = world.computer().await;
    here.good_sync().await;
    let path = here.folder.path().join("belfry.db");
    let store = Store::open(&path, here.folder.path(), world.clock.now()).expect("a store");
    let list = store.list_named(LIST).expect("read").expect("a list");
    let place = list.place().expect("a place");
    seed(&store, &list, &place, count);
    let account = place.account.clone();
    let rules = belfry_sync::rules();
    let of = TreesOf { account: &account, now: world.clock.now(), holding: &|_| Holding::Whole, rules: &rules };
    forget_peak();
    // The first look notes that all agree; after that a quiet sync asks one number.
    let first = best(1, || assert!(plan(&store.trees(&of).expect("trees")).is_empty()));
    let again = best(5, || assert!(plan(&store.trees(&of).expect("trees")).is_empty()));
    let mut sync = Duration::MAX;
    for _ in 0..5 {
        sync = sync.min(quiet(&here).await);
    }
    for number in (0..count).step_by((count / 10).max(1)) {
        let edited = Reminder { title: "Changed".into(), ..reminder(&list, number) };
        store.save_reminder(&edited).expect("saved");
    }
    let ten = best(5, || assert_eq!(plan(&store.trees(&of).expect("trees")).operations.len(), 10));
    ([first, again, sync, ten], peak())
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    println!("{:>8}  {:>14}  {:>14}  {:>14}  {:>16}  {:>8}", "links", "first look", "nothing new", "quiet sync", "10 changed", "memory");
    let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    let mut before: Option<[Duration; 4]> = None;
    for count in SIZES {
        let (measured, held) = runtime.block_on(measure(count));
        let [first, again, sync, ten] = measured;
        let grew = before.map(|before| {
            let ratio = |index: usize| measured[index].as_secs_f64() / before[index].as_secs_f64().max(1e-9);
            format!("   x10 links: x{:.1}, x{:.1}, x{:.1}, x{:.1}", ratio(0), ratio(1), ratio(2), ratio(3))
        });
        println!(
            "{count:>8}  {:>14}  {:>14}  {:>14}  {:>16}  {:>4} MiB{}",
            ms(first),
            ms(again),
            ms(sync),
            ms(ten),
            held,
            grew.unwrap_or_default()
        );
        before = Some(measured);
    }
}
