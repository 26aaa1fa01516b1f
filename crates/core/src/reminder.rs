//! A reminder: what a person wants to be reminded of, complete and independent of any calendar.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::expand;
use crate::id::{ListId, ReminderId};
use crate::recurrence::{Occurrence, Recurrence, carried};
use crate::when::{Length, When, Zone};
use crate::word::named;

/// How the time looks to others who may see the calendar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowAs {
    /// Free: a reminder takes no time from anybody.
    #[default]
    Free,
    /// Tentative.
    Tentative,
    /// Busy.
    Busy,
    /// Out of office.
    Oof,
    /// Working elsewhere.
    WorkingElsewhere,
}

named!(ShowAs {
    Free "free",
    Tentative "tentative",
    Busy "busy",
    Oof "oof",
    WorkingElsewhere "working_elsewhere",
});

/// What a person chose for a reminder whose source they do not own. It beats the source until it is cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Alarms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarms: Option<Vec<Lead>>,
    /// Category; `Some(None)` is "no category, whatever the source says".
    #[serde(skip_serializing_if = "Option::is_none", with = "double_option")]
    pub category: Option<Option<String>>,
    /// Show-as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_as: Option<ShowAs>,
    /// Private.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
    /// Done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
    /// Occurrences deleted in Outlook, by original start.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub cancelled: BTreeSet<When>,
}

impl Kept {
    /// Whether nothing was chosen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

pub(crate) mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub fn serialize<S: Serializer>(value: &Option<Option<String>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.clone().flatten().serialize(serializer)
    }

    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
        Option::<String>::deserialize(deserializer).map(Some)
    }
}

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Its name for good.
    pub id: ReminderId,
    /// The list it is in.
    pub list: ListId,
    /// One line.
    pub title: String,
    /// Plain text.
    pub notes: String,
    /// When it is, or when its series starts.
    pub when: When,
    /// How long.
    pub length: Length,
    /// How it repeats.
    pub recurrence: Option<Recurrence>,
    /// Sorted. Outlook holds the one nearest the start, of those that are not after it.
    pub alarms: Vec<Lead>,
    /// Outlook category.
    pub category: Option<String>,
    /// Show-as.
    pub show_as: ShowAs,
    /// Private.
    pub private: bool,
    /// A web address that belongs to it.
    pub link: Option<String>,
    /// Done.
    pub done: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a person or its source last changed it.
    pub changed_at: DateTime<Utc>,
    /// Its UID in the file or feed that it came from.
    pub uid: Option<String>,
    /// A person's own choices over a source.
    #[serde(default, skip_serializing_if = "Kept::is_empty")]
    pub kept: Kept,
    /// Content lines of an iCalendar file that no field holds (unfolded, at most [`OTHER_LINES`] and [`OTHER_BYTES`]): kept for export, never sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<String>,
}

/// Outlook's limit for a subject, in UTF-16 units.
pub const TITLE_LIMIT: usize = 255;
/// Belfry's limit for notes, in bytes: an event body of this size still syncs in one request.
pub const NOTES_LIMIT: usize = 64 * 1024;
/// How many further content lines a reminder keeps.
pub const OTHER_LINES: usize = 50;
/// How many bytes they have together.
pub const OTHER_BYTES: usize = 10_000;
/// When an alarm rings: minutes before the start, less than none for those after it.
pub type Lead = i32;
/// The longest lead time, in minutes, before the start or after it: ten years.
pub const ALARM_LIMIT: Lead = 10 * 366 * 24 * 60;
/// How long after its end a reminder that never had an event still gets one.
pub const STALE_AFTER_DAYS: i64 = 30;

