//! Content lines (RFC 5545 section 3.1): unfolding, names and values on the way in; escaping and folding on the way out.

use crate::others::is_known;
use crate::printable::{decoded, is_quoted_printable};

/// Longest line that is written, in octets without the line break.
const FOLD_AT: usize = 75;

/// One unfolded line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentLine<'a> {
    /// The whole line.
    pub text: &'a str,
    /// What stands before the value: name and parameters.
    head: &'a str,
    /// What stands after the first colon outside quotes.
    pub value: &'a str,
}

impl<'a> ContentLine<'a> {
    /// Nothing for a line without a colon.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut quoted = false;
        let colon = text.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == ':' && !quoted
        });
        // A quote that never closes is a letter like any other.
        let (head, value) = match colon {
            Some((at, _)) => (text.get(..at)?, text.get(at + 1..)?),
            None => text.split_once(':')?,
        };
        Some(Self { text, head, value })
    }

    pub fn name(&self) -> &'a str {
        self.head.split(';').next().unwrap_or_default().trim()
    }

    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Its values, where it may have several.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.value.split(',').map(str::trim).filter(|value| !value.is_empty())
    }

    /// Its name, then its parameters as they stand.
    pub fn parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut quoted = false;
        self.head.split(move |c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        })
    }

    /// A parameter's value without its quotes.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        let pairs = self.parts().skip(1).filter_map(|part| part.split_once('='));
        pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().trim_matches('"')).next()
    }
}

/// Properties in which people write several lines.
pub const TEXTS: [&str; 5] = ["DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "CONTACT"];

/// Joins folded lines, and decodes those of vCalendar 1.0 that are encoded. What is no property belongs to the text before it, whose line breaks were written out; after anything else it is nothing.
pub fn unfold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Where the last property begins.
    let mut begins = 0;
    let (mut is_printable, mut is_soft, mut is_text, mut is_prose) = (false, false, false, false);
    // Files whose line ends were doubled have an empty line before each fold.
    for line in text.replace("\n\n ", "\n ").replace("\n ", "").replace("\n\t", "").lines() {
        if is_soft {
            out.push_str(line);
        } else if is_property(line) && !(is_prose && is_said(line)) {
            decode_from(&mut out, begins, is_printable);
            out.push_str(if out.is_empty() { "" } else { "\n" });
            begins = out.len();
            out.push_str(line);
            is_printable = ContentLine::parse(line).is_some_and(|line| is_quoted_printable(&line));
            // In a file that writes its own names in capitals, others stand out.
            is_prose = line.starts_with("DESCRIPTION");
            is_text = ContentLine::parse(line).is_some_and(|line| TEXTS.iter().any(|name| line.is(name)));
        } else if is_text && !line.trim().is_empty() {
            out.push_str("\\n");
            out.push_str(line.trim_end());
        }
        is_soft = is_printable && out.ends_with('=');
        if is_soft {
            out.pop();
        }
    }
    decode_from(&mut out, begins, is_printable);
    out.push('\n');
    out
}

fn decode_from(out: &mut String, begins: usize, is_printable: bool) {
    if let Some(line) = out.get(begins..).filter(|_| is_printable).and_then(decoded) {
        out.truncate(begins);
        out.push_str(&line);
    }
}

/// Whether it begins like a property: a name, then a parameter or the value.
fn is_property(line: &str) -> bool {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    end.is_some_and(|end| end > 0 && line.get(end..).is_some_and(|rest| rest.trim_start().starts_with([':', ';'])))
}

/// Whether a line behind a description only looks like a property: `Time: 10:00` of an agenda whose line breaks were written out, `Dtstart: see below`.
fn is_said(line: &str) -> bool {
    let Some(line) = ContentLine::parse(line) else { return true };
    let name = line.name();
    let is_spoken = name.chars().any(|c| c.is_ascii_lowercase());
    let is_spaced = line.value.starts_with([' ', '\t']);
    if is_known(name) {
        let is_date = DATES.iter().any(|date| line.is(date)) && !line.value.contains(|c: char| c.is_ascii_digit());
        return is_date || is_spoken && is_spaced && !name.to_ascii_uppercase().starts_with("X-");
    }
    is_spoken || is_spaced || line.value.starts_with(char::is_lowercase)
}

