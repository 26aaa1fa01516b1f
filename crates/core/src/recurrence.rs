//! A series: the rule, and what a person changed about single occurrences of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

use crate::expand;
use crate::reminder::{Lead, ShowAs};
use crate::rule::{ByDay, End, Frequency, Rule, Until};
use crate::when::{Length, When};

/// How a reminder repeats. Occurrences are named by their original start, which the rule gives and which no edit moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// The rule.
    pub rule: Rule,
    /// Occurrences that are cancelled, by original start (`EXDATE`).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cancelled: BTreeSet<When>,
    /// Dates beside the rule (`RDATE`).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub extra: BTreeSet<When>,
    /// Occurrences that differ, by original start (`RECURRENCE-ID`).
    #[serde(default, with = "by_start", skip_serializing_if = "BTreeMap::is_empty")]
    pub changed: BTreeMap<When, ChangedOccurrence>,
}

/// What is different about one occurrence; what is `None` is as in the series.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangedOccurrence {
    /// Other title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Other notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Moved here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Other length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// Other alarms, lead times in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarms: Option<Vec<Lead>>,
    /// Other category; `Some(None)` is none.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::reminder::double_option")]
    pub category: Option<Option<String>>,
    /// Other show-as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_as: Option<ShowAs>,
    /// Private, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
    /// Other web address; `Some(None)` is none.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::reminder::double_option")]
    pub link: Option<Option<String>>,
    /// Done, this one only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
    /// Outlook cannot hold it as a date of its series: there it is an event of its own, and the series has none that day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

impl ChangedOccurrence {
    /// What somebody said of the date, if anything: that Outlook has it apart from its series is nothing that was said.
    #[must_use]
    pub fn said(&self) -> Option<Self> {
        let said = Self { apart: false, ..self.clone() };
        (said != Self::default()).then_some(said)
    }
}

impl Recurrence {
    /// A series without exceptions.
    #[must_use]
    pub fn of(rule: Rule) -> Self {
        Self { rule, cancelled: BTreeSet::new(), extra: BTreeSet::new(), changed: BTreeMap::new() }
    }

    /// The series after its start was moved by hand: what the rule says only because the old start was that day says it of the new one, as a weekly reminder
    /// that is moved from Monday to Thursday comes on Thursdays from then on. Outlook always names that day, a person seldom.
    ///
    /// Exceptions keep their date and take the new time of day; those that the rule gives no longer are dropped.
    #[must_use]
    pub fn moved(mut self, from: &When, to: &When) -> Self {
        follow(&mut self.rule, from, to);
        // A date beside the rule that comes at the hour of the series goes on doing so; one with an hour of its own keeps that.
        let same_hour = |extra: &When| extra.local().time() == from.local().time();
        self.refit(to, |extra| if same_hour(extra) { carried(extra, to) } else { to.at_local(extra.local()) })
    }

    /// The series before it moves. Where it becomes one of whole days, or of hours, dates that were moved stay what they are, and as long as the series was.
    #[must_use]
    pub fn keeping_lengths(mut self, length: Length, to: &When) -> Self {
        if length.fits(to) {
            return self;
        }
        for own in self.changed.values_mut().filter(|own| own.when.is_some_and(|when| length.fits(&when))) {
            own.length.get_or_insert(length);
        }
        self
    }

    /// The series with its exceptions brought to a start and a rule that were changed together.
    #[must_use]
    pub fn refitted(self, to: &When) -> Self {
        self.refit(to, |extra| to.at_local(extra.local()))
    }

    fn refit(mut self, to: &When, follow: impl Fn(&When) -> When) -> Self {
        let rule = &self.rule;
        let extra: BTreeMap<When, When> = self.extra.iter().map(|extra| (*extra, follow(extra))).collect();
        let carried = |original: When| match extra.get(&original) {
            Some(extra) => Some(*extra),
            None => Some(carried(&original, to)).filter(|key| is_given(rule, to, key)),
        };
        self.cancelled = self.cancelled.into_iter().filter_map(carried).collect();
        self.changed = self.changed.into_iter().filter_map(|(original, change)| Some((carried(original)?, change))).collect();
        self.extra = extra.into_values().collect();
        self
    }

