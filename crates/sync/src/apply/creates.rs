//! Many creates in a row, as in the first sync of a list: while a batch is on its way, the answers to the one before are recorded and the one after is promised.
//!
//! Nothing leaves that was not promised in the database before, as everywhere. A kill may leave two batches that were promised and not recorded instead of one; the next run repeats
//! them under their own ids. There is never more than one batch on its way: the mailbox takes four requests at a time, and a batch keeps it busy.

use belfry_core::Operation;
use belfry_graph::{Answer, Call, GraphError};

use super::{Applied, Apply, Recorded, Sending, together, writable};
use crate::aside::of_one;
use crate::error::SyncError;
use crate::progress::{Phase, Progress};

/// A batch whose answers came and are not recorded yet.
pub(super) struct Answered {
    pub sending: Vec<Sending>,
    pub answers: Vec<Answer>,
}

/// What recording left to do.
#[derive(Default)]
pub(super) struct Left {
    /// Sendings, by their place in the batch, whose event has to be looked at.
    again: Vec<(Sending, Option<String>)>,
    /// Sendings that Outlook did not permit, and its code.
    forbidden: Vec<(Sending, String)>,
    /// What ends the run.
    fatal: Option<SyncError>,
}

impl Apply<'_> {
    /// Performs creates that follow one another; `done` of `of` operations were performed before them.
    pub(super) async fn creates(&self, creates: &[&Operation], done: usize, of: usize, applied: &mut Applied) -> Result<(), SyncError> {
        let mut chunks = creates.chunks(together()).enumerate();
        let mut answered = None;
        let (_, mut next) = self.beside(None, chunks.next().map(|(_, chunk)| chunk), applied)?;
        let mut sent = 0;
        while let Some(sending) = next.take() {
            (self.progress)(Progress { phase: Phase::Apply, done: done + sent, of, what: self.login.to_owned() });
            let (begun, requests) = (tokio::time::Instant::now(), self.graph.requests());
            let place = creates.get(sent).and_then(|operation| operation.place()).cloned();
            sent += together();
            let before = answered.take();
            let following = chunks.next().map(|(_, chunk)| chunk);
            let beside = async {
                // What is to be sent goes out first: the database holds up whoever shares its thread.
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                self.beside(before, following, applied)
            };
            let (answers, beside) = futures::join!(self.ask(&sending), beside);
            if let Some(place) = place {
                applied.at(&place).took(self.graph.requests() - requests, begun.elapsed());
            }
            let answers = answers?;
            answered = Some(Answered { sending, answers });
            let (left, promised) = beside?;
            if left.fatal.is_some() {
                self.beside(answered.take(), None, applied)?;
            }
            self.end(left, applied).await?;
            next = promised;
        }
        let (left, _) = self.beside(answered, None, applied)?;
        self.end(left, applied).await
    }

    pub(super) async fn ask(&self, sending: &[Sending]) -> Result<Vec<Answer>, SyncError> {
        let calls: Vec<Call> = sending.iter().filter_map(|sending| sending.request.prepare()).collect();
        if calls.is_empty() { Ok(vec![]) } else { Ok(self.graph.ask_many(calls).await?) }
    }

    /// Does what recording left to do.
    pub(super) async fn end(&self, left: Left, applied: &mut Applied) -> Result<(), SyncError> {
        if let Some(fatal) = left.fatal {
            return Err(fatal);
        }
        self.forbidden(left.forbidden, applied).await?;
        for (sending, id) in left.again {
            self.look_again(&sending, id, applied).await?;
        }
        Ok(())
    }

    /// What the server meets a fault with, while it does other things, is put aside for this run: it may have arrived all the same, and the next run looks. When several in
    /// a row meet one, and nothing is done in between, it is the server, and that ends the run.
    pub(super) fn put_aside(&self, faults: Vec<(Operation, GraphError)>, others: usize) -> Option<SyncError> {
        if self.aside.wrote(faults.len(), others) {
            return faults.into_iter().next().map(|(_, error)| error.into());
        }
        let mut fatal = None;
        for (operation, error) in faults {
            match of_one(error) {
                Ok(why) => self.aside.unwritten(operation.key.reminder, &operation.title, why),
                Err(error) => fatal = Some(error),
            }
        }
        fatal
    }

    /// Records one batch and promises another, in one transaction.
    pub(super) fn beside(
        &self,
        answered: Option<Answered>,
        next: Option<&[&Operation]>,
        applied: &mut Applied,
    ) -> Result<(Left, Option<Vec<Sending>>), SyncError> {
        Ok(self.store.atomically(|store| {
            let mut left = Left::default();
            let Answered { sending, answers } = answered.unwrap_or(Answered { sending: vec![], answers: vec![] });
            let (all, mut faults) = (sending.len(), vec![]);
            for (sending, answer) in sending.into_iter().zip(&answers) {
                match self.record(store, &sending, answer, applied)? {
                    Recorded::Done => {}
                    Recorded::LookAgain(id) => left.again.push((sending, id)),
                    Recorded::Faulty(error) => faults.push((sending.operation, error)),
                    Recorded::Forbidden(code) => left.forbidden.push((sending, code)),
                    Recorded::Fatal(error) => left.fatal = left.fatal.take().or(Some(error)),
                }
            }
            let others = all - faults.len();
            left.fatal = left.fatal.take().or(self.put_aside(faults, others));
            let Some(next) = next.filter(|_| left.fatal.is_none()) else { return Ok((left, None)) };
            let promised = self.promised(store, &writable(next, applied, self.aside), applied)?;
            Ok((left, Some(promised)))
        })?)
    }
}