/// Properties that hold nothing without a digit.
const DATES: [&str; 7] = ["DTSTART", "DTEND", "DTSTAMP", "DUE", "DURATION", "COMPLETED", "CREATED"];

/// The lines of a component itself, without those of the components inside it. `unfolded` begins with its BEGIN.
pub fn own_lines(unfolded: &str) -> impl Iterator<Item = ContentLine<'_>> {
    let mut depth = 0_usize;
    unfolded.lines().filter_map(ContentLine::parse).filter(move |line| {
        if line.is("BEGIN") {
            depth += 1;
            return false;
        }
        if line.is("END") {
            depth = depth.saturating_sub(1);
            return false;
        }
        depth == 1
    })
}

/// The values of a component's own property, as the file spells them.
pub fn values_of(unfolded: &str, property: &str) -> Vec<String> {
    own_lines(unfolded).filter(|line| line.is(property)).map(|line| line.value.trim().to_owned()).collect()
}

/// A text value (RFC 5545 section 3.3.11).
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

/// Appends a line, folded at 75 octets and never within a letter, with CRLF.
pub fn push_line(out: &mut String, line: &str) {
    let mut room = FOLD_AT;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = FOLD_AT - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_in_quotes_is_no_end() {
        let line = ContentLine::parse("X-A;CN=\"a:b\";TZID=x:va:lue").expect("a line");
        assert_eq!((line.name(), line.value, line.parameter("tzid")), ("X-A", "va:lue", Some("x")));
        assert_eq!(ContentLine::parse("X-A;CN=\"a:b").map(|line| line.value), Some("b"));
        assert_eq!(ContentLine::parse("nothing"), None);
    }

    #[test]
    fn line_breaks_that_were_written_out_belong_to_the_text() {
        assert_eq!(unfold("DESCRIPTION:one\ntwo, three\n\nfour\nSUMMARY:x\n"), "DESCRIPTION:one\\ntwo, three\\nfour\nSUMMARY:x\n");
        assert_eq!(unfold("DTSTART:20270303\nSUMMARY=x\nUID:1\n"), "DTSTART:20270303\nUID:1\n");
        let soft = "SUMMARY;ENCODING=QUOTED-PRINTABLE:caf=\n=C3=A9\nUID:1\n";
        assert_eq!(unfold(soft), "SUMMARY:caf\u{e9}\nUID:1\n");
    }

    #[test]
    fn a_line_of_prose_with_a_colon_is_no_property() {
        let text = |lines: &str| unfold(&format!("DESCRIPTION:Agenda\n{lines}\nUID:1\n"));
        for lines in [
            "Time: 10:00",
            "Dtstart: see below",
            "DTSTART: see below",
            "NOTE: bring it",
            "https://example.org/x",
            "Begin: 9",
            "Hint; or not",
            "note:this",
        ] {
            assert_eq!(text(lines), format!("DESCRIPTION:Agenda\\n{lines}\nUID:1\n"));
        }
        for lines in [
            "DTSTART: 20270303T090000Z",
            "dtstart:20270303",
            "URL: http://x.example",
            "X-Own: y",
            "NEW-NAME:Value",
            "BEGIN:VALARM",
            "ATTENDEE;CN=\"a: b\": mailto:a@example.org",
        ] {
            assert_eq!(text(lines), format!("DESCRIPTION:Agenda\n{lines}\nUID:1\n"));
        }
        // Behind anything else, and where the file has names of its own, a name is one.
        for lines in ["description:x\nUrl: y\n", "SUMMARY:x\nUrl: y\n", "Description: x\nDtstart: 20270303\n"] {
            assert_eq!(unfold(lines), lines);
        }
    }

    #[test]
    fn folded_lines_are_short_and_come_back_whole() {
        let line = format!("SUMMARY:{}", "\u{1f514}\u{e9} ab".repeat(60));
        let mut out = String::new();
        push_line(&mut out, &line);
        assert!(out.split("\r\n").all(|piece| piece.len() <= FOLD_AT));
        assert_eq!(unfold(&out.replace("\r\n", "\n")).trim_end_matches('\n'), line);
    }
}