    /// Occurrences of a series that starts at `start`, in order of their original starts, at most `limit` and none that begins after `last`.
    #[must_use]
    pub fn occurrences(&self, start: &When, last: chrono::NaiveDateTime, limit: usize) -> Vec<Occurrence> {
        let ruled = expand::starts(&self.rule, start, last).take(limit + self.cancelled.len());
        let mut starts: BTreeSet<When> = ruled.map(|local| start.at_local(local)).collect();
        starts.extend(self.extra.iter().copied().filter(|extra| extra.local() <= last));
        starts
            .into_iter()
            .filter(|original| !self.cancelled.contains(original))
            .take(limit)
            .map(|original| {
                let changed = self.changed.get(&original);
                Occurrence { original, when: changed.and_then(|c| c.when).unwrap_or(original), done: changed.is_some_and(|c| c.done) }
            })
            .collect()
    }
}

/// The name that an occurrence has in a series that starts at `start`: the same date, its time of day and zone. A series has one occurrence a day at most.
#[must_use]
pub fn carried(original: &When, start: &When) -> When {
    start.at_local(original.date().and_time(start.local().time()))
}

/// Whether a rule gives this start.
#[must_use]
pub fn is_given(rule: &Rule, start: &When, wanted: &When) -> bool {
    expand::starts(rule, start, wanted.local()).last() == Some(wanted.local())
}

/// Makes the parts of a rule that the start implies follow it.
fn follow(rule: &mut Rule, from: &When, to: &When) {
    if from != to {
        end_by_day(rule, from);
    }
    let (old, new) = (from.date(), to.date());
    let in_month = matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly);
    if rule.frequency == Frequency::Yearly && rule.by_month.as_slice() == [small(old.month())] {
        rule.by_month = vec![small(new.month())];
    }
    if in_month && rule.by_day.is_empty() && rule.by_month_day.iter().copied().map(i16::from).eq([i16::from(small(old.day()))]) {
        rule.by_month_day = vec![i8::try_from(new.day()).unwrap_or(i8::MAX)];
    }
    match (rule.frequency, rule.by_day.as_slice()) {
        (Frequency::Weekly, [only]) if only.day == old.weekday() => rule.by_day = vec![ByDay { nth: None, day: new.weekday() }],
        (Frequency::Monthly | Frequency::Yearly, [ByDay { nth: Some(nth), day }]) if *day == old.weekday() && is_nth(old, *nth) => {
            let is_last = is_nth(new, -1) && (*nth == -1 || new.day() > 28);
            let nth = if is_last { -1 } else { i8::try_from((new.day() - 1) / 7 + 1).unwrap_or(1) };
            rule.by_day = vec![ByDay { nth: Some(nth), day: new.weekday() }];
        }
        _ => {}
    }
}

/// An end that is a moment is one of the old hours: the last day stays, at whatever hour the series is now.
fn end_by_day(rule: &mut Rule, from: &When) {
    let at = match rule.end {
        End::Until(Until::Utc(at)) => from.zone().map_or(at.naive_utc(), |zone| zone.wall(at)),
        End::Until(Until::Local(at)) => at,
        End::Until(Until::Date(_)) | End::Never | End::Count(_) => return,
    };
    let last = if at.time() < from.local().time() { at.date().pred_opt().unwrap_or(at.date()) } else { at.date() };
    rule.end = End::Until(Until::Date(last));
}

/// Whether a day is the n-th of its weekday in its month; -1 is the last.
fn is_nth(day: chrono::NaiveDate, nth: i8) -> bool {
    match nth {
        -1 => day.checked_add_days(Days::new(7)).is_none_or(|next| next.month() != day.month()),
        nth => u32::try_from(nth).is_ok_and(|nth| (day.day() - 1) / 7 + 1 == nth),
    }
}

fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// One occurrence of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Where the rule put it; its name.
    pub original: When,
    /// Where it is now.
    pub when: When,
    /// Done.
    pub done: bool,
}

