//! What a table does not say of a reminder stays as it is: what it has no column for, and the single dates of a series, for which no table has one. Nor does any source say that a date is done here.

use std::collections::BTreeSet;

use belfry_core::expand::can_expand;
use belfry_core::recurrence::{carried, is_given};
use belfry_core::{Recurrence, Reminder, Rule, When};
use belfry_ical::{Column, rule_of_table};
use chrono::NaiveDateTime;

/// A reminder as its source says it now; one of a table, which has `columns`, with what is known here of its series and the table does not say.
pub(crate) fn with_unsaid(fresh: Reminder, known: Option<&Reminder>, columns: Option<&BTreeSet<Column>>) -> Reminder {
    let (Some(known), Some(columns)) = (known, columns) else { return fresh };
    let recurrence = match (fresh.recurrence, &known.recurrence) {
        (Some(said), Some(series)) => Some(dated(series.clone(), said.rule, &known.when, &fresh.when)),
        (None, Some(series)) if !columns.contains(&Column::Repeat) => begun(series.clone(), &known.when, &fresh.when),
        (said, _) => said,
    };
    let mut next = Reminder { recurrence, other: known.other.clone(), ..fresh };
    next.uid = next.uid.or_else(|| known.uid.clone());
    next.kept.cancelled.clone_from(&known.kept.cancelled);
    next
}

/// A reminder of an imported table with what its person said of it here, where the table has no column for that. A list that follows a table is the table's own.
pub(crate) fn with_own(mut fresh: Reminder, known: &Reminder, columns: &BTreeSet<Column>) -> Reminder {
    let is_said = |any: &[Column]| any.iter().any(|column| columns.contains(column));
    if !is_said(&[Column::Notes, Column::Place]) {
        fresh.notes.clone_from(&known.notes);
    }
    if !is_said(&[Column::Alarm, Column::ReminderOn, Column::ReminderDate]) {
        fresh.alarms.clone_from(&known.alarms);
    }
    if !is_said(&[Column::Category]) {
        fresh.category.clone_from(&known.category);
    }
    if !is_said(&[Column::Link]) {
        fresh.link.clone_from(&known.link);
    }
    if !is_said(&[Column::ShowAs]) {
        fresh.show_as = known.show_as;
    }
    if !is_said(&[Column::Private]) {
        fresh.private = known.private;
    }
    if !is_said(&[Column::End, Column::EndTime, Column::Duration]) && fresh.when.is_all_day() == known.when.is_all_day() {
        fresh.length = known.length;
    }
    fresh
}

/// A reminder as its source says it now, with what no source knows: that Outlook holds a date apart from its series, and that a date is done.
pub(crate) fn with_dates_of(mut next: Reminder, known: &Reminder) -> Reminder {
    let start = next.when;
    if let (Some(next), Some(known)) = (next.recurrence.as_mut(), known.recurrence.as_ref()) {
        for (date, own) in known.changed.iter().filter(|(_, own)| own.apart || own.done) {
            let Some(date) = named_in(next, &start, known, date).filter(|date| !next.cancelled.contains(date)) else { continue };
            let entry = next.changed.entry(date).or_default();
            (entry.apart, entry.done) = (own.apart, own.done || entry.done);
        }
    }
    next
}

/// The name that a date of a series has by now; none where it has no such date any more. The source may have moved the hour since: that of the series, or of a date beside its rule.
fn named_in(next: &Recurrence, start: &When, known: &Recurrence, date: &When) -> Option<When> {
    if next.extra.contains(date) {
        return Some(*date);
    }
    if known.extra.contains(date)
        && let Some(extra) = next.extra.iter().find(|extra| extra.date() == date.date())
    {
        return Some(*extra);
    }
    let ruled = carried(date, start);
    (next.extra.contains(&ruled) || !can_expand(&next.rule) || is_given(&next.rule, start, &ruled)).then_some(ruled)
}

/// A series of which a table says the start alone; none where that is behind its end.
fn begun(series: Recurrence, from: &When, to: &When) -> Option<Recurrence> {
    let series = if from == to { series } else { series.moved(from, to) };
    (!series.occurrences(to, NaiveDateTime::MAX, 1).is_empty()).then_some(series)
}

