//! Random histories against a naive model: whatever a person does here and in Outlook, after two quiet syncs both sides hold what the table says.

use std::collections::BTreeMap;

use belfry_app::confirming::HoldAnswer;
use belfry_app::reminders::ReminderWish;
use belfry_app::syncing::SyncOptions;
use belfry_tests::World;
use chrono::Duration;
use proptest::prelude::*;
use serde_json::json;

#[derive(Debug, Clone)]
enum Step {
    Add,
    EditHere(usize),
    RemoveHere(usize),
    EditThere(usize),
    RemoveThere(usize),
    Sync,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Add),
        3 => (0..6_usize).prop_map(Step::EditHere),
        1 => (0..6_usize).prop_map(Step::RemoveHere),
        3 => (0..6_usize).prop_map(Step::EditThere),
        1 => (0..6_usize).prop_map(Step::RemoveThere),
        3 => Just(Step::Sync),
    ]
}

/// One reminder in the model: what each side says and when it was said. `None` is "not there".
#[derive(Debug, Clone, Default)]
struct Item {
    here: Option<(String, u32)>,
    there: Option<(String, u32)>,
    base: Option<String>,
    dismissed: bool,
}

impl Item {
    /// The table, for a single field.
    fn sync(&mut self) {
        if self.dismissed {
            return;
        }
        match (self.here.clone(), self.there.clone(), self.base.clone()) {
            (Some(here), None, None) => self.agree(&here),
            (Some(here), None, Some(base)) if here.0 != base => self.agree(&here),
            (Some(_), None, Some(_)) => self.dismissed = true,
            (None, Some(there), Some(base)) if there.0 != base => self.agree(&there),
            (None, Some(_), Some(_)) => (self.there, self.base) = (None, None),
            (Some(here), Some(there), Some(base)) => match (here.0 != base, there.0 != base) {
                (true, false) => self.agree(&here),
                (false, true) => self.agree(&there),
                (true, true) if there.1 >= here.1 => self.agree(&there),
                (true, true) => self.agree(&here),
                (false, false) => {}
            },
            (None, None, _) => self.base = None,
            (_, Some(_), None) => unreachable!("an event without a sync"),
        }
    }

    fn agree(&mut self, value: &(String, u32)) {
        self.here = Some(value.clone());
        self.there = Some(value.clone());
        self.base = Some(value.0.clone());
    }
}

async fn play(steps: Vec<Step>) {
    let world = World::new();
    let here = world.computer().await;
    let mut model: BTreeMap<String, Item> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut tick = 0;
    let confirm = SyncOptions { confirm: Some(HoldAnswer::All), ..SyncOptions::default() };
    for (number, step) in steps.into_iter().enumerate() {
        world.clock.pass(Duration::minutes(2));
        tick += 1;
        let text = format!("Title {number}");
        match step {
            Step::Add => {
                let id = here.add(&text, "2026-12-03T09:00");
                model.insert(id.clone(), Item { here: Some((text, tick)), ..Item::default() });
                order.push(id);
            }
            Step::EditHere(index) => {
                let Some(item) = order.get(index).and_then(|id| model.get_mut(id)).filter(|item| item.here.is_some()) else { continue };
                here.edit(&order[index], &ReminderWish { title: Some(text.clone()), ..ReminderWish::default() });
                item.here = Some((text, tick));
            }
            Step::RemoveHere(index) => {
                let Some(item) = order.get(index).and_then(|id| model.get_mut(id)).filter(|item| item.here.is_some()) else { continue };
                here.app.remove_reminder(&order[index]).expect("removed");
                item.here = None;
            }
            Step::EditThere(index) => {
                let Some(item) = order.get(index).and_then(|id| model.get_mut(id)) else { continue };
                let Some((now, _)) = item.there.clone() else { continue };
                world.edit_in_outlook(&now, json!({"subject": text})).await;
                item.there = Some((text, tick));
            }
            Step::RemoveThere(index) => {
                let Some(item) = order.get(index).and_then(|id| model.get_mut(id)) else { continue };
                let Some((now, _)) = item.there.clone() else { continue };
                world.delete_in_outlook(&now).await;
                item.there = None;
            }
            Step::Sync => {
                // Removals that look like an accident are meant here: shown once, then confirmed.
                here.sync().await;
                here.sync_with(confirm.clone()).await;
                model.values_mut().for_each(Item::sync);
            }
        }
    }
    here.sync().await;
    here.sync_with(confirm).await;
    model.values_mut().for_each(Item::sync);
    let mut expected_there: Vec<String> = model.values().filter_map(|item| Some(item.there.clone()?.0)).collect();
    expected_there.sort();
    assert_eq!(world.subjects(), expected_there, "in Outlook");
    let mut expected_here: Vec<String> = model.values().filter_map(|item| Some(item.here.clone()?.0)).collect();
    expected_here.sort();
    let titles: Vec<String> = here.titles().into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, expected_here, "here");
    world.writes();
    here.good_sync().await;
    assert_eq!(world.writes(), 0, "a further run writes nothing");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn histories_end_as_the_table_says(steps in proptest::collection::vec(step(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        runtime.block_on(play(steps));
    }
}