/// Serialises a map by start as a list of pairs: JSON objects need text keys, a pair keeps the start whole.
pub(crate) mod by_start {
    use super::{BTreeMap, When};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<V: Serialize, S: Serializer>(map: &BTreeMap<When, V>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<When, V>, D::Error> {
        Ok(Vec::<(When, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::when::Zone;

    fn at(text: &str) -> When {
        When::parse(text, Zone::UTC).expect(text)
    }

    #[test]
    fn a_rule_follows_its_start() {
        for (rule, from, to, after) in [
            ("FREQ=WEEKLY", "2026-12-05T09:00", "2026-12-07T09:00", "FREQ=WEEKLY"),
            ("FREQ=WEEKLY;BYDAY=SA;COUNT=6", "2026-12-05T09:00", "2026-12-07T09:00", "FREQ=WEEKLY;COUNT=6;BYDAY=MO"),
            // Several days are a choice; moving the start does not undo it.
            ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-12-07T09:00", "2026-12-08T09:00", "FREQ=WEEKLY;BYDAY=MO,WE"),
            ("FREQ=MONTHLY;BYMONTHDAY=5", "2026-12-05T09:00", "2026-12-07T09:00", "FREQ=MONTHLY;BYMONTHDAY=7"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31T09:00", "2027-01-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
            ("FREQ=MONTHLY;BYDAY=1SA", "2026-12-05T09:00", "2026-12-15T09:00", "FREQ=MONTHLY;BYDAY=3TU"),
            ("FREQ=MONTHLY;BYDAY=-1SA", "2026-12-26T09:00", "2026-12-29T09:00", "FREQ=MONTHLY;BYDAY=-1TU"),
            ("FREQ=MONTHLY;BYDAY=-1SA", "2026-12-26T09:00", "2026-12-08T09:00", "FREQ=MONTHLY;BYDAY=2TU"),
            ("FREQ=WEEKLY;UNTIL=20270125T090000Z", "2027-01-04T09:00", "2027-01-04T15:00", "FREQ=WEEKLY;UNTIL=20270125"),
            ("FREQ=WEEKLY;UNTIL=20270125T080000Z", "2027-01-04T09:00", "2027-01-04T07:00", "FREQ=WEEKLY;UNTIL=20270124"),
            ("FREQ=MONTHLY;BYDAY=1TU", "2026-12-01T09:00", "2026-12-30T09:00", "FREQ=MONTHLY;BYDAY=-1WE"),
            ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5", "2026-12-05", "2027-03-03", "FREQ=YEARLY;BYMONTHDAY=3;BYMONTH=3"),
        ] {
            let series = Recurrence::of(rule.parse().expect(rule));
            assert_eq!(series.moved(&at(from), &at(to)).rule.to_string(), after, "{rule} {from} {to}");
        }
    }

    #[test]
    fn exceptions_keep_their_date_and_take_the_new_time() {
        let series = Recurrence {
            cancelled: [at("2026-12-14T09:00"), at("2026-12-21T09:00")].into(),
            changed: [(at("2026-12-28T09:00"), ChangedOccurrence { done: true, ..ChangedOccurrence::default() })].into(),
            ..Recurrence::of("FREQ=WEEKLY;BYDAY=MO".parse().expect("a rule"))
        };
        let later = series.clone().moved(&at("2026-12-07T09:00"), &at("2026-12-07T10:30"));
        assert_eq!(later.cancelled, [at("2026-12-14T10:30"), at("2026-12-21T10:30")].into());
        assert_eq!(later.changed.keys().copied().collect::<Vec<_>>(), [at("2026-12-28T10:30")]);
        let other_day = series.moved(&at("2026-12-07T09:00"), &at("2026-12-08T09:00"));
        assert!(other_day.cancelled.is_empty() && other_day.changed.is_empty());
    }

    #[test]
    fn dates_beside_the_rule_follow_zone_and_hour() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let paris = Zone::parse("Europe/Paris").expect("a zone");
        let at = |text: &str, zone| When::parse(text, zone).expect("a time");
        let (start, own) = (at("2027-01-04T09:00", berlin), at("2027-01-06T14:00", berlin));
        let mut series = Recurrence::of("FREQ=WEEKLY;COUNT=3".parse().expect("a rule"));
        series.extra = [at("2027-01-20T09:00", berlin), own].into();
        series.cancelled = [own].into();
        series.changed = [(at("2027-01-20T09:00", berlin), ChangedOccurrence { title: Some("Late".into()), ..Default::default() })].into();
        let moved = series.clone().moved(&start, &at("2027-01-04T10:00", paris));
        assert_eq!(moved.extra, [at("2027-01-06T14:00", paris), at("2027-01-20T10:00", paris)].into());
        assert_eq!(moved.cancelled, [at("2027-01-06T14:00", paris)].into());
        assert_eq!(moved.changed.keys().copied().collect::<Vec<_>>(), [at("2027-01-20T10:00", paris)]);
        let whole = series.moved(&start, &When::Date(start.date()));
        assert_eq!(
            whole.extra.iter().map(|extra| (extra.is_all_day(), extra.date().to_string())).collect::<Vec<_>>(),
            [(true, "2027-01-06".to_owned()), (true, "2027-01-20".to_owned())]
        );
    }
}
