//! Where a series ends, in other words than "until": "before 9 February", "by 9 February".

use belfry_core::rule::Frequency;

use super::dates::{Readings, in_digits, written};
use super::near::is_counted;
use super::one_word::one_word;
use super::parted::parted;
use super::{Day, Found, Said, found};
use crate::sentence::Cursor;
use crate::vocabulary::{Sense, Unit};

/// Behind a repeat rule: the last day. Of a rule of years it is the day itself.
pub fn before_date(mut cursor: Cursor<'_>) -> Option<Found> {
    let is_year = |sense| matches!(sense, Sense::Unit(Unit::Year) | Sense::Often(Frequency::Yearly, _)).then_some(());
    if (0..cursor.at).any(|at| cursor.sentence.cursor(at).pick(is_year).is_some()) {
        return None;
    }
    let is_counted = is_counted(cursor);
    let by = cursor.eat(Sense::By);
    if !by {
        // "A week before 9 February"
        cursor.need(Sense::Before).filter(|()| !is_counted)?;
    }
    cursor.skip(&[Sense::On, Sense::The]);
    let forms: [fn(Cursor<'_>, bool) -> Option<Readings>; 4] = [written, in_digits, one_word, parted];
    let readings = forms.iter().filter_map(|form| form(cursor, true)).filter(|(days, _)| !days.is_empty());
    let (days, next) = readings.max_by_key(|(_, next)| *next)?;
    let day = days.into_iter().next()?;
    let early = day.date.pred_opt().map(|date| Day { date, ..day });
    cursor.step(next - cursor.at);
    let last = if by { day } else { early? };
    found([Said::Until(last), Said::Date(Day::of(last.date))], cursor)
}
