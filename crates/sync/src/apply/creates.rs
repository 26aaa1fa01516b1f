//! Many creates in a row, as in the first sync of a list: while a batch is on its way, the answers to the one before are recorded and the one after is promised.
//!
//! Nothing leaves that was not promised in the database before, as everywhere. A kill may leave two batches that were promised and not recorded instead of one; the next run repeats
//! them under their own ids. There is never more than one batch on its way: the mailbox takes four requests at a time, and a batch keeps it busy.

use belfry_core::Operation;
use belfry_graph::{Answer, Call};

use super::{Applied, Apply, Recorded, Sending, together};
use crate::error::SyncError;
use crate::progress::{Phase, Progress};

/// A batch whose answers came and are not recorded yet.
struct Answered {
    sending: Vec<Sending>,
    answers: Vec<Answer>,
}

/// What recording left to do.
#[derive(Default)]
struct Left {
    /// Sendings, by their place in the batch, whose event has to be looked at.
    again: Vec<(Sending, Option<String>)>,
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
            let calls: Vec<Call> = sending.iter().filter_map(|sending| sending.request.prepare()).collect();
            let before = answered.take();
            let following = chunks.next().map(|(_, chunk)| chunk);
            let beside = async {
                // What is to be sent goes out first: the database holds up whoever shares its thread.
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                self.beside(before, following, applied)
            };
            let (answers, beside) = futures::join!(self.ask(calls), beside);
            if let Some(place) = place {
                applied.at(&place).took(self.graph.requests() - requests, begun.elapsed());
            }
            let answers = answers?;
            answered = Some(Answered { sending, answers });
            let (left, promised) = beside?;
            if let Some(fatal) = left.fatal {
                self.beside(answered, None, applied)?;
                return Err(fatal);
            }
            self.look_at_those(left, applied).await?;
            next = promised;
        }
        let (left, _) = self.beside(answered, None, applied)?;
        match left.fatal {
            Some(fatal) => Err(fatal),
            None => self.look_at_those(left, applied).await,
        }
    }

    async fn ask(&self, calls: Vec<Call>) -> Result<Vec<Answer>, SyncError> {
        if calls.is_empty() { Ok(vec![]) } else { Ok(self.graph.ask_many(calls).await?) }
    }

    async fn look_at_those(&self, left: Left, applied: &mut Applied) -> Result<(), SyncError> {
        for (sending, id) in left.again {
            self.look_again(&sending, id, applied).await?;
        }
        Ok(())
    }

    /// Records one batch and promises another, in one transaction.
    fn beside(
        &self,
        answered: Option<Answered>,
        next: Option<&[&Operation]>,
        applied: &mut Applied,
    ) -> Result<(Left, Option<Vec<Sending>>), SyncError> {
        Ok(self.store.atomically(|store| {
            let mut left = Left::default();
            let Answered { sending, answers } = answered.unwrap_or(Answered { sending: vec![], answers: vec![] });
            for (sending, answer) in sending.into_iter().zip(&answers) {
                match self.record(store, &sending, answer, applied)? {
                    Recorded::Done => {}
                    Recorded::LookAgain(id) => left.again.push((sending, id)),
                    Recorded::Fatal(error) => left.fatal = left.fatal.take().or(Some(error)),
                }
            }
            let Some(next) = next.filter(|_| left.fatal.is_none()) else { return Ok((left, None)) };
            let writable = next.iter().filter(|operation| !operation.place().is_some_and(|place| applied.read_only.contains(place)));
            let writable: Vec<&&Operation> = writable.collect();
            let promised = writable.into_iter().map(|operation| self.promise(store, operation, applied));
            let promised = promised.filter_map(Result::transpose).collect::<Result<Vec<Sending>, _>>()?;
            Ok((left, Some(promised)))
        })?)
    }
}
