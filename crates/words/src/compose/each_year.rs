//! Days that are not the same in every year or month, beside "every year" and "every month".

use belfry_core::Rule;
use belfry_core::rule::Frequency;

use super::Piece;
use crate::grammar::{Said, days_of_month, each_year};
use crate::sentence::Sentence;

/// "1st Monday 9am each month", "zum Monatsende jeden Monat": which day of each month the date names, and not its number in the coming one.
pub(super) fn edges_of_months(sentence: &Sentence, pieces: &mut [Piece]) {
    let is_plain = |rule: &Rule| rule.frequency == Frequency::Monthly && rule.by_day.is_empty() && rule.by_month_day.is_empty();
    let of_date = |piece: &Piece| {
        let monthly = days_of_month(sentence.cursor(piece.from), piece.found.next);
        monthly.filter(|_| matches!(piece.found.said, Said::Date(_)))
    };
    let Some((day, monthly)) = pieces.iter().enumerate().find_map(|(index, piece)| Some((index, of_date(piece)?))) else { return };
    let mut series = pieces.iter_mut().filter_map(|piece| match &mut piece.found.said {
        Said::Series(rule, None) if is_plain(rule) => Some(rule),
        _ => None,
    });
    if let Some(rule) = series.next() {
        **rule = Rule { interval: rule.interval, ..monthly };
        if let Some(piece) = pieces.get_mut(day) {
            piece.found.others.clear();
        }
    }
}

/// "Thanksgiving every year" is a rule of weekdays, and "Good Friday every year" is in none: the rule is told, because a date of this year is another day in the next.
pub(super) fn moving_days(sentence: &Sentence, pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>) {
    let is_plain = |rule: &Rule| {
        rule.frequency == Frequency::Yearly && rule.by_day.is_empty() && rule.by_month.is_empty() && rule.by_month_day.is_empty()
    };
    let yearly = |piece: &Piece| matches!(&piece.found.said, Said::Series(rule, None) if is_plain(rule));
    let Some(series) = pieces.iter().position(yearly) else { return };
    let rules = |piece: &Piece| {
        let is_date = matches!(piece.found.said, Said::Date(_));
        (piece.from..piece.found.next).filter(|_| is_date).find_map(|at| each_year(sentence.cursor(at)))
    };
    let Some((day, rules)) = pieces.iter().enumerate().find_map(|(index, piece)| Some((index, rules(piece)?))) else { return };
    // The day of another country is that of another rule; beside "every year" its date alone would be a fixed one.
    if let Some(piece) = pieces.get_mut(day) {
        piece.found.others.retain(|other| *other == Said::Title);
    }
    if rules.is_empty() {
        let mut piece = pieces.remove(series);
        piece.found.said = Said::Impossible;
        dropped.push(piece);
        return;
    }
    if let Some(found) = pieces.get_mut(series).map(|piece| &mut piece.found)
        && let Said::Series(plain, _) = &found.said
    {
        let each = |(month, by)| Said::Series(Box::new(Rule { by_month: vec![month], by_day: vec![by], ..(**plain).clone() }), None);
        let mut all: Vec<Said> = rules.into_iter().map(each).collect();
        let said = all.remove(0);
        (found.said, found.others) = (said, all);
    }
}
