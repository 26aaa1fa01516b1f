//! Words with their places in the text.

/// A word in lower case without the punctuation around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub word: String,
    pub start: usize,
    pub end: usize,
}

pub fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                out.extend(token(text, from, at));
                start = None;
            }
            _ => {}
        }
    }
    out
}

fn token(text: &str, from: usize, to: usize) -> Option<Token> {
    let raw = text.get(from..to)?;
    let word = raw.trim_matches(|c: char| matches!(c, ',' | ';' | '.' | '!' | '?' | '(' | ')' | '"')).to_lowercase();
    Some(Token { word, start: from, end: to })
}