/// Why a reminder cannot be kept as it is. Each reads as one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadReminder {
    /// Empty title.
    #[error("a reminder needs a title")]
    NoTitle,
    /// Title over [`TITLE_LIMIT`].
    #[error("the title is longer than Outlook's {TITLE_LIMIT} characters")]
    LongTitle,
    /// Notes over [`NOTES_LIMIT`].
    #[error("the notes are longer than {} KiB", NOTES_LIMIT / 1024)]
    LongNotes,
    /// The length is not of the kind that the start takes, or too long.
    #[error("the duration does not fit: all-day reminders take whole days, timed ones minutes, and both at most five years")]
    Length,
    /// A lead time over [`ALARM_LIMIT`].
    #[error("an alarm of {0} minutes before the start is out of range")]
    Alarm(Lead),
    /// A link that is not an absolute web or mail address.
    #[error("`{0}` is not a web address")]
    Link(String),
    /// The rule has no occurrence at all.
    #[error("the repeat rule has no date")]
    EmptyRule,
    /// By the minute or the second, or a whole day by the hour: nothing would ever come of it.
    #[error("it repeats more often than {}", if *.whole_days { "by the day" } else { "by the hour" })]
    TooOften {
        /// It is one of whole days.
        whole_days: bool,
    },
}

impl Reminder {
    /// Puts the values into their one form: trimmed title, sorted alarms, lines that end in `\n`.
    #[must_use]
    pub fn normal(mut self) -> Self {
        let printable: String = self.title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.title = printable.split_whitespace().collect::<Vec<_>>().join(" ");
        self.normal_but_title()
    }

    /// The same, with the title as it is.
    #[must_use]
    pub fn normal_but_title(mut self) -> Self {
        self.notes = plain_text(&self.notes);
        self.alarms.sort_unstable();
        self.alarms.dedup();
        self.category = self.category.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self.link = self.link.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self
    }

