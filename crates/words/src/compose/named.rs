//! Days with a name inside a title, and times with a zone of their own: whether they are a part of what is said.

use belfry_core::rule::Frequency;

use super::{Piece, minutes, part};
use crate::Here;
use crate::grammar::{Day, Found, Said};
use crate::sentence::Sentence;

/// A day with a name inside a title is the date of a time that has no other, or else of a rule of years; the day without it is offered too. Beside a date it is title.
pub(super) fn named_days(pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>, here: Here) {
    let dates = |said: &Said| {
        matches!(said, Said::Date(_) | Said::Stretch(..) | Said::Moment(_) | Said::Until(_) | Said::Season(..) | Said::Part(_, true))
    };
    let series =
        pieces.iter().find_map(|piece| if let Said::Series(rule, on) = &piece.found.said { Some((rule.frequency, *on)) } else { None });
    let time = pieces.iter().find_map(|piece| minutes(&piece.found.said));
    let timed = time.is_some() || part(pieces).is_some();
    let wanted = match series {
        None => timed,
        Some((frequency, on)) => frequency == Frequency::Yearly && on.is_none(),
    };
    let mut wanted = wanted && !pieces.iter().any(|piece| dates(&piece.found.said));
    let mut had_day = false;
    for mut piece in std::mem::take(pieces) {
        let Said::Named(named) = piece.found.said else {
            pieces.push(piece);
            continue;
        };
        let is_inside = !named.stays && piece.from > 0;
        // "Di oder Mi mit Jo 15 Uhr"
        if is_inside && std::mem::replace(&mut had_day, true) && timed {
            dropped.push(piece);
            continue;
        }
        // "Concert Sat doors 7pm every week"
        if is_inside && series.is_some() {
            if timed {
                dropped.push(piece);
            }
            continue;
        }
        if !std::mem::replace(&mut wanted, false) {
            continue;
        }
        if named.may_be_date {
            let today = here.now.date();
            let gone = time.is_some_and(|minutes| minutes <= crate::draft::minutes_of(here.now));
            let without = if gone { today.succ_opt() } else { Some(today) };
            let other = if named.stays || piece.from > 0 { Some(Said::Title) } else { without.map(|date| Said::Date(Day::of(date))) };
            piece.found.others = other.filter(|_| timed).into_iter().collect();
            piece.found.said = Said::Date(named.day);
            piece.stays = named.stays;
            pieces.push(piece);
        } else {
            dropped.push(piece);
        }
    }
}

/// A second time of a series with a zone of its own ("9am PT, 12pm ET") is the same moment on another clock, or nobody knows what: it is told.
pub(super) fn second_clocks(sentence: &Sentence, pieces: &mut Vec<Piece>, dropped: &mut Vec<Piece>) {
    if !pieces.iter().any(|piece| matches!(piece.found.said, Said::Series(..))) {
        return;
    }
    let zone_behind = |pieces: &[Piece], at: usize| {
        let next = pieces.get(at).map(|piece| piece.found.next);
        pieces.get(at + 1).is_some_and(|zone| matches!(zone.found.said, Said::Zone(_)) && Some(zone.from) == next)
    };
    let is_second = |at: usize, piece: &Piece| {
        let before = pieces.get(..at).unwrap_or_default();
        let zoned = before.iter().any(|piece| matches!(piece.found.said, Said::Zone(_)));
        let stroke = piece.from.checked_sub(1).is_some_and(|at| sentence.cursor(at).word() == "/");
        let timed = before.iter().any(|piece| minutes(&piece.found.said).is_some());
        timed && (zoned || stroke) && minutes(&piece.found.said).is_some() && zone_behind(pieces, at)
    };
    let Some(at) = pieces.iter().enumerate().position(|(at, piece)| is_second(at, piece)) else { return };
    let zone = pieces.remove(at + 1);
    let mut time = pieces.remove(at);
    time.found = Found { said: Said::Impossible, others: vec![], next: zone.found.next };
    dropped.push(time);
}
