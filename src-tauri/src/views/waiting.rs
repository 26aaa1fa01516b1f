//! What waits for a yes.

use belfry_app::confirming::HoldAnswer;
use belfry_app::controller::Answer;
use belfry_app::waiting::WaitingFor;
use belfry_core::word;
use serde::Serialize;
use specta::Type;

use super::{ProblemView, mixed_up, reason_code};

/// One thing that waits.
#[derive(Debug, Clone, Serialize, Type)]
pub struct WaitingView {
    /// `removal`, `first_sync`, `same_list`, `left_over` or `shrunk`.
    #[serde(rename = "for")]
    pub waiting_for: String,
    /// `create`, `delete`, `dismiss`, ...
    pub op: String,
    /// Reminder id.
    pub id: String,
    /// Title.
    pub title: String,
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, or null.
    pub when: Option<String>,
    /// Name of its list.
    pub list: String,
    /// Why, in words.
    pub reason: String,
    /// The name of that, where it has one.
    pub reason_code: Option<String>,
    /// Whether this one can be kept by itself.
    pub can_keep: bool,
}

/// The answer that a word of the window stands for.
///
/// # Errors
/// No such word.
pub fn answer(word: &str) -> Result<HoldAnswer, ProblemView> {
    Ok(match word {
        "new" => HoldAnswer::Add,
        "removed" => HoldAnswer::Removed,
        "keep" => HoldAnswer::Keep,
        "removal" => HoldAnswer::Only(WaitingFor::Removal),
        "same_list" => HoldAnswer::Only(WaitingFor::SameList),
        "left_over" => HoldAnswer::Only(WaitingFor::LeftOver),
        "shrunk" => HoldAnswer::Only(WaitingFor::Shrunk),
        "vanished" => HoldAnswer::Only(WaitingFor::Vanished),
        _ => return Err(mixed_up()),
    })
}

/// Takes what waits out of an answer.
pub fn waiting(answer: Answer) -> Vec<WaitingView> {
    let Answer::Waiting(all) = answer else { return vec![] };
    let views = all.into_iter().map(|one| WaitingView {
        waiting_for: word(&one.waiting_for),
        op: one.operation.op.name().to_owned(),
        id: one.operation.id,
        title: one.operation.title,
        when: one.operation.start,
        list: one.operation.list,
        reason_code: reason_code(&one.operation.reason),
        reason: one.operation.reason,
        can_keep: one.can_keep,
    });
    views.collect()
}
