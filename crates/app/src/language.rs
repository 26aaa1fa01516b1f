//! What tray and notifications say, in the person's language. The window has a catalogue of its own; what a problem means is taken from there, so that both say the same.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use belfry_core::Problem;

use crate::config::Language;

mod days;
mod de;
mod en;
mod es;
mod fi;
mod fr;
mod ja;

/// A language that Belfry speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    En,
    /// German.
    De,
    /// Finnish.
    Fi,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Japanese.
    Ja,
}

/// Words of the tray and of notifications. `{}` is what is put in; `{of}` the second of two.
#[derive(Debug)]
pub(crate) struct Say {
    pub sign_in_again: &'static str,
    pub sync_now: &'static str,
    pub resume: &'static str,
    pub pause: &'static str,
    pub new_reminder: &'static str,
    pub open: &'static str,
    pub quit: &'static str,
    pub syncing: &'static str,
    pub syncing_of: &'static str,
    pub paused: &'static str,
    pub local: &'static str,
    pub never: &'static str,
    pub just_now: &'static str,
    pub minute_ago: &'static str,
    pub minutes_ago: &'static str,
    pub hour_ago: &'static str,
    pub hours_ago: &'static str,
    pub failed: &'static str,
    pub failed_until: &'static str,
    pub approved: &'static str,
    pub approved_of: &'static str,
    pub sign_in: &'static str,
    pub allow: &'static str,
    pub try_again: &'static str,
    pub done: &'static str,
    pub snooze: &'static str,
    pub missed: &'static str,
    pub and_more: &'static str,
    pub review: &'static str,
    pub goes_on: &'static str,
    pub goes_on_in_tray: &'static str,
    pub goes_on_small: &'static str,
    pub today: &'static str,
    pub tomorrow: &'static str,
    /// A day of this year: `{weekday}`, `{day}`, `{month}` by name, `{number}` of the month.
    pub day: &'static str,
    /// A day of another year: `{year}` too.
    pub day_of_year: &'static str,
}

impl Tongue {
    /// The language that was chosen, or that of the system, as in `de_AT.UTF-8` or `fr-CA`; English where it is another.
    #[must_use]
    pub fn of(chosen: Language, system: Option<&str>) -> Self {
        let tag = match chosen {
            Language::System => system.and_then(|name| name.get(..2)).unwrap_or_default().to_ascii_lowercase(),
            named => belfry_core::word(&named),
        };
        match tag.as_str() {
            "de" => Self::De,
            "fi" => Self::Fi,
            "es" => Self::Es,
            "fr" => Self::Fr,
            "ja" => Self::Ja,
            _ => Self::En,
        }
    }

    pub(crate) fn say(self) -> &'static Say {
        match self {
            Self::En => &en::SAY,
            Self::De => &de::SAY,
            Self::Fi => &fi::SAY,
            Self::Es => &es::SAY,
            Self::Fr => &fr::SAY,
            Self::Ja => &ja::SAY,
        }
    }

    /// Title and sentence of a problem, which may name an account.
    pub(crate) fn problem(self, problem: &Problem, login: Option<&str>) -> (String, String) {
        let said = |part: &str| self.catalogue()?.get(&format!("problem_{}_{part}", problem.code.name())).cloned();
        match (said("title"), said("text")) {
            (Some(title), Some(text)) => (title, login.map(|login| format!("{login}: {text}")).unwrap_or(text)),
            // English says more than its catalogue: the problem has names and numbers in it.
            _ => (problem.title.clone(), without_number(&problem.detail)),
        }
    }

    fn catalogue(self) -> Option<&'static BTreeMap<String, String>> {
        static ALL: [OnceLock<BTreeMap<String, String>>; 5] = [const { OnceLock::new() }; 5];
        let (index, text) = match self {
            Self::En => return None,
            Self::De => (0, include_str!("../../../ui/messages/problems/de.json")),
            Self::Fi => (1, include_str!("../../../ui/messages/problems/fi.json")),
            Self::Es => (2, include_str!("../../../ui/messages/problems/es.json")),
            Self::Fr => (3, include_str!("../../../ui/messages/problems/fr.json")),
            Self::Ja => (4, include_str!("../../../ui/messages/problems/ja.json")),
        };
        Some(ALL.get(index)?.get_or_init(|| read(text)))
    }
}

