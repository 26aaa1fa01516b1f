//! Short names of weekdays that are also everyday words: "Sat", "sun", "Mi", "so".

use chrono::Weekday;

use super::dates::today;
use super::times::{behind_date, by_letter, is_before_clock, range, time};
use super::weekdays::date_behind;
use super::{Day, Found, Named, Said, between, found};
use crate::sentence::Cursor;
use crate::vocabulary::Sense;

/// Whether a short name stands as people write it for a weekday: before a time or a date, or with a capital inside the text before a number or the end.
pub fn stands_as_weekday(cursor: Cursor<'_>) -> bool {
    let Some(token) = cursor.token() else { return false };
    let next = cursor.sentence.tokens.get(cursor.at + 1);
    let is_over = token.dot || token.stop || next.is_none_or(|next| next.word.starts_with(|c: char| c.is_ascii_digit()));
    token.capital && cursor.at > 0 && is_over || is_before_time(cursor)
}

/// "sat 11am", "Mi um 9", "sun at noon", "Sat 5 Dec", "So 6.12.", "Sat evening".
fn is_before_time(mut cursor: Cursor<'_>) -> bool {
    let Some(token) = cursor.token() else { return false };
    let behind_article = follows_article(cursor);
    let Some(day) = short(&mut cursor) else { return false };
    // "Sit in the sun 3pm"
    if !token.capital && behind_article {
        return false;
    }
    // "So um 9" is about nine, "so früh" how early.
    let is_so = day == Weekday::Sun && !cursor.sentence.vocabulary.twelve_hours;
    let behind = cursor.over();
    let mut at = behind;
    let tied = at.skip(&[Sense::At, Sense::On]);
    if tied && is_so && !token.capital {
        return false;
    }
    let part = |sense| matches!(sense, Sense::Part(_) | Sense::Around(_)).then_some(());
    // "So früh" says how early, "Oma So nachmittag" when.
    if !token.stop && (!is_so || token.capital && behind.at > 1) && { behind }.pick(part).is_some() {
        return true;
    }
    // "We sat on 5 December" is a date without a weekday.
    is_before_hours(behind) || (!tied || token.capital) && date_behind(behind, day).is_some()
}

/// Whether a time of day or a span of them stands here, or "all day": "9am", "10-11", "ab 10 Uhr", "between 10am and noon".
pub fn is_before_hours(cursor: Cursor<'_>) -> bool {
    let timed = time(cursor).or_else(|| range(cursor)).or_else(|| by_letter(cursor)).or_else(|| behind_date(cursor)).is_some();
    let mut from = cursor;
    from.skip(&[Sense::From]);
    timed || between::times(cursor).is_some() || from.at > cursor.at && is_before_clock(from) || { cursor }.eat(Sense::AllDay)
}

/// Whether an article stands before, and no word before that which asks for a date.
pub fn follows_article(cursor: Cursor<'_>) -> bool {
    let before = |back: usize| cursor.at.checked_sub(back).map(|at| cursor.sentence.cursor(at));
    let article = before(1).is_some_and(|mut at| at.eat(Sense::The));
    let asks = |sense| matches!(sense, Sense::On | Sense::From | Sense::Until).then_some(());
    article && before(2).is_none_or(|mut at| at.pick(asks).is_none())
}

/// Whether one word that was read as a date is as likely a part of a title: "sat" in small letters behind others, "4." and "3.12" before a time, "1/2" before a thing.
pub fn is_doubtful(cursor: Cursor<'_>, behind: Cursor<'_>) -> bool {
    let Some(token) = cursor.token().filter(|_| behind.at == cursor.at + 1) else { return false };
    // "They wed" and the short names of German but "so" are seldom words of a title.
    let is_word = |day| day == Weekday::Sun || cursor.sentence.vocabulary.twelve_hours && day == Weekday::Sat;
    let is_short = short(&mut { cursor }).is_some_and(is_word) && !token.capital && cursor.at > 0;
    let is_place = token.dot && token.word.bytes().all(|letter| letter.is_ascii_digit()) && cursor.at > 0;
    let is_number = !token.dot && token.word.matches('.').count() == 1;
    let is_part = token.word.matches('/').count() == 1 && !behind.is_free();
    is_short || is_place || is_number || is_part
}

fn short(cursor: &mut Cursor<'_>) -> Option<Weekday> {
    cursor.pick(|sense| if let Sense::Short(day) = sense { Some(day) } else { None })
}

/// "Do Treffen 9 Uhr", "Wed lunch 12:30": at the front and before a title it is the date of a time that has no other.
pub fn in_title(mut cursor: Cursor<'_>) -> Option<Found> {
    looks_like_day(cursor).then_some(())?;
    let day = short(&mut cursor)?;
    // More often a star, or the end of standing.
    let is_word = cursor.sentence.vocabulary.twelve_hours && day != Weekday::Wed;
    let date = today(cursor).iter_days().skip(1).take(7).find(|date| chrono::Datelike::weekday(date) == day)?;
    (!is_word).then(|| found([Said::Named(Named { day: Day::of(date), may_be_date: true, stays: false })], cursor))?
}

/// "Dinner Sat with Luigi 7pm": with a capital inside a title it is the date of a time that has no other, and the title is offered. "Essen Sa mit Luigi 19 Uhr" is told.
pub fn inside_title(mut cursor: Cursor<'_>) -> Option<Found> {
    let token = cursor.token().filter(|token| token.capital && !token.upper && cursor.at > 0)?;
    // "In The Sun", "Done! So it goes": an article or another sentence before it.
    let before = cursor.sentence.tokens.get(cursor.at - 1)?;
    let is_apart = before.dot || before.stop || token.stop || token.dot;
    // "To Do list" and "Mo" are English as well: where a word for a time is German they are not.
    let is_sure = || {
        let says_time = |at: usize| {
            let mut cursor = cursor.sentence.cursor(at);
            cursor.word() == "um" || cursor.eat(Sense::Clock)
        };
        cursor.sentence.vocabulary.twelve_hours || (0..cursor.sentence.tokens.len()).any(says_time)
    };
    if is_apart || short(&mut { cursor }).is_none() || !is_sure() || follows_article(cursor) {
        return None;
    }
    let day = short(&mut cursor)?;
    let date = today(cursor).iter_days().skip(1).take(7).find(|date| chrono::Datelike::weekday(date) == day)?;
    let may_be_date = cursor.sentence.vocabulary.twelve_hours;
    found([Said::Named(Named { day: Day::of(date), may_be_date, stays: false })], cursor)
}

/// Whether a short name at the front may be a weekday: with a capital, and in German before another one.
pub fn looks_like_day(cursor: Cursor<'_>) -> bool {
    let is_noun = cursor.sentence.tokens.get(cursor.at + 1).is_some_and(|next| next.capital);
    let due = is_noun || cursor.sentence.vocabulary.twelve_hours;
    cursor.at == 0 && due && cursor.token().is_some_and(|token| token.capital) && short(&mut { cursor }).is_some()
}

/// Whether an everyday word stands there that is also a short name, and a weekday in full right behind it.
pub fn is_short_before_long(cursor: Cursor<'_>, at: usize) -> bool {
    let mut first = cursor.sentence.cursor(at);
    let is_short =
        first.token().is_some_and(|token| !token.capital) && first.pick(|sense| matches!(sense, Sense::Short(_)).then_some(())).is_some();
    is_short && first.token().is_some_and(|token| token.word.len() > 4) && first.weekday(false).is_some()
}