/// A series with the rule and the start that a table says, and its single dates: as they are where both are the same, else brought along as by an edit by hand.
fn dated(series: Recurrence, rule: Rule, from: &When, to: &When) -> Recurrence {
    if from == to && (rule == series.rule || rule == rule_of_table(series.rule.clone(), to)) {
        return series;
    }
    let series = Recurrence { rule, ..series };
    let rule = series.rule.clone();
    let moved = series.clone().moved(from, to);
    // The table says the rule itself, so nothing of it follows the start. Where it would, its dates are other ones, and nobody knows which of them is which.
    if (Rule { end: rule.end, ..moved.rule.clone() }) == rule { Recurrence { rule, ..moved }.refitted(to) } else { series.refitted(to) }
}

/// Whether something is said of single dates, which no table holds.
pub(crate) fn has_single_dates(reminder: &Reminder) -> bool {
    reminder.recurrence.as_ref().is_some_and(|series| {
        !(series.cancelled.is_empty() && series.extra.is_empty() && reminder.kept.cancelled.is_empty())
            || series.changed.values().any(|change| change.said().is_some())
    })
}

#[cfg(test)]
mod tests {
    use belfry_core::{ChangedOccurrence, Zone};

    use super::*;

    fn at(text: &str) -> When {
        When::parse(text, Zone::parse("Europe/Berlin").expect("a zone")).expect(text)
    }

    /// Mondays at nine, one left out, one of another name, one on a Wednesday besides.
    fn mondays(rule: &str) -> Recurrence {
        let late = ChangedOccurrence { title: Some("Late".into()), ..ChangedOccurrence::default() };
        Recurrence {
            cancelled: [at("2027-01-11T09:00")].into(),
            extra: [at("2027-01-20T09:00")].into(),
            changed: [(at("2027-01-18T09:00"), late)].into(),
            ..Recurrence::of(rule.parse().expect(rule))
        }
    }

    fn dates(series: &Recurrence) -> String {
        let of = |all: &mut dyn Iterator<Item = &When>| all.map(ToString::to_string).collect::<Vec<_>>().join(",");
        let all = [of(&mut series.cancelled.iter()), of(&mut series.changed.keys()), of(&mut series.extra.iter())];
        all.join(" ").replace("2027-01-", "").replace(":00:00", "")
    }

    #[test]
    fn what_a_table_says_of_a_series_leaves_its_dates() {
        const START: &str = "2027-01-04T09:00";
        for (before, rule, start, after, expected) in [
            ("FREQ=WEEKLY", "FREQ=WEEKLY", START, "FREQ=WEEKLY", "11T09 18T09 20T09"),
            // A table is read to say the end by its instant; that is no other rule.
            ("FREQ=WEEKLY;UNTIL=20270301", "FREQ=WEEKLY;UNTIL=20270301T225959Z", START, "FREQ=WEEKLY;UNTIL=20270301", "11T09 18T09 20T09"),
            // Another rule: the dates that it has too.
            ("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", START, "FREQ=WEEKLY;INTERVAL=2", " 18T09 20T09"),
            // Another hour.
            ("FREQ=WEEKLY", "FREQ=WEEKLY", "2027-01-04T10:00", "FREQ=WEEKLY", "11T10 18T10 20T10"),
            (
                "FREQ=WEEKLY",
                "FREQ=WEEKLY;UNTIL=20270301T225959Z",
                "2027-01-04T10:00",
                "FREQ=WEEKLY;UNTIL=20270301T225959Z",
                "11T10 18T10 20T10",
            ),
            // Another day, as an edit by hand would write it, and one that keeps the rule's.
            ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TH", "2027-01-07T09:00", "FREQ=WEEKLY;BYDAY=TH", "  20T09"),
            ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO", "2027-01-07T09:00", "FREQ=WEEKLY;BYDAY=MO", "11T09 18T09 20T09"),
        ] {
            let next = dated(mondays(before), rule.parse().expect(rule), &at(START), &at(start));
            assert_eq!((next.rule.to_string().as_str(), dates(&next).as_str()), (after, expected), "{before} to {rule} at {start}");
        }
    }
}