/// A text of somebody else's, so that its direction turns nothing around it (Unicode Standard Annex 9, section 2.4): what would end its isolation before its end is left out.
pub(crate) fn isolated(text: &str) -> String {
    let turns = |one: char| matches!(one, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if !text.chars().any(turns) {
        return text.to_owned();
    }
    let inner: String = text.chars().filter(|one| *one != '\u{2069}').collect();
    format!("\u{2068}{inner}\u{2069}")
}

/// Without the number of Microsoft's refusal, its ids and those of lists, which the window and the log have for those who ask: a notification is read in passing.
fn without_number(detail: &str) -> String {
    let mut parts = detail.split(" (");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(')') {
            Some((inside, rest)) if inside.starts_with("AADSTS") || uuid::Uuid::try_parse(inside).is_ok() => text.push_str(rest),
            _ => text.extend([" (", part]),
        }
    }
    text
}

/// The catalogue's texts; what is no text is none of ours.
fn read(text: &str) -> BTreeMap<String, String> {
    let all: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    all.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect()
}

/// Puts something into words.
pub(crate) fn with(words: &str, what: impl std::fmt::Display) -> String {
    words.replace("{}", &what.to_string())
}

#[cfg(test)]
mod tests {
    use belfry_core::ProblemCode;

    use super::*;

    const ALL: [Tongue; 6] = [Tongue::En, Tongue::De, Tongue::Fi, Tongue::Es, Tongue::Fr, Tongue::Ja];

    #[test]
    fn the_system_is_asked_where_nothing_was_chosen() {
        let of = |name| Tongue::of(Language::System, name);
        assert_eq!([of(Some("de_AT.UTF-8")), of(Some("FR-ca")), of(Some("C")), of(None)], [Tongue::De, Tongue::Fr, Tongue::En, Tongue::En]);
        assert_eq!(Tongue::of(Language::Ja, Some("de")), Tongue::Ja);
    }

    #[test]
    fn every_problem_is_said_in_every_language() {
        for tongue in ALL {
            for code in ProblemCode::ALL {
                let problem = Problem::new(*code, "title", "detail", "action");
                let (title, text) = tongue.problem(&problem, None);
                assert_eq!((title == "title", text == "detail"), (tongue == Tongue::En, tongue == Tongue::En), "{tongue:?} {code:?}");
            }
        }
    }

    #[test]
    fn a_notification_has_no_number_of_microsofts() {
        let problem = Problem::sign_in_again("ada@contoso.example", Some("the password was changed (AADSTS50173, correlation id 1-2)"));
        let (_, text) = Tongue::En.problem(&problem, None);
        assert_eq!(text, "Outlook wants ada@contoso.example to sign in again: the password was changed. Nothing is lost.");
    }

    #[test]
    fn a_notification_has_no_id_of_a_list_and_keeps_what_else_is_in_brackets() {
        let detail =
            "The calendar (Belfry) holds 2 reminders of a list that this computer does not know (adce7b4f-7a0e-5d3e-9c1b-2f6f0f1f9d2e).";
        let (_, text) = Tongue::En.problem(&Problem::new(ProblemCode::UnknownList, "Unknown", detail, ""), None);
        assert_eq!(text, "The calendar (Belfry) holds 2 reminders of a list that this computer does not know.");
    }

    #[test]
    fn what_is_put_in_has_its_place() {
        for say in ALL.map(Tongue::say) {
            for words in [say.sign_in_again, say.syncing_of, say.minutes_ago, say.hours_ago, say.approved_of, say.missed, say.and_more] {
                assert!(words.contains("{}"), "{words}");
            }
            assert!(say.syncing_of.contains("{of}"));
        }
    }
}
