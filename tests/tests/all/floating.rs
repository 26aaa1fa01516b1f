//! Times without a zone in a file that computers in several zones follow.

use belfry_app::following::Follow;
use belfry_app::lists::Keep;
use belfry_tests::{Computer, World};
use serde_json::{Value, json};

const LIST: &str = "Hours";

fn shown(here: &Computer, title: &str) -> Value {
    let all = here.app.reminder_documents(Some(LIST)).expect("reminders");
    all.iter().map(|one| json!(one)).find(|one| one["title"] == title).unwrap_or(Value::Null)
}

#[tokio::test(start_paused = true)]
async fn two_computers_in_two_zones_agree_about_times_without_one() {
    let world = World::new();
    let one = world.bare_computer().await;
    let file = one.folder.path().join("hours.ics");
    let write = |titles: &[&str]| {
        let item = |(uid, title): (usize, &&str)| {
            let rule = if uid == 1 { "RRULE:FREQ=WEEKLY\r\nEXDATE:20261217T080000\r\n" } else { "" };
            format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART:20261210T080000\r\n{rule}END:VEVENT\r\n")
        };
        let items: String = titles.iter().enumerate().map(item).collect();
        std::fs::write(&file, format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n{items}END:VCALENDAR\r\n")).expect("written");
    };
    write(&["Tea", "Bins"]);
    let keep = Keep::In { account: None, calendar: None };
    one.app.add_followed_list(LIST, &Follow::path(&file), &keep).await.expect("a list");
    one.good_sync().await;
    world.in_zone("America/New_York");
    let two = world.bare_computer().await;
    two.app.add_followed_list(LIST, &Follow::path(&file), &keep).await.expect("a list");
    for round in 0..3 {
        world.writes();
        one.good_sync().await;
        two.good_sync().await;
        one.good_sync().await;
        // The mailbox says what the file does, and nobody puts anything back.
        assert_eq!(world.writes(), usize::from(round == 2), "round {round}");
        assert_eq!(shown(&two, "Tea")["zone"], "Europe/Berlin");
        if round == 1 {
            write(&["Tea", "Bins", "Late"]);
        }
    }
    assert_eq!(shown(&two, "Late")["zone"], "Europe/Berlin");
}
