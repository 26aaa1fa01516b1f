//! Beginning anew: a process that made a window once keeps half of what the window took, also long after it was closed. One that never made any is half the size,
//! so the process makes way for such a one when nobody would notice.
//!
//! What the next process has to know goes with it as one line of text: when the next sync is due, what the person was told, and what came in as the last moment went by.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use belfry_core::ProblemCode;
use belfry_sync::schedule::{Event, Rest};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{Controller, Input};
use crate::shell::{Errand, TrayAction};

/// Between two looks whether what stood in the way is over.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);
/// So long after the last input nothing is on its way here any more.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// What one process leaves to the next in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carried {
    rest: Rest,
    told: Option<ProblemCode>,
    told_overdue: bool,
    /// What the reminders were like when they were last synced.
    mark: (i64, i64),
    /// Something changed in the last moment.
    is_changed: bool,
    errand: Option<Errand>,
    last: Vec<LastWord>,
}

/// What a person asked for in the last moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LastWord {
    Tray(TrayAction),
    Started(Option<Errand>),
}

impl Carried {
    /// As one line for a command line. There is no secret in it.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Read back. What another release wrote and this one cannot read is nothing.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Adds an input that came too late for the process that leaves.
    pub fn take(&mut self, input: Input) {
        match input {
            Input::Tray(action) => self.last.push(LastWord::Tray(action)),
            Input::Started(errand) => self.last.push(LastWord::Started(errand)),
            Input::Elsewhere | Input::SourceChanged | Input::Woke | Input::NetworkBack => self.is_changed = true,
            // Timers are set again, there is no window that could ask, and nothing that ran is left.
            Input::Rang(_) | Input::AlarmsDue | Input::CloseWanted | Input::WindowClosed | Input::LongClosed(_) => {}
            Input::Command(..) | Input::Online(..) => {}
            Input::Synced(_) | Input::Approved(_) | Input::KeptAlive(_) | Input::SignedIn(_) => {}
        }
    }

    /// What a person asked for and was not done yet.
    #[must_use]
    pub fn into_inputs(self) -> Vec<Input> {
        let input = |word| match word {
            LastWord::Tray(action) => Input::Tray(action),
            LastWord::Started(errand) => Input::Started(errand),
        };
        self.last.into_iter().map(input).collect()
    }
}

/// Counts what is being done; each counts until it is dropped.
#[derive(Clone, Default)]
pub(super) struct Busy(Rc<Cell<u32>>);

impl Busy {
    pub(super) fn begin(&self) -> Doing {
        self.0.set(self.0.get() + 1);
        Doing(Rc::clone(&self.0))
    }

    fn is(&self) -> bool {
        self.0.get() > 0
    }
}

/// One thing that is being done.
pub(super) struct Doing(Rc<Cell<u32>>);

impl Drop for Doing {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

/// What goes on in a process whose window was closed for a while.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct GoingOn {
    /// The window was shown since.
    is_shown: bool,
    syncs: bool,
    /// A browser is waited for, or the person has yet to see why that failed.
    signs_in: bool,
    /// Something else asks the network.
    asks: bool,
    /// A notification is open, and its buttons answer to this process.
    is_waited_for: bool,
}

/// What follows from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The window is there again.
    Stay,
    /// Somebody would notice.
    LookAgain,
    Begin,
}

impl GoingOn {
    fn next(self) -> Next {
        match self {
            Self { is_shown: true, .. } => Next::Stay,
            Self { syncs: false, signs_in: false, asks: false, is_waited_for: false, .. } => Next::Begin,
            _ => Next::LookAgain,
        }
    }
}

impl Controller {
    pub(super) fn window_shown(&self) {
        self.closing.set(self.closing.get() + 1);
    }

    pub(super) fn window_closed(&self) {
        self.closing.set(self.closing.get() + 1);
        if let Some(patience) = self.shell.lean_after() {
            self.look_after(patience);
        }
    }

