//! Alarms by the clock, behind the time of the day itself: "alarm at 1pm", "notify me at 1pm", "um 13 Uhr erinnern".

use super::times::time;
use super::{Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// Behind a word that says that it is an alarm.
pub fn led(mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.pick(|sense| matches!(sense, Sense::Alarm | Sense::Remind | Sense::Notify).then_some(()))?;
    if cursor.is_behind_colon() {
        cursor = cursor.over();
    }
    let (said, behind) = at(cursor)?;
    // "Remind me at 2pm to bake" is something else at two.
    if { behind }.eat(Sense::Tie) {
        return found([Said::Impossible], behind);
    }
    behind.is_free().then(|| found([said], behind))?
}

/// Before such a word, and right behind another phrase.
pub fn before_word(cursor: Cursor<'_>) -> Option<Found> {
    { cursor }.need(Sense::At)?;
    let (said, mut behind) = at(cursor)?;
    behind.need(Sense::Remind)?;
    found([said], behind)
}

fn at(mut cursor: Cursor<'_>) -> Option<(Said, Cursor<'_>)> {
    let Found { said: Said::Time(minutes), others, next } = time(cursor)? else { return None };
    cursor.step(next - cursor.at);
    let other = others.iter().find_map(|other| if let Said::Time(minutes) = other { Some(*minutes) } else { None });
    Some((Said::LeadAt(minutes, other), cursor))
}
