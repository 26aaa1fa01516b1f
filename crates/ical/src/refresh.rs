//! How often a calendar wants to be read.

use calcard::common::IanaParse;
use calcard::icalendar::ICalendarDuration;

use crate::line::ContentLine;

/// What its head says, in minutes.
pub fn minutes(text: &str) -> Option<u32> {
    let is_item = |line: &&str| {
        line.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:V")) && !line.to_ascii_uppercase().starts_with("BEGIN:VCAL")
    };
    let head: Vec<ContentLine<'_>> = text.lines().take_while(|line| !is_item(line)).filter_map(ContentLine::parse).collect();
    let said = |name: &str| head.iter().find(|line| line.is(name)).and_then(|line| ICalendarDuration::parse(line.value.trim().as_bytes()));
    let seconds = said("REFRESH-INTERVAL").or_else(|| said("X-PUBLISHED-TTL"))?.as_seconds();
    u32::try_from(seconds / 60).ok().filter(|minutes| *minutes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_word_comes_before_the_older_one() {
        for (lines, wanted) in [
            ("REFRESH-INTERVAL;VALUE=DURATION:PT12H", Some(720)),
            ("X-PUBLISHED-TTL:PT30M", Some(30)),
            ("X-PUBLISHED-TTL:P1W\r\nrefresh-interval;value=duration:P1D", Some(1_440)),
            ("REFRESH-INTERVAL:soon", None),
            ("REFRESH-INTERVAL:-PT5M", None),
            ("BEGIN:VEVENT\r\nX-PUBLISHED-TTL:PT1H\r\nEND:VEVENT", None),
        ] {
            assert_eq!(minutes(&format!("BEGIN:VCALENDAR\r\n{lines}\r\nEND:VCALENDAR\r\n")), wanted, "{lines}");
        }
    }
}
