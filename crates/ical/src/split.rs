//! Cuts a file into its items, each with its line: one bad item cannot spoil the next, and an item without an end is noticed.

use crate::line::ContentLine;
use crate::{FileProblem, Open};

/// Components that never hold one another.
const KINDS: [&str; 5] = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"];

/// One item.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Line of its BEGIN, from 1.
    pub line: usize,
    pub kind: &'a str,
    pub text: &'a str,
    pub calendar: Head<'a>,
}

/// What a calendar says of all its items.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    /// From 1 in the order of the file; what stands in no calendar has 0.
    pub number: usize,
    /// `METHOD` (RFC 5545 section 3.7.2).
    method: Option<&'a str>,
    /// `X-WR-TIMEZONE`: where its times are that name no zone.
    pub zone: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// Whether its items are what somebody takes back (RFC 5546 section 3.2.5).
    pub fn is_cancelled(&self) -> bool {
        self.method.is_some_and(|method| method.eq_ignore_ascii_case("CANCEL"))
    }

    fn take(&mut self, line: &'a str) {
        let Some(line) = ContentLine::parse(line).filter(|line| !line.value.trim().is_empty()) else { return };
        if line.is("METHOD") {
            self.method = Some(line.value.trim());
        } else if line.is("X-WR-TIMEZONE") {
            self.zone = Some(line.value.trim());
        }
    }
}

impl Part<'_> {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
}

/// Cuts.
pub fn split(text: &str) -> Result<Vec<Part<'_>>, FileProblem> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    // Of items outside any calendar, then of each calendar; what it says may stand behind an item.
    let mut heads = vec![Head::default()];
    let mut head_of: Vec<usize> = Vec::new();
    let mut open: Option<(usize, usize, &str)> = None;
    let mut calendar: Option<usize> = None;
    let mut seen_calendar = false;
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        if let Some((word, kind)) = line.trim_end().split_once(':') {
            let (begin, end) = (word.eq_ignore_ascii_case("BEGIN"), word.eq_ignore_ascii_case("END"));
            let is_item = KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind));
            let is_calendar = kind.eq_ignore_ascii_case("VCALENDAR");
            match (begin, end, &open) {
                // An item inside an item, or a calendar that ends with an item open: the item has no end.
                (true, _, Some((line, ..))) if is_item || is_calendar => {
                    return Err(FileProblem::Truncated { line: *line, open: Open::Part });
                }
                (_, true, Some((line, ..))) if is_calendar => return Err(FileProblem::Truncated { line: *line, open: Open::Part }),
                (true, _, None) if is_item => open = Some((number, at, kind)),
                (true, _, None) if is_calendar => {
                    calendar = calendar.or(Some(number));
                    heads.push(Head::default());
                    seen_calendar = true;
                }
                (_, true, Some((line, from, opened))) if opened.eq_ignore_ascii_case(kind) => {
                    let text = text.get(*from..at + line_len(text, at)).unwrap_or_default();
                    parts.push(Part { line: *line, kind: opened, text, calendar: Head::default() });
                    head_of.push(heads.len() - 1);
                    open = None;
                }
                (_, true, None) if is_calendar => calendar = None,
                (false, false, None) => heads.last_mut().into_iter().for_each(|head| head.take(line.trim_end())),
                _ => {}
            }
        }
        at += line.len();
    }
    if let Some(line) = open.map(|(line, ..)| line).or(calendar) {
        return Err(FileProblem::Truncated { line, open: Open::Part });
    }
    for (part, head) in parts.iter_mut().zip(head_of) {
        part.calendar = Head { number: head, ..heads.get(head).copied().unwrap_or_default() };
    }
    if parts.is_empty() && !seen_calendar { Err(FileProblem::NotCalendar) } else { Ok(parts) }
}

fn line_len(text: &str, at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.find('\n').map_or(rest.len(), |end| end + 1))
}