    /// Checks every rule that a reminder has to keep.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), BadReminder> {
        if self.title.is_empty() {
            return Err(BadReminder::NoTitle);
        }
        if self.title.encode_utf16().count() > TITLE_LIMIT {
            return Err(BadReminder::LongTitle);
        }
        if self.notes.len() > NOTES_LIMIT {
            return Err(BadReminder::LongNotes);
        }
        if !self.length.fits(&self.when) {
            return Err(BadReminder::Length);
        }
        if let Some(alarm) = self.alarms.iter().find(|alarm| alarm.saturating_abs() > ALARM_LIMIT) {
            return Err(BadReminder::Alarm(*alarm));
        }
        if let Some(link) = self.link.as_ref().filter(|link| !is_link(link)) {
            return Err(BadReminder::Link(link.clone()));
        }
        match &self.recurrence {
            Some(series) if !expand::is_expanded(&series.rule, &self.when) => {
                Err(BadReminder::TooOften { whole_days: self.when.is_all_day() })
            }
            // One whose dates were all left out by and by is no mistake.
            Some(series) if expand::can_expand(&series.rule) && !self.has_date(series) => Err(BadReminder::EmptyRule),
            _ => Ok(()),
        }
    }

    /// A series begins with the first date that its rule gives: a start beside the rule is no date of it, and Outlook has no such series.
    pub fn begin_with_first(&mut self) {
        let Some(series) = self.recurrence.as_ref().filter(|series| expand::can_expand(&series.rule)) else { return };
        let first = expand::starts(&series.rule, &self.when, far(&self.when)).next();
        if let Some(first) = first.filter(|first| *first != self.when.local()) {
            self.when = self.when.at_local(first);
        }
    }

    fn has_date(&self, series: &Recurrence) -> bool {
        !series.extra.is_empty() || expand::starts(&series.rule, &self.when, far(&self.when)).next().is_some()
    }

    /// Whether it is a series of which no date is left.
    #[must_use]
    pub fn has_no_date_left(&self) -> bool {
        self.recurrence.as_ref().is_some_and(|series| expand::can_expand(&series.rule)) && self.starts(far(&self.when), 1).is_empty()
    }

    /// Occurrences in order, none after `last`, at most `limit`. A single reminder has one.
    #[must_use]
    pub fn starts(&self, last: NaiveDateTime, limit: usize) -> Vec<Occurrence> {
        match &self.recurrence {
            None => vec![Occurrence { original: self.when, when: self.when, done: self.done }],
            Some(series) => series.occurrences(&self.when, last, limit),
        }
    }

    /// Dates as a person meets them, up to `last`: where each was moved to, without those that were left out over a source, in the order in which they come. At most `limit` are
    /// looked through.
    #[must_use]
    pub fn dates(&self, last: NaiveDateTime, limit: usize) -> Vec<Occurrence> {
        let moved = self.recurrence.iter().flat_map(|series| &series.changed);
        let moved_here = moved.filter(|(_, own)| own.when.is_some_and(|when| when.local() <= last));
        let far = moved_here.map(|(original, _)| original.local()).fold(last, NaiveDateTime::max);
        let mut all = self.starts(far, limit);
        all.retain(|date| date.when.local() <= last && !self.leaves_out(&date.original));
        all.sort_by_key(|date| date.when.local());
        all
    }

    /// Whether the person left out a date over its source. The source may have moved its hour since.
    #[must_use]
    pub fn leaves_out(&self, original: &When) -> bool {
        let is_ruled = carried(original, &self.when) == *original;
        self.kept.cancelled.iter().any(|kept| kept == original || (is_ruled && !self.has_beside(kept) && kept.date() == original.date()))
    }

    /// Whether this is a date beside the rule.
    fn has_beside(&self, original: &When) -> bool {
        self.recurrence.as_ref().is_some_and(|series| series.extra.contains(original))
    }

    /// When the last occurrence ends; `None` for a series without end.
    #[must_use]
    pub fn ends_at(&self, home: Zone) -> Option<DateTime<Utc>> {
        let last = match &self.recurrence {
            None => self.when.local(),
            Some(series) => {
                let ruled = expand::last_start(&series.rule, &self.when)?;
                series.extra.iter().map(When::local).fold(ruled, NaiveDateTime::max)
            }
        };
        Some(crate::when::end_of(&self.when.at_local(last), self.length).instant(home))
    }

    /// Whether it ended so long ago that an event for it would help nobody.
    #[must_use]
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        self.ends_at(Zone::UTC).is_some_and(|end| end + Duration::days(STALE_AFTER_DAYS) < now)
    }

    /// Who chooses what the source says chooses nothing over it: from then on the source decides again.
    pub fn drop_idle_choices(&mut self) {
        self.kept.alarms = self.kept.alarms.take().filter(|alarms| *alarms != self.alarms);
        self.kept.category = self.kept.category.take().filter(|category| *category != self.category);
        self.kept.show_as = self.kept.show_as.filter(|show_as| *show_as != self.show_as);
        self.kept.private = self.kept.private.filter(|private| *private != self.private);
    }

    /// Alarms after the person's own choice.
    #[must_use]
    pub fn effective_alarms(&self) -> &[Lead] {
        self.kept.alarms.as_deref().unwrap_or(&self.alarms)
    }

    /// Whether it has alarms that its event in Outlook cannot hold.
    #[must_use]
    pub fn has_further_alarms(&self) -> bool {
        self.effective_alarms().len() > usize::from(nearest(self.effective_alarms()).is_some())
    }

    /// Category after the person's own choice.
    #[must_use]
    pub fn effective_category(&self) -> Option<&str> {
        self.kept.category.as_ref().map_or(self.category.as_deref(), Option::as_deref)
    }

    /// Show-as after the person's own choice.
    #[must_use]
    pub fn effective_show_as(&self) -> ShowAs {
        self.kept.show_as.unwrap_or(self.show_as)
    }

    /// Private after the person's own choice.
    #[must_use]
    pub fn effective_private(&self) -> bool {
        self.kept.private.unwrap_or(self.private)
    }

    /// Done, by the person or by the source.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done || self.kept.done
    }
}

/// The alarm that Outlook holds for an event: the one nearest the start that is not after it.
#[must_use]
pub fn nearest(alarms: &[Lead]) -> Option<u32> {
    alarms.iter().filter_map(|lead| u32::try_from(*lead).ok()).min()
}

fn far(when: &When) -> NaiveDateTime {
    when.local().checked_add_signed(Duration::days(366 * 120)).unwrap_or(NaiveDateTime::MAX)
}

/// Lines end in `\n`, no control characters, no blank space at the end.
#[must_use]
pub fn plain_text(text: &str) -> String {
    let lines: Vec<String> = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n")
        .replace('\u{a0}', " ")
        .split('\n')
        .map(|line| line.chars().filter(|c| !c.is_control() || *c == '\t').collect::<String>().trim_end().to_owned())
        .collect();
    lines.join("\n").trim_end().to_owned()
}

/// Whether the text is an address that may be opened: https, http, mailto or tel, without blanks.
#[must_use]
pub fn is_link(text: &str) -> bool {
    let known = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len());
    known && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}
