//! `calendarView/delta` about series.

use belfry_simulator::{Doubts, SeriesDoubts};
use serde_json::{Value, json};

use super::{Office, WINDOW, path, times};

struct Feed(String);

impl Feed {
    async fn begin(office: &Office) -> Self {
        let mut feed = Self(format!("calendarView/delta?{WINDOW}"));
        feed.round(office).await;
        feed
    }

    /// The rows since the last round.
    async fn round(&mut self, office: &Office) -> Vec<Value> {
        let page = office.get(&self.0).await;
        self.0 = page["@odata.deltaLink"].as_str().unwrap().to_owned();
        page["value"].as_array().unwrap().clone()
    }

    /// Kind and date of each row since the last round.
    async fn kinds(&mut self, office: &Office) -> Vec<String> {
        self.round(office).await.iter().map(kind).collect()
    }
}

fn kind(row: &Value) -> String {
    let date = row["start"]["dateTime"].as_str().map(|text| text[..10].to_owned());
    let id = || row["id"].as_str().and_then(|id| id.rsplit_once('.')).map_or("?", |(_, date)| date).to_owned();
    let what = if row.get("@removed").is_some() { "removed" } else { row["type"].as_str().unwrap() };
    format!("{what} {}", date.unwrap_or_else(id))
}

fn doubts(change: impl FnOnce(&mut SeriesDoubts)) -> SeriesDoubts {
    let mut doubts = SeriesDoubts::default();
    change(&mut doubts);
    doubts
}

#[tokio::test]
async fn a_first_round_shows_exceptions_whole_and_occurrences_as_stubs() {
    for delta_shows_exceptions_whole in [true, false] {
        let office = Office::with(doubts(|doubts| doubts.delta_shows_exceptions_whole = delta_shows_exceptions_whole));
        let master = office.weekly().await;
        office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
        office.good("DELETE", &office.date(&master, "2026-12-15"), Value::Null).await;
        let rows = Feed(format!("calendarView/delta?{WINDOW}")).round(&office).await;
        let kinds: Vec<String> = rows.iter().map(kind).collect();
        assert_eq!(
            kinds,
            ["occurrence 2026-12-01", "exception 2026-12-08", "occurrence 2026-12-22", "occurrence 2026-12-29", "occurrence 2027-01-05"]
        );
        assert_eq!(rows[0].as_object().unwrap().len(), 7, "{}", rows[0]);
        assert_eq!(rows[1].get("subject").is_some(), delta_shows_exceptions_whole);
        assert_eq!(rows[1]["seriesMasterId"], master.as_str());
        assert!(rows.iter().all(|row| row["@odata.type"] == "#microsoft.graph.event"));
    }
}

#[tokio::test]
async fn a_changed_date_brings_the_series_or_itself_alone() {
    let office = Office::new();
    let master = office.weekly().await;
    let mut feed = Feed::begin(&office).await;
    office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
    let kinds = feed.kinds(&office).await;
    assert_eq!((kinds.len(), kinds[1].as_str()), (6, "exception 2026-12-08"));
    assert_eq!(feed.kinds(&office).await, [""; 0]);

    let office = Office::with(doubts(|doubts| doubts.exception_changes_master = false));
    let master = office.weekly().await;
    let mut feed = Feed::begin(&office).await;
    office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
    assert_eq!(feed.kinds(&office).await, ["exception 2026-12-08"]);
    office.simulator.set_doubts(Doubts { delta_shows_masters: true, ..Doubts::default() });
    office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Again"})).await;
    assert_eq!(feed.kinds(&office).await, ["seriesMaster 2026-12-01", "exception 2026-12-08"]);
}

#[tokio::test]
async fn a_cancelled_date_shows_as_removed_or_by_its_absence() {
    for exception_changes_master in [true, false] {
        for delta_removes_cancelled in [true, false] {
            let office = Office::with(doubts(|doubts| {
                doubts.exception_changes_master = exception_changes_master;
                doubts.delta_removes_cancelled = delta_removes_cancelled;
            }));
            let master = office.weekly().await;
            let mut feed = Feed::begin(&office).await;
            office.good("DELETE", &office.date(&master, "2026-12-08"), Value::Null).await;
            let kinds = feed.kinds(&office).await;
            let removed = kinds.iter().filter(|kind| kind.as_str() == "removed 20261208").count();
            let others = kinds.len() - removed;
            let expected = match (exception_changes_master, delta_removes_cancelled) {
                (false, true) => (1, 0),
                (_, removes) => (usize::from(removes), 5),
            };
            assert_eq!((removed, others), expected, "{kinds:?}");
            assert_eq!(feed.kinds(&office).await, [""; 0]);
        }
    }
}

#[tokio::test]
async fn what_leaves_the_window_shows_as_removed() {
    let office = Office::with(doubts(|doubts| doubts.exception_changes_master = false));
    let master = office.weekly().await;
    let mut feed = Feed::begin(&office).await;
    let last = office.date(&master, "2027-01-05");
    office.good("PATCH", &last, times("2027-02-10T09:00:00", "2027-02-10T09:30:00")).await;
    assert_eq!(feed.kinds(&office).await, ["removed 20270105"]);
    office.good("PATCH", &last, times("2027-01-10T09:00:00", "2027-01-10T09:30:00")).await;
    assert_eq!(feed.kinds(&office).await, ["exception 2027-01-10"]);
    office.simulator.set_doubts(Doubts { delta_removes_outside: false, ..Doubts::default() });
    office.good("PATCH", &last, times("2027-02-10T09:00:00", "2027-02-10T09:30:00")).await;
    office.good("DELETE", &office.date(&master, "2026-12-29"), Value::Null).await;
    assert_eq!(feed.kinds(&office).await, ["removed 20261229"]);
}

#[tokio::test]
async fn a_date_that_is_cancelled_outside_the_window_shows_where_such_changes_do() {
    for delta_removes_outside in [true, false] {
        let office = Office::with(doubts(|doubts| doubts.exception_changes_master = false));
        office.simulator.set_doubts(Doubts { delta_removes_outside, ..Doubts::default() });
        let master = office.weekly().await;
        let mut feed = Feed("calendarView/delta?startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-20T00:00:00Z".to_owned());
        feed.round(&office).await;
        office.good("DELETE", &office.date(&master, "2026-12-29"), Value::Null).await;
        assert_eq!(feed.kinds(&office).await.len(), usize::from(delta_removes_outside));
    }
}

#[tokio::test]
async fn ids_of_exceptions_that_are_no_more_show_as_removed() {
    let office = Office::with(doubts(|doubts| doubts.exception_takes_new_id = true));
    let master = office.weekly().await;
    let mut feed = Feed::begin(&office).await;
    let changed = office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
    assert!(feed.kinds(&office).await.contains(&"removed 20261208".to_owned()));
    let is_removed = |rows: Vec<Value>| rows.iter().any(|row| row["id"] == changed["id"] && row.get("@removed").is_some());
    office.good("PATCH", &path(&master), times("2026-12-01T10:00:00", "2026-12-01T10:30:00")).await;
    assert!(is_removed(feed.round(&office).await), "the master's new times dropped it");
    let changed = office.good("PATCH", &office.date(&master, "2026-12-08"), json!({"subject": "Changed"})).await;
    feed.round(&office).await;
    office.good("DELETE", &path(changed["id"].as_str().unwrap()), Value::Null).await;
    assert!(feed.round(&office).await.iter().any(|row| row["id"] == changed["id"] && row.get("@removed").is_some()));
}
