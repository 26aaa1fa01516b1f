//! A series that Outlook cannot hold any more on one computer, and is edited on another.

use belfry_app::reminders::ReminderWish;
use belfry_tests::{Computer, World};

use crate::dates::{quiet, titled, weekly};

fn ruled(rule: &str) -> ReminderWish {
    ReminderWish { repeat: Some(rule.into()), ..ReminderWish::default() }
}

const UNHOLDABLE: &str = "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4";

async fn two(world: &World) -> (Computer, Computer, String) {
    let (here, there) = (world.computer().await, world.computer().await);
    let id = weekly(&here);
    here.good_sync().await;
    there.good_sync().await;
    (here, there, id)
}

/// Neither edit is lost: the rule of one, the title of the other.
#[tokio::test(start_paused = true)]
async fn the_rule_of_one_computer_and_the_title_of_the_other_both_hold() {
    for is_ruled_first in [true, false] {
        let world = World::new();
        let (here, there, id) = two(&world).await;
        let minutes = || world.clock.pass(chrono::Duration::minutes(2));
        for is_rule in [is_ruled_first, !is_ruled_first] {
            minutes();
            if is_rule {
                here.edit(&id, &ReminderWish { at: Some("2026-12-31T09:00".into()), ..ruled(UNHOLDABLE) });
            } else {
                there.edit(&id, &titled("Bins and paper"));
            }
        }
        for _ in 0..3 {
            minutes();
            here.good_sync().await;
            there.good_sync().await;
        }
        let known = here.app.reminder(&id).expect("there");
        let rule = known.recurrence.expect("a series").rule.to_string();
        assert_eq!((known.title.as_str(), rule.as_str()), ("Bins and paper", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=31"), "{is_ruled_first}");
        quiet(&world, &[&here, &there]).await;
    }
}
