//! The six patterns, each by its own dates.

use serde_json::{Value, json};

use super::{Office, path};

async fn starts(pattern: Value, range: Value, first: &str) -> Vec<String> {
    let office = Office::new();
    let at = |time: &str| json!({"dateTime": format!("{first}T{time}"), "timeZone": "UTC"});
    let mut range = range;
    range["startDate"] = json!(first);
    let master =
        office.series(json!({"start": at("09:00:00"), "end": at("10:00:00"), "recurrence": {"pattern": pattern, "range": range}})).await;
    let window = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2031-01-01T00:00:00Z&$top=6";
    let shown = office.get(&format!("{}/instances?{window}", path(&master))).await;
    shown["value"].as_array().unwrap().iter().map(|row| row["start"]["dateTime"].as_str().unwrap()[..10].to_owned()).collect()
}

#[tokio::test]
async fn each_pattern_has_its_dates() {
    let no_end = || json!({"type": "noEnd"});
    let cases = [
        (
            json!({"type": "daily", "interval": 3}),
            json!({"type": "numbered", "numberOfOccurrences": 3}),
            "2026-12-30",
            vec!["2026-12-30", "2027-01-02", "2027-01-05"],
        ),
        (
            json!({"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"], "firstDayOfWeek": "monday"}),
            json!({"type": "endDate", "endDate": "2027-01-11"}),
            "2026-12-07",
            vec!["2026-12-07", "2026-12-13", "2026-12-21", "2026-12-27", "2027-01-04", "2027-01-10"],
        ),
        (
            json!({"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"]}),
            json!({"type": "endDate", "endDate": "2027-01-05"}),
            "2026-12-07",
            vec!["2026-12-07", "2026-12-20", "2026-12-21", "2027-01-03", "2027-01-04"],
        ),
        (
            json!({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}),
            json!({"type": "numbered", "numberOfOccurrences": 3}),
            "2026-12-31",
            vec!["2026-12-31", "2027-01-31", "2027-02-28"],
        ),
        (
            json!({"type": "relativeMonthly", "interval": 2, "daysOfWeek": ["friday"], "index": "last"}),
            json!({"type": "numbered", "numberOfOccurrences": 3}),
            "2026-12-25",
            vec!["2026-12-25", "2027-02-26", "2027-04-30"],
        ),
        (
            json!({"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["tuesday"], "index": "second"}),
            json!({"type": "numbered", "numberOfOccurrences": 2}),
            "2026-12-08",
            vec!["2026-12-08", "2027-01-12"],
        ),
        (
            json!({"type": "absoluteYearly", "interval": 1, "dayOfMonth": 29, "month": 2}),
            no_end(),
            "2027-02-28",
            vec!["2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28"],
        ),
        (
            json!({"type": "relativeYearly", "interval": 2, "daysOfWeek": ["thursday"], "index": "fourth", "month": 11}),
            no_end(),
            "2026-11-26",
            vec!["2026-11-26", "2028-11-23", "2030-11-28"],
        ),
    ];
    for (pattern, range, first, expected) in cases {
        assert_eq!(starts(pattern.clone(), range, first).await, expected, "{pattern}");
    }
}
