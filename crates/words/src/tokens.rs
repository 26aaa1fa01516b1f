//! Words with their places in the text.

/// A piece of text between blanks, or a quoted text as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// In lower case, without the punctuation around it. Empty when it is quoted: quoted text means nothing but itself.
    pub word: String,
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// What stands between the marks of a quoted token or behind the `#` of a list.
    pub name: Option<Name>,
    /// Whether it ends in a dot, as `3.` and `Min.` do.
    pub dot: bool,
    /// Whether a comma or the like ends a phrase here.
    pub stop: bool,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether all its letters are capitals, and there are at least two.
    pub upper: bool,
}

/// A text that is taken as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// In quotation marks.
    Quoted(String),
    /// A list.
    List(String),
}

/// How many tokens are read; what stands behind them is title. A reminder has some ten.
pub const MOST: usize = 400;

/// Opening and closing quotation marks.
const MARKS: [(char, &[char]); 4] = [('"', &['"']), ('“', &['”']), ('„', &['“', '”']), ('«', &['»'])];
const STOPS: [char; 7] = [',', ';', '!', '?', ')', ':', '…'];

pub fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        let rest = rest.get(blank..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        let (length, name) = match if out.len() < MOST { named(rest) } else { None } {
            Some((length, name)) => (length, Some(name)),
            None => (rest.find(char::is_whitespace).unwrap_or(rest.len()), None),
        };
        out.push(token(rest.get(..length).unwrap_or_default(), at + blank, name));
        at += blank + length;
    }
    out
}

fn token(raw: &str, start: usize, name: Option<Name>) -> Token {
    let body = raw.trim_end_matches(STOPS);
    let around = |c: char| STOPS.contains(&c) || matches!(c, '.' | '(' | '"');
    let word =
        if name.is_some() { String::new() } else { raw.trim_matches(around).to_lowercase().replace('’', "'").replace('—', "–") };
    Token {
        word,
        start,
        end: start + raw.len(),
        name,
        dot: body.ends_with('.'),
        stop: body.len() < raw.len(),
        capital: raw.trim_start_matches('(').starts_with(char::is_uppercase),
        upper: raw.chars().filter(|c| c.is_uppercase()).count() > 1 && !raw.chars().any(char::is_lowercase),
    }
}

/// A quoted text or a list at the front: how many bytes up to the next blank, and what.
fn named(text: &str) -> Option<(usize, Name)> {
    if let Some(rest) = text.strip_prefix('#') {
        if let Some((length, name)) = quoted(rest) {
            return Some((length + 1, Name::List(name))).filter(|(_, name)| *name != Name::List(String::new()));
        }
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let name = rest.get(..length)?.trim_end_matches(STOPS).trim_end_matches('.');
        // "#123" is the number of something.
        let is_name = name.chars().any(|c| !c.is_ascii_digit()) && name.chars().any(char::is_alphanumeric) && !name.contains('"');
        return is_name.then(|| (length + 1, Name::List(name.to_owned())));
    }
    quoted(text).map(|(length, name)| (length, Name::Quoted(name)))
}

/// A quoted text at the front, with a backslash before marks that belong to it. Behind the closing mark only punctuation may stand.
fn quoted(text: &str) -> Option<(usize, String)> {
    let mut letters = text.char_indices();
    let open = letters.next()?.1;
    let (_, close) = MARKS.iter().find(|(mark, _)| *mark == open)?;
    let mut name = String::new();
    while let Some((at, c)) = letters.next() {
        if c == '\\' {
            name.push(letters.next()?.1);
        } else if close.contains(&c) {
            let rest = text.get(at + c.len_utf8()..)?;
            let tail = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let is_end = rest.get(..tail)?.chars().all(|c| STOPS.contains(&c) || c == '.');
            return is_end.then(|| (at + c.len_utf8() + tail, name.split_whitespace().collect::<Vec<_>>().join(" ")));
        } else {
            name.push(c);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn punctuation_is_around_words_not_in_them() {
        assert_eq!(words("Pay, (rent) 3.3. 9:30! o’clock"), ["pay", "rent", "3.3", "9:30", "o'clock"]);
    }

    #[test]
    fn quoted_text_is_one_token_without_a_word() {
        let all = tokens(r#"See "war \"and\"  peace", now"#);
        assert_eq!(all[1].name, Some(Name::Quoted(r#"war "and" peace"#.into())));
        assert_eq!((all[1].word.as_str(), all[1].stop, all.len()), ("", true, 3));
    }

    #[test]
    fn a_mark_that_is_not_closed_is_a_letter() {
        assert_eq!(tokens("27\" screen").len(), 2);
        assert_eq!(tokens("\"open end").len(), 2);
        assert_eq!(tokens("\"a\"b").len(), 1);
    }

    #[test]
    fn lists_keep_their_letters() {
        let names: Vec<Option<Name>> = tokens("#Home, #\"Two words\" #123 # #“x y”").into_iter().map(|token| token.name).collect();
        let list = |name: &str| Some(Name::List(name.into()));
        assert_eq!(names, [list("Home"), list("Two words"), None, None, list("x y")]);
    }

    #[test]
    fn letters_that_grow_in_lower_case_leave_places_alone() {
        let text = "İİ tomorrow";
        let last = tokens(text).pop().expect("a token");
        assert_eq!(&text[last.start..last.end], "tomorrow");
    }
}
