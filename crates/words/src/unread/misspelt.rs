//! Names of days and months with a letter wrong: "tomorow", "wendsday", "Febuar". They are never read, as they may be names of something else; they are told where no
//! date is said.

use super::{Heard, Rest};
use crate::grammar::Said;
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Vocabulary};

/// Words that are near such a name and mean something else.
const OTHERS: [&str; 16] = [
    "sundry", "sundae", "morgan", "montan", "augusta", "auguste", "augustin", "augustus", "dienst", "dienste", "dienstes", "deceiver",
    "saturate", "sturdy", "dezenter", "thursby",
];

impl Rest<'_> {
    /// Such a word, with the number of a day beside it.
    pub(super) fn misspelt(&self, cursor: Cursor<'_>) -> Option<usize> {
        // "Meeting tom 9am" may be tomorrow, or somebody.
        if cursor.word() == "tom"
            && !cursor.token()?.capital
            && !self.is_dated()
            && self.kept.iter().any(|heard| heard.from == cursor.at + 1)
        {
            return Some(cursor.at + 1);
        }
        let name = short(cursor.word(), cursor.sentence.vocabulary).or_else(|| near(cursor.word(), cursor.sentence.vocabulary))?;
        let says_day = |heard: &Heard<'_>| {
            let said = heard.said;
            matches!(said, Said::Date(_) | Said::Stretch(..) | Said::Moment(_) | Said::Series(..))
        };
        // Beside a date it is title, but for a month behind or before the number of its day.
        let number = |at: usize| {
            let mut at = cursor.sentence.cursor(at);
            at.pick(|sense| matches!(sense, Sense::Digits(1..=31) | Sense::Place(_)).then_some(())).is_some()
        };
        let beside = name == Kind::Month && (cursor.at.checked_sub(1).is_some_and(number) || number(cursor.at + 1));
        (beside || name == Kind::Day && !self.kept.iter().any(says_day)).then_some(cursor.at + 1)
    }
}

/// What a name is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Day,
    Month,
}

/// Short names with a letter wrong, as people write them.
const SHORT_DAYS: [&str; 24] = [
    "tody", "todat", "toda", "tday", "tomrw", "tomoz", "tmw", "tommo", "mrgn", "morgn", "mogen", "moregn", "heut", "huete", "heutw",
    "haute", "monda", "mondy", "moday", "frday", "fridy", "suday", "sundy", "mitag",
];
const SHORT_MONTHS: [&str; 8] = ["marz", "mrz", "arpil", "aprl", "juin", "junu", "jully", "agust"];

/// The same for names that are too short to be looked at letter by letter: those, and names whose letters have changed places.
fn short(word: &str, vocabulary: &Vocabulary) -> Option<Kind> {
    if SHORT_DAYS.contains(&word) {
        return Some(Kind::Day);
    }
    if SHORT_MONTHS.contains(&word) {
        return Some(Kind::Month);
    }
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    if word.chars().count() != 5 || !word.chars().all(char::is_alphabetic) || vocabulary.means(word, Some).is_some() {
        return None;
    }
    let letters = sorted(word);
    vocabulary.senses().find_map(|(name, sense)| {
        let kind = match sense {
            Sense::Day(_) => Kind::Day,
            Sense::Month(_) => Kind::Month,
            _ => return None,
        };
        let is_near = word.chars().next() == name.chars().next() && sorted(name) == letters;
        is_near.then_some(kind)
    })
}

/// What the name is of that a word is near to, if the word means nothing itself.
fn near(word: &str, vocabulary: &Vocabulary) -> Option<Kind> {
    let count = word.chars().count();
    let is_word = count >= 5 && word.chars().all(char::is_alphabetic) && !OTHERS.contains(&word);
    if !is_word || vocabulary.means(word, Some).is_some() {
        return None;
    }
    vocabulary.senses().find_map(|(name, sense)| {
        let kind = match sense {
            Sense::Day(_) | Sense::Weekday(_) | Sense::Habit(_) => Kind::Day,
            Sense::Month(_) => Kind::Month,
            _ => return None,
        };
        let name = name.trim_end_matches('~');
        let long = name.chars().count();
        // Short names are near too many words.
        let most = match long {
            0..=5 => return None,
            6..=7 => 1,
            _ => 2,
        };
        // The first letter is seldom wrong.
        let is_near = word.chars().next() == name.chars().next() && distance(word, name, most);
        is_near.then_some(kind)
    })
}

/// Whether at most so many letters are to be put in, left out, changed, or changed places with their neighbours.
fn distance(one: &str, other: &str, most: usize) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return false;
    }
    let mut before: Vec<usize> = vec![];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let get = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 1);
            let changed = get(&last, column) + usize::from(letter != wanted);
            let mut least = changed.min(get(&last, column + 1) + 1).min(get(&next, column) + 1);
            let swapped = row > 0 && column > 0 && one.get(row - 1) == Some(wanted) && other.get(column - 1) == Some(letter);
            if swapped {
                least = least.min(get(&before, column - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().is_some_and(|steps| *steps <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn names_with_a_letter_wrong() {
        let english = [
            "tomorow",
            "tommorow",
            "tommorrow",
            "tomorrw",
            "wendsday",
            "wensday",
            "wednsday",
            "thurday",
            "thrusday",
            "tusday",
            "teusday",
            "satuday",
            "saterday",
            "firday",
            "febuary",
            "feburary",
            "janurary",
            "septmber",
            "ocotber",
            "novmber",
            "decmber",
            "agust",
        ];
        let german = [
            "donerstag",
            "mitwoch",
            "dinstag",
            "samtag",
            "freitg",
            "sontag",
            "montg",
            "übermogen",
            "febuar",
            "septmber",
            "oktobr",
            "dezembr",
            "novemer",
        ];
        for (words, language) in [(english.as_slice(), Language::English), (german.as_slice(), Language::German)] {
            for word in words {
                assert!(near(word, language.vocabulary()).is_some(), "{word}");
            }
        }
    }

    #[test]
    fn other_words_are_no_misspelt_names() {
        let words = "money sundry monat margin morgen march sunny monkey thirsty thursby friend stray sturdy today mandarin mondial janitor jungle julia auguste member remember ember timber number sober october novel decimal september marcher april sonntags sonnig montage montieren dienst dienste mittag mittwochs donner freitags freizeit samt sonne sorgen borgen heuer marsch maerz august januar dezent oktave novelle tomato tomorrow yesterday holiday birthday workday weekday sundae saturn mundane fridays faraday montag dienstags sonnabend werktag feiertag geburtstag sonntagsbraten septembers monster".split(' ');
        let known = |word: &str| Language::ALL.into_iter().any(|language| language.vocabulary().means(word, Some).is_some());
        let is_near = |word: &str| Language::ALL.into_iter().any(|language| near(word, language.vocabulary()).is_some());
        let told: Vec<&str> = words.filter(|word| !known(word) && is_near(word)).collect();
        assert!(told.is_empty(), "{told:?}");
    }
}
