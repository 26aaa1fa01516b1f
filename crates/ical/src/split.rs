//! Cuts a file into its items, each with its line: one bad item cannot spoil the next, and an item without an end is noticed.

use crate::FileProblem;

/// Components that never hold one another.
const KINDS: [&str; 5] = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"];

/// One item.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Line of its BEGIN, from 1.
    pub line: usize,
    pub kind: &'a str,
    pub text: &'a str,
}

impl Part<'_> {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }
}

/// Cuts.
pub fn split(text: &str) -> Result<Vec<Part<'_>>, FileProblem> {
    let mut parts = Vec::new();
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
                (true, _, Some((line, ..))) if is_item || is_calendar => return Err(FileProblem::Truncated { line: *line }),
                (_, true, Some((line, ..))) if is_calendar => return Err(FileProblem::Truncated { line: *line }),
                (true, _, None) if is_item => open = Some((number, at, kind)),
                (true, _, None) if is_calendar => {
                    calendar = calendar.or(Some(number));
                    seen_calendar = true;
                }
                (_, true, Some((line, from, opened))) if opened.eq_ignore_ascii_case(kind) => {
                    parts.push(Part { line: *line, kind: opened, text: text.get(*from..at + line_len(text, at)).unwrap_or_default() });
                    open = None;
                }
                (_, true, None) if is_calendar => calendar = None,
                _ => {}
            }
        }
        at += line.len();
    }
    if let Some(line) = open.map(|(line, ..)| line).or(calendar) {
        return Err(FileProblem::Truncated { line });
    }
    if parts.is_empty() && !seen_calendar { Err(FileProblem::NotCalendar) } else { Ok(parts) }
}

fn line_len(text: &str, at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.find('\n').map_or(rest.len(), |end| end + 1))
}
