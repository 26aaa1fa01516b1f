//! Cuts a file into its items, each with its line: one bad item cannot spoil the next, and an item without an end is noticed.

use crate::line::ContentLine;
use crate::{FileProblem, Open};

/// Components that never hold one another.
const KINDS: [&str; 5] = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"];

/// Components that hold those, or stand in them.
const INNER: [&str; 4] = ["VCALENDAR", "VALARM", "STANDARD", "DAYLIGHT"];

/// Components that a calendar may hold and that are nobody's reminders (RFC 7953, RFC 9073).
const NO_ITEMS: [&str; 4] = ["VAVAILABILITY", "AVAILABLE", "VLOCATION", "VRESOURCE"];

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

/// What a file is cut into.
struct Cut<'a> {
    parts: Vec<Part<'a>>,
    /// Whether an item ends that never began.
    has_stray_end: bool,
    /// Line of the first component that is no item.
    other: Option<usize>,
}

/// Cuts.
pub fn split(text: &str) -> Result<Vec<Part<'_>>, FileProblem> {
    let Cut { parts, other, .. } = cut(text)?;
    match other.filter(|_| parts.is_empty()) {
        Some(line) => Err(FileProblem::Truncated { line, open: Open::Items }),
        None => Ok(parts),
    }
}

fn cut(text: &str) -> Result<Cut<'_>, FileProblem> {
    let mut cut = Cut { parts: Vec::new(), has_stray_end: false, other: None };
    // Of items outside any calendar, then of each calendar; what it says may stand behind an item.
    let mut heads = vec![Head::default()];
    let mut head_of: Vec<usize> = Vec::new();
    let mut open: Option<(usize, usize, &str)> = None;
    let mut calendar: Option<usize> = None;
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
                }
                (true, _, None) if NO_ITEMS.iter().any(|known| known.eq_ignore_ascii_case(kind)) => {}
                (true, _, None) => cut.other = cut.other.or(Some(number)),
                (_, true, Some((line, from, opened))) if opened.eq_ignore_ascii_case(kind) => {
                    let text = text.get(*from..at + line_len(text, at)).unwrap_or_default();
                    cut.parts.push(Part { line: *line, kind: opened, text, calendar: Head::default() });
                    head_of.push(heads.len() - 1);
                    open = None;
                }
                (_, true, None) if is_calendar => calendar = None,
                (_, true, None) => cut.has_stray_end |= is_item,
                (false, false, None) => heads.last_mut().into_iter().for_each(|head| head.take(line.trim_end())),
                _ => {}
            }
        }
        at += line.len();
    }
    if let Some(line) = open.map(|(line, ..)| line).or(calendar) {
        return Err(FileProblem::Truncated { line, open: Open::Part });
    }
    for (part, head) in cut.parts.iter_mut().zip(head_of) {
        part.calendar = Head { number: head, ..heads.get(head).copied().unwrap_or_default() };
    }
    if cut.parts.is_empty() && heads.len() == 1 { Err(FileProblem::NotCalendar) } else { Ok(cut) }
}

/// The text with its brackets as they are meant, where items show that way which do not as it stands: `BEGIN: VEVENT`, a `BEGIN` that is folded, lines that are indented.
pub fn mended(text: &str) -> Option<String> {
    let straight = straightened(text);
    let found = match cut(text) {
        Ok(cut) if straight.is_none() && !cut.parts.is_empty() && !cut.has_stray_end => return None,
        Ok(cut) => cut.parts.len(),
        Err(FileProblem::NotCalendar) => 0,
        // One that breaks off is not made whole.
        Err(_) if straight.is_none() => return None,
        Err(_) => 0,
    };
    let base = straight.as_deref().unwrap_or(text);
    let unfolded = base.replace("\n ", "").replace("\n\t", "");
    let ways = [straight.clone(), Some(unfolded), outdented(base).filter(|_| found == 0)];
    let shown = ways.into_iter().flatten().filter_map(|way| Some((cut(&way).ok()?.parts.len(), way)));
    // Of several the first.
    let best = shown.filter(|(count, _)| *count > found).reduce(|best, way| if way.0 > best.0 { way } else { best });
    best.map(|(_, way)| way)
}

/// The brackets of components without the blanks around their names.
fn straightened(text: &str) -> Option<String> {
    let straight = |line: &str| -> Option<String> {
        let (word, kind) = line.split_once(':')?;
        let is_bracket = ["BEGIN", "END"].iter().any(|known| known.eq_ignore_ascii_case(word.trim_end()));
        let is_known = || KINDS.iter().chain(&INNER).any(|known| known.eq_ignore_ascii_case(kind.trim()));
        let is_bent = word.ends_with([' ', '\t']) || kind.starts_with([' ', '\t']);
        (is_bent && is_bracket && is_known()).then(|| format!("{}:{}", word.trim_end(), kind.trim()))
    };
    text.lines().any(|line| straight(line).is_some()).then(|| {
        let lines = text.lines().map(|line| straight(line).unwrap_or_else(|| line.to_owned()) + "\n");
        lines.collect()
    })
}

/// The lines without the blanks that the first indented `BEGIN` stands behind; what stands behind more of them is folded.
fn outdented(text: &str) -> Option<String> {
    let is_begin = |line: &&str| line.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("BEGIN:"));
    let first = text.lines().filter(is_begin).find(|line| line.starts_with([' ', '\t']))?;
    let blanks = first.get(..first.len() - first.trim_start().len())?;
    Some(text.lines().map(|line| line.strip_prefix(blanks).unwrap_or(line).to_owned() + "\n").collect())
}

fn line_len(text: &str, at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.find('\n').map_or(rest.len(), |end| end + 1))
}