    fn look_after(&self, wait: Duration) {
        let (inputs, closing) = (self.inputs.clone(), self.closing.get());
        tokio::task::spawn_local(async move {
            tokio::time::sleep(wait).await;
            let _ = inputs.send(Input::LongClosed(closing));
        });
    }

    pub(super) fn long_closed(&self, closing: u64) {
        let going_on = GoingOn {
            is_shown: closing != self.closing.get(),
            syncs: self.running.get(),
            signs_in: self.attempt.borrow().is_some() || self.sign_in_problem.borrow().is_some(),
            asks: self.busy.is(),
            is_waited_for: self.shell.is_waited_for(),
        };
        match going_on.next() {
            Next::Stay => {}
            Next::LookAgain => self.look_after(BETWEEN_LOOKS),
            Next::Begin => self.leaving.set(true),
        }
    }

    /// Goes on where the process before left off, or begins. Answers with what a person asked that one for in its last moment.
    pub(super) fn begin(self: &Rc<Self>, before: Option<Carried>) -> Vec<Input> {
        let Some(before) = before else {
            self.schedule(Event::Started);
            return vec![];
        };
        self.told.replace(before.told);
        self.told_overdue.set(before.told_overdue);
        self.mark.set(before.mark);
        self.errand.replace(before.errand.clone());
        let effects = self.schedule.borrow_mut().go_on(before.rest, self.app.now());
        self.carry_out(effects);
        // Nobody watched in between: files, and what other programs wrote.
        if before.is_changed || before.mark != self.app.reminders_mark() || !self.app.watched().is_empty() {
            self.schedule(Event::Changed);
        }
        before.into_inputs()
    }

    /// What the next process has to know, with all that comes in until nothing does any more.
    pub(super) async fn last_words(&self, inputs: &mut UnboundedReceiver<Input>) -> Carried {
        let mut carried = Carried {
            rest: self.schedule.borrow().rest(),
            told: *self.told.borrow(),
            told_overdue: self.told_overdue.get(),
            mark: self.mark.get(),
            errand: self.errand.borrow().clone(),
            ..Carried::default()
        };
        while let Ok(Some(input)) = tokio::time::timeout(LAST_WORDS, inputs.recv()).await {
            carried.take(input);
        }
        carried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_anew_only_when_nobody_would_notice() {
        let quiet = GoingOn::default();
        assert_eq!(quiet.next(), Next::Begin);
        for busy in [
            GoingOn { syncs: true, ..quiet },
            GoingOn { signs_in: true, ..quiet },
            GoingOn { asks: true, ..quiet },
            GoingOn { is_waited_for: true, ..quiet },
        ] {
            assert_eq!(busy.next(), Next::LookAgain, "{busy:?}");
            assert_eq!(GoingOn { is_shown: true, ..busy }.next(), Next::Stay, "{busy:?}");
        }
        assert_eq!(GoingOn { is_shown: true, ..quiet }.next(), Next::Stay);
    }

    #[test]
    fn what_is_carried_is_read_back_and_what_is_not_understood_is_nothing() {
        let mut carried = Carried { told: Some(ProblemCode::ListLeaving), mark: (3, 4), ..Carried::default() };
        carried.take(Input::Rang(1));
        assert!(!carried.is_changed && carried.last.is_empty());
        carried.take(Input::SourceChanged);
        carried.take(Input::Started(Some(Errand::Follow("/home/a/bins.ics".into()))));
        carried.take(Input::Tray(TrayAction::SyncNow));
        assert_eq!(Carried::of(&carried.to_text()), Some(carried.clone()));
        let inputs = carried.into_inputs();
        assert!(matches!(&inputs[..], [Input::Started(Some(Errand::Follow(_))), Input::Tray(TrayAction::SyncNow)]));
        assert_eq!(Carried::of("{}"), Some(Carried::default()), "an older release knew less");
        assert_eq!(Carried::of("{\"rest\":7}"), None);
    }
}
