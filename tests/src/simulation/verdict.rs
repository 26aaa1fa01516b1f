//! What must hold when a history has come to rest, however it went.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::town::{Item, Machine, Town};

/// Fields that every computer has to agree on, as far as Outlook holds them.
const AGREED: [&str; 10] = ["title", "notes", "start", "end", "zone", "recurrence", "alarms", "category", "show_as", "private"];

pub fn agreed(town: &Town) -> Result<(), String> {
    let now = town.unmarked();
    for (id, before) in &town.foreign {
        if now.get(id) != Some(before) {
            return Err(format!("an event of somebody else's was touched: {before} became {:?}", now.get(id)));
        }
    }
    let mut seen = BTreeSet::new();
    for (reminder, _) in town.marked() {
        if !seen.insert(reminder.clone()) {
            return Err(format!("two events for reminder {reminder} ({})", names(town, &reminder)));
        }
    }
    let computers: Vec<BTreeMap<String, Value>> = town.machines.iter().map(active).collect();
    for (index, computer) in computers.iter().enumerate() {
        for (id, shown) in computer {
            same(town, index, id, shown, &computers)?;
        }
    }
    for reminder in &seen {
        is_known(town, reminder, &computers)?;
    }
    town.items.iter().try_for_each(|item| kept(town, item, &seen))
}

/// Reminders of the list that are not dismissed or detached, by id.
fn active(machine: &Machine) -> BTreeMap<String, Value> {
    let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = machine.computer.reminders();
    let kept = all.into_iter().filter(|one| text(one, "state") != "dismissed" && text(one, "state") != "detached");
    kept.map(|one| (text(&one, "id"), one)).collect()
}

fn names(town: &Town, reminder: &str) -> String {
    town.items.iter().find(|item| item.id == reminder).map(|item| item.titles.join(", ")).unwrap_or_default()
}

/// What one computer shows is what the mailbox holds and the others show.
fn same(town: &Town, index: usize, id: &str, shown: &Value, computers: &[BTreeMap<String, Value>]) -> Result<(), String> {
    let title = shown.get("title").and_then(Value::as_str).unwrap_or_default();
    let state = shown.get("state").and_then(Value::as_str).unwrap_or_default();
    if state != "synced" && state != "conflict" {
        return Err(format!("computer {index}: `{title}` is {state} after all is quiet"));
    }
    let event = town.marked().into_iter().find(|(reminder, _)| reminder == id);
    let Some((_, event)) = event else { return Err(format!("computer {index}: `{title}` is {state} and has no event")) };
    let (subject, there) = town.world.simulator.with_world(|world| {
        let event = world.mailboxes.values().find_map(|mailbox| mailbox.events.get(&event));
        let member = |name: &str| event.and_then(|event| event.members.get(name)).cloned().unwrap_or_default();
        (
            member("subject"),
            json!([
                event.map(|event| event.start),
                member("isReminderOn"),
                member("reminderMinutesBeforeStart"),
                member("showAs"),
                member("categories"),
                member("recurrence"),
            ]),
        )
    });
    if subject != title {
        return Err(format!("computer {index} says `{title}`, Outlook says {subject}"));
    }
    for (other, computer) in computers.iter().enumerate() {
        let Some(theirs) = computer.get(id) else { return Err(format!("`{title}` is on computer {index} and not on {other}")) };
        if let Some(field) = AGREED.iter().find(|field| meaning(shown, field) != meaning(theirs, field)) {
            return Err(format!(
                "`{title}`: {field} is {:?} on computer {index}, {:?} on {other}; Outlook: {there}",
                shown.get(*field),
                theirs.get(*field)
            ));
        }
    }
    Ok(())
}

/// A field as far as Outlook holds it: of several alarms the nearest, of a reminder that is done none; and a rule without its first day, which Outlook always names and a
/// person seldom.
fn meaning(shown: &Value, field: &str) -> Option<Value> {
    let value = shown.get(field)?;
    match field {
        "recurrence" => Some(value.as_str().and_then(|rule| rule.split(";BYDAY=").next()).map_or(Value::Null, Value::from)),
        "alarms" if shown.get("done") == Some(&Value::Bool(true)) => None,
        "alarms" => value.as_array()?.iter().filter_map(Value::as_u64).min().map(Value::from),
        _ => Some(value.clone()),
    }
}

/// An event that carries our marker is somebody's, unless its reminder was taken away from the list.
fn is_known(town: &Town, reminder: &str, computers: &[BTreeMap<String, Value>]) -> Result<(), String> {
    let is_removed = town.items.iter().any(|item| item.id == reminder && item.removed);
    if is_removed || computers.iter().all(|computer| computer.contains_key(reminder)) {
        return Ok(());
    }
    Err(format!("an event of ours ({}) is not on every computer", names(town, reminder)))
}

/// What nobody removed is there, and what a person last called it is its name or in a journal.
fn kept(town: &Town, item: &Item, events: &BTreeSet<String>) -> Result<(), String> {
    if item.removed || item.forgotten {
        return Ok(());
    }
    if !events.contains(&item.id) {
        return Err(format!("nobody removed `{}`, and it is gone", item.titles.join("`, `")));
    }
    let machine = town.machines.first().ok_or("no computer")?;
    let reminder = machine.computer.app.reminder(&item.id).map_err(|error| format!("`{}`: {error}", item.titles.join("`, `")))?;
    if !item.titles.contains(&reminder.title) {
        return Err(format!("`{}` is a name that nobody gave", reminder.title));
    }
    let last = item.titles.last().ok_or("no title")?;
    if reminder.title == *last || town.lost || journaled(town, item, last) {
        return Ok(());
    }
    Err(format!("the edit `{last}` is lost: it is `{}` now, and no journal has it", reminder.title))
}

/// Whether some computer's journal has this title for the reminder.
fn journaled(town: &Town, item: &Item, title: &str) -> bool {
    let quoted = format!("\"{title}\"");
    town.machines.iter().any(|machine| {
        let history = machine.computer.app.reminder_document(&item.id).map(|(_, history)| history);
        history.is_ok_and(|history| serde_json::to_string(&history).unwrap_or_default().contains(&quoted))
    })
}
