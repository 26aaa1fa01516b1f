//! Tells a person what is due. What was missed, as the computer slept or Belfry was not there, is told once, together.

use std::rc::Rc;

use belfry_core::Zone;
use belfry_sync::schedule::Event;
use chrono::{DateTime, Utc};

use super::{Controller, Input};
use crate::app::App;
use crate::error::AppError;
use crate::language::{Tongue, isolated, with};
use crate::ringing::Due;
use crate::shell::{Notice, TrayAction};

/// What is due so much later than it should have rung was missed.
const MISSED: chrono::Duration = chrono::Duration::minutes(2);
/// So far ahead it is known when the next one rings; then it is looked again.
const AHEAD: chrono::Duration = chrono::Duration::minutes(50);
/// A notification is no list.
const MOST_TITLES: usize = 4;

impl Controller {
    /// Sets the alarm clock to the next one; an earlier setting is void.
    pub(super) fn set_alarm_clock(&self) {
        let (app, inputs) = (Rc::clone(&self.app), self.inputs.clone());
        let at = next(&app);
        let clock = tokio::task::spawn_local(async move {
            super::until(&app, at).await;
            let _ = inputs.send(Input::AlarmsDue);
        });
        if let Some(before) = self.alarm_clock.replace(Some(clock)) {
            before.abort();
        }
    }

    /// What is watched and what rings next may be another now.
    pub(super) fn set_anew(&self) {
        if self.alarm_clock.borrow().is_some() {
            self.watch_sources();
            self.set_alarm_clock();
        }
    }

    /// Rings what is due.
    pub(super) fn ring_due(&self) {
        let now = self.app.now();
        match self.app.due(now) {
            Ok(due) if due.is_empty() => {}
            Ok(due) => {
                // What was not told is not gathered for later either.
                let told =
                    if self.wants().due { notices(&due, now, Words { tongue: self.tongue(), home: self.app.zone() }) } else { vec![] };
                for notice in told {
                    self.shell.notify(&notice);
                }
                if let Err(error) = self.app.set_rung(now) {
                    tracing::error!(%error, "what has rung could not be remembered");
                }
            }
            Err(error) => tracing::error!(%error, "what is due cannot be read"),
        }
    }
}

impl Controller {
    /// A button of a notification was clicked.
    pub(super) fn after_ringing(self: &Rc<Self>, result: Result<(), AppError>) {
        match result {
            Ok(()) => self.schedule(Event::Changed),
            Err(error) => tracing::warn!(%error, "what is due is not there any more"),
        }
    }
}

fn next(app: &App) -> DateTime<Utc> {
    let now = app.now();
    let due = app.due(now + AHEAD).unwrap_or_default();
    due.first().map_or(now + AHEAD, |due| due.at)
}

/// How to say it.
#[derive(Clone, Copy)]
struct Words {
    tongue: Tongue,
    /// Whose wall times are said.
    home: Zone,
}

/// Each by itself, but what was missed together.
fn notices(due: &[Due], now: DateTime<Utc>, words: Words) -> Vec<Notice> {
    let (missed, fresh): (Vec<&Due>, Vec<&Due>) = due.iter().partition(|due| due.at + MISSED < now);
    let mut notices: Vec<Notice> = match missed.as_slice() {
        [] => vec![],
        [one] => vec![alone(one, now, words)],
        several => vec![together(several, words.tongue)],
    };
    notices.extend(fresh.into_iter().map(|due| alone(due, now, words)));
    notices
}

fn alone(due: &Due, now: DateTime<Utc>, words: Words) -> Notice {
    let say = words.tongue.say();
    let actions = vec![(TrayAction::Done(due.of.clone()), say.done.into()), (TrayAction::Snooze(due.of.clone()), say.snooze.into())];
    Notice {
        title: due.title.clone(),
        body: words.tongue.when(&due.when, words.home, now),
        actions,
        click: TrayAction::Show(due.of.clone()),
    }
}

fn together(missed: &[&Due], tongue: Tongue) -> Notice {
    let say = tongue.say();
    let mut titles: Vec<String> = missed.iter().take(MOST_TITLES).map(|due| isolated(&due.title)).collect();
    let others = missed.len().saturating_sub(MOST_TITLES);
    if others > 0 {
        titles.push(with(say.and_more, others));
    }
    let actions = vec![(TrayAction::Open, say.open.into())];
    Notice { title: with(say.missed, missed.len()), body: titles.join(", "), actions, click: TrayAction::Open }
}

#[cfg(test)]
mod tests {
    use belfry_core::When;

    use super::*;
    use crate::ringing::DueDate;

    fn due(title: &str, minutes_ago: i64) -> Due {
        let at = DateTime::UNIX_EPOCH - chrono::Duration::minutes(minutes_ago);
        Due { at, title: title.into(), when: When::Date(at.date_naive()), of: DueDate { id: title.into(), on: None } }
    }

    #[test]
    fn what_was_missed_is_told_once_and_the_rest_by_itself() {
        let words = Words { tongue: Tongue::En, home: Zone::UTC };
        let all = [due("a", 300), due("b", 200), due("c", 100), due("d", 90), due("e", 80), due("f", 0)];
        let told = notices(&all, DateTime::UNIX_EPOCH, words);
        let said: Vec<(&str, &str, usize)> = told.iter().map(|one| (one.title.as_str(), one.body.as_str(), one.actions.len())).collect();
        assert_eq!(said, [("5 reminders were due meanwhile", "a, b, c, d, and 1 more", 1), ("f", "Today", 2)]);
        let turned = notices(&[due("a\u{202e}b\u{2069}", 300), due("c", 200)], DateTime::UNIX_EPOCH, words);
        assert_eq!(turned[0].body, "\u{2068}a\u{202e}b\u{2069}, c");
        assert_eq!(notices(&all[..1], DateTime::UNIX_EPOCH, words)[0].title, "a");
    }
}
