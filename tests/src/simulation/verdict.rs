//! What must hold when a history has come to rest, however it went.

use std::collections::{BTreeMap, BTreeSet};

use belfry_app::documents::LogEntryDocument;
use belfry_core::plan::Reason;
use belfry_core::{Rule, When, Zone};
use serde_json::{Value, json};

use super::dates::is_given;
use super::history::Field;
use super::told;
use super::town::{Item, Machine, Town};

/// Fields that every computer has to agree on, as far as Outlook holds them.
const AGREED: [&str; 11] = ["list", "title", "notes", "start", "end", "zone", "recurrence", "alarms", "category", "show_as", "private"];

pub fn agreed(town: &Town) -> Result<(), String> {
    if town.is_undecidable || town.is_split() {
        return Ok(());
    }
    let now = town.events();
    for (id, before) in &town.foreign {
        if now.get(id) != Some(before) && !is_taken_for_left_behind(town, id) {
            return Err(format!("an event of somebody else's was touched: {before} became {:?}", now.get(id)));
        }
    }
    let mut seen = BTreeSet::new();
    for (reminder, _) in town.marked() {
        let is_copied = town.items.iter().any(|item| item.id == reminder && item.copied && item.edited);
        if !seen.insert(reminder.clone()) && !is_copied {
            return Err(format!("two events for reminder {reminder} ({})", names(town, &reminder)));
        }
    }
    let computers: Vec<BTreeMap<String, Value>> = town.machines.iter().map(|machine| active(machine)).collect();
    for (index, computer) in computers.iter().enumerate() {
        for (id, shown) in computer.iter().filter(|(id, _)| !town.is_parted(id)) {
            same(town, index, id, shown, &computers)?;
        }
    }
    for reminder in &seen {
        is_known(town, reminder, &computers)?;
    }
    for machine in &town.machines {
        explained(machine)?;
        town.follows(machine)?;
        town.items.iter().try_for_each(|item| undisputed(town, machine, item))?;
    }
    town.items.iter().try_for_each(|item| town.dates_agree(item))?;
    town.parted_agree()?;
    helped(town, &seen)?;
    dated(town, &seen)?;
    town.items.iter().try_for_each(|item| kept(town, item, &seen).and_then(|()| gone(town, item, &seen)))
}

/// An event that its person moved before its maker knew of it looks to another computer like what a move of its list left behind: an older making of what the list holds, made before
/// all that the list holds now. That one may go, as the reminder has its event, or had one until it was removed; it may not be changed.
fn is_taken_for_left_behind(town: &Town, event: &str) -> bool {
    let item = town.items.iter().find(|item| (item.unseen || item.copied) && item.theirs.iter().any(|theirs| theirs == event));
    item.is_some_and(|item| {
        let has_its_own = || town.marked().iter().any(|(reminder, other)| *reminder == item.id && other != event);
        town.event(event).is_none() && (has_its_own() || was_made_and_removed(town, item))
    })
}

/// Whether a computer made the event of a reminder, by its journal, and none has the reminder by now.
fn was_made_and_removed(town: &Town, item: &Item) -> bool {
    let made = |machine: &Machine| {
        let history = machine.computer.app.reminder_document(&item.id).map(|(_, history)| history).unwrap_or_default();
        history.iter().any(|entry| entry.op == belfry_core::Op::Create && entry.before.is_none())
    };
    // One that deleted it says so.
    let settled = |machine: &Machine| {
        let history = history_of(machine, item).unwrap_or_default();
        history.iter().any(|entry| entry.op == belfry_core::Op::Settle && entry.reason == Reason::Moved.to_string())
    };
    let has = |machine: &Machine| active(machine).contains_key(&item.id);
    let any = |is: &dyn Fn(&Machine) -> bool| town.machines.iter().any(|machine| is(machine));
    // The journal may have gone with its database.
    (any(&made) || town.lost) && any(&settled) && !any(&has)
}

/// One helper event at most for an alarm, and none without the event that it helps. Who made them may have lost its memory.
fn helped(town: &Town, events: &BTreeSet<String>) -> Result<(), String> {
    let helpers = town.slots("alarm:");
    let mut seen = BTreeSet::new();
    for (reminder, slot) in &helpers {
        if !seen.insert((reminder, slot)) {
            return Err(format!("two events ring for {slot} of {}", names(town, reminder)));
        }
        let is_clear = town.items.iter().any(|item| item.id == *reminder && !(item.copied || item.unsure));
        if is_clear && !town.lost && !events.contains(reminder) {
            return Err(format!("an event rings for `{}`, which has none", names(town, reminder)));
        }
    }
    Ok(())
}

/// One event at most for a date that is an event of its own, and none without the event of its series.
fn dated(town: &Town, events: &BTreeSet<String>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for (reminder, slot) in town.slots("occ:") {
        let day = slot.trim_start_matches("occ:").get(..10).unwrap_or_default().to_owned();
        // What a person wrote into it outlives its series, also one that is made anew, in another list too (known limit 38).
        let is_said = |item: &Item, day| item.dates.get(&day).is_some_and(|said| said.iter().any(|one| one.starts_with('D')));
        let outlives = |item: &Item| item.removed || !events.contains(&item.id);
        let is_theirs = |item: &Item| outlives(item) && day.parse().is_ok_and(|day| is_said(item, day) || !item.theirs.is_empty());
        // Who lost its memory while the reminder was going to another list cannot tell what it had yet to do (known limit 30).
        let is_half_sorted = |item: &Item| town.lost && item.sorted;
        let is_asked = |item: &Item| !(item.copied || item.unsure || item.unseen || is_theirs(item) || is_half_sorted(item));
        let is_clear = town.items.iter().any(|item| item.id == reminder && is_asked(item));
        if is_clear && !seen.insert((reminder.clone(), day.clone())) {
            return Err(format!("two events for {slot} of {}", names(town, &reminder)));
        }
        // The series gives it no second time.
        let series = town.marked().into_iter().find(|(id, _)| *id == reminder).and_then(|(_, event)| town.event(&event));
        let is_out = |series: &belfry_simulator::world::SimEvent| {
            day.parse().is_ok_and(|day| series.series.cancelled.contains_key(&day) || !is_given(series, day))
        };
        // Who lost its memory cannot tell who moved what, and what was said of a date stays where both sides moved its series (known limit 38).
        let is_moved = town.items.iter().any(|item| item.id == reminder && item.moved) && town.is_disputed(&reminder);
        if is_clear && !town.lost && !is_moved && series.is_some_and(|series| !is_out(&series)) {
            return Err(format!("{slot} of `{}` is an event of its own, and a date of its series", names(town, &reminder)));
        }
        if is_clear && !town.lost && !events.contains(&reminder) {
            return Err(format!("an event is there for {slot} of `{}`, which has none", names(town, &reminder)));
        }
    }
    Ok(())
}

/// Reminders of the list that are not dismissed or detached, by id.
fn active(machine: &Machine) -> BTreeMap<String, Value> {
    let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = machine.reminders();
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
    let event = town.marked().into_iter().find(|(_, event)| shown.get("event_id").and_then(Value::as_str) == Some(event));
    let Some((_, event)) = event else { return Err(format!("computer {index}: `{title}` is {state} and has no event: {shown}")) };
    let there = town.event(&event).ok_or("the event is gone")?;
    if let Some(field) = told::differs(shown, &there) {
        return Err(format!("computer {index}: {field} of `{title}` is {:?}, Outlook says {}", shown.get(field), json!(there.members)));
    }
    for (other, computer) in computers.iter().enumerate() {
        let Some(theirs) = computer.get(id) else {
            let all = town.machines.get(other).map(|machine| machine.reminders()).unwrap_or_default();
            let hidden = all.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id));
            let state = hidden.and_then(|one| one.get("state")).and_then(Value::as_str).unwrap_or("unknown");
            return Err(format!("`{title}` is on computer {index} and not on {other}, where it is {state}"));
        };
        if let Some(field) =
            AGREED.iter().find(|field| !(are_quiet(shown, theirs, field) || meaning(shown, field) == meaning(theirs, field)))
        {
            return Err(format!(
                "`{title}`: {field} is {:?} on computer {index}, {:?} on {other}; Outlook: {}",
                shown.get(*field),
                theirs.get(*field),
                json!(there.members)
            ));
        }
    }
    Ok(())
}

/// The event of a reminder that is done has no alarm, and only the computer that it was done on knows why.
fn are_quiet(one: &Value, other: &Value, field: &str) -> bool {
    let is_done = |shown: &Value| shown.get("done") == Some(&Value::Bool(true));
    field == "alarms" && (is_done(one) || is_done(other))
}

/// How often, and the last date: a number of times and a day that it ends before may say the same.
fn last_date(shown: &Value, rule: &str) -> String {
    let start = shown.get("start").and_then(Value::as_str).and_then(|start| When::parse(start, Zone::UTC));
    let last = rule.parse::<Rule>().ok().zip(start).and_then(|(rule, start)| belfry_core::expand::last_start(&rule, &start));
    format!("{} {last:?}", rule.split(';').next().unwrap_or_default())
}

/// A field as far as Outlook holds it: of several alarms the nearest; and of a rule what its dates are.
fn meaning(shown: &Value, field: &str) -> Option<Value> {
    let value = shown.get(field)?;
    match field {
        "recurrence" => Some(value.as_str().map_or(Value::Null, |rule| Value::from(last_date(shown, rule)))),
        "alarms" => value.as_array()?.iter().filter_map(Value::as_u64).min().map(Value::from),
        _ => Some(value.clone()),
    }
}

/// An event that carries our marker is somebody's, unless its reminder was taken away from the list.
fn is_known(town: &Town, reminder: &str, computers: &[BTreeMap<String, Value>]) -> Result<(), String> {
    let is_removed = town.items.iter().any(|item| item.id == reminder && item.removed);
    if is_removed
        || town.was_left(reminder)
        || is_out_of_sight(town, reminder)
        || computers.iter().all(|computer| computer.contains_key(reminder))
    {
        return Ok(());
    }
    Err(format!("an event of ours ({}) is not on every computer", names(town, reminder)))
}

/// Only the computer that moved the list knew where it is, and lost its memory.
fn is_out_of_sight(town: &Town, reminder: &str) -> bool {
    town.lost && !town.is_where_a_list_is(reminder)
}

/// What nobody removed is there, and what a person last called it is its name or in a journal.
fn kept(town: &Town, item: &Item, events: &BTreeSet<String>) -> Result<(), String> {
    if item.removed || item.forgotten || item.unsure {
        return Ok(());
    }
    if !events.contains(&item.id) {
        return Err(format!("nobody removed `{}`, and it is gone", item.titles.join("`, `")));
    }
    if is_out_of_sight(town, &item.id) {
        return Ok(());
    }
    let machine = town.machines.first().ok_or("no computer")?;
    let reminder = machine.computer.app.reminder(&item.id).map_err(|error| format!("`{}`: {error}", item.titles.join("`, `")))?;
    said_once(item, &reminder, town)?;
    if !item.titles.contains(&reminder.title) {
        return Err(format!("`{}` is a name that nobody gave", reminder.title));
    }
    let last = item.titles.last().ok_or("no title")?;
    // One edit, nobody else's: then there is no conflict that it could have lost.
    if item.titles.len() == 2 && reminder.title != *last && !town.lost && !item.copied {
        return Err(format!("the only edit `{last}` is lost: it is `{}` now", reminder.title));
    }
    // A copy that a person made stays with what was written into it.
    let is_in_copy = || item.copied && town.events().values().any(|event| event[0]["subject"] == **last);
    if reminder.title == *last || town.lost || journaled(town, item, last) || is_in_copy() {
        return Ok(());
    }
    Err(format!("the edit `{last}` is lost: it is `{}` now, and no journal has it", reminder.title))
}

/// What was said of notes or category once, and nothing else ever, is so: there is nobody that it could have lost against.
fn said_once(item: &Item, reminder: &belfry_core::Reminder, town: &Town) -> Result<(), String> {
    let is_clear = !(town.lost || item.copied || item.split);
    for (field, said) in item.said.iter().filter(|_| is_clear) {
        let now = if *field == Field::Notes { reminder.notes.as_str() } else { reminder.category.as_deref().unwrap_or_default() };
        if let [only] = said.as_slice()
            && now != only
        {
            return Err(format!("the only edit `{only}` of `{}` is lost: it is `{now}` now", item.titles.join("`, `")));
        }
    }
    Ok(())
}

/// What was removed and not touched otherwise does not come back; what was edited here since does.
fn gone(town: &Town, item: &Item, events: &BTreeSet<String>) -> Result<(), String> {
    if item.unsure {
        return Ok(());
    }
    if item.wins && !item.copied && !town.lost && !events.contains(&item.id) {
        return Err(format!("`{}` was removed in Outlook, edited here since, and is not made again", item.titles.join("`, `")));
    }
    if item.removed && !item.edited && !(item.copied || item.unseen || item.sorted || town.lost) && events.contains(&item.id) {
        return Err(format!("`{}` was removed, and is there again", item.titles.join("`, `")));
    }
    Ok(())
}

/// Where one side only was edited there is no conflict.
fn undisputed(town: &Town, machine: &Machine, item: &Item) -> Result<(), String> {
    if item.edited_in_outlook || item.editors.len() > 1 || item.copied || item.removed || item.unsure || town.lost {
        return Ok(());
    }
    let shown = machine.reminders();
    let this = shown.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(&item.id));
    match this.and_then(|one| one.get("state")).and_then(Value::as_str) {
        Some("conflict") => return Err(format!("`{}` is in conflict, and one side only was edited", item.titles.join("`, `"))),
        None => return Ok(()),
        Some(_) => {}
    }
    let (now, last) = (this.and_then(|one| one.get("title")).and_then(Value::as_str), item.titles.last());
    if now == last.map(String::as_str) {
        return Ok(());
    }
    Err(format!("`{}` was edited on one computer only, and is {now:?} now", item.titles.join("`, `")))
}

/// What is dismissed says in the journal when and why.
fn explained(machine: &Machine) -> Result<(), String> {
    let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    for one in machine.reminders().iter().filter(|one| text(one, "state") == "dismissed") {
        let (_, history) = machine.computer.app.reminder_document(&text(one, "id")).map_err(|error| error.to_string())?;
        if !history.iter().any(|entry| entry.op == belfry_core::Op::Dismiss) {
            return Err(format!("`{}` is dismissed, and no journal says why", text(one, "title")));
        }
    }
    Ok(())
}

/// What a computer's journal says of a reminder, also of one that is gone.
pub fn history_of(machine: &Machine, item: &Item) -> Option<Vec<LogEntryDocument>> {
    let app = &machine.computer.app;
    app.reminder_document(&item.id).map(|(_, history)| history).ok().or_else(|| app.history_of_gone(&item.id).ok().flatten())
}

/// Whether some computer's journal has this title for the reminder.
pub fn journaled(town: &Town, item: &Item, title: &str) -> bool {
    has_entry(town, item, title, |_| true)
}

/// Whether some computer's journal says that this title gave way where both sides had said something.
pub fn lost_a_conflict(town: &Town, item: &Item, title: &str) -> bool {
    has_entry(town, item, title, |entry| entry.conflict)
}

fn has_entry(town: &Town, item: &Item, title: &str, is: impl Fn(&LogEntryDocument) -> bool) -> bool {
    let quoted = format!("\"{title}\"");
    let names = |entry: &LogEntryDocument| serde_json::to_string(entry).unwrap_or_default().contains(&quoted);
    let histories = town.machines.iter().filter_map(|machine| history_of(machine, item));
    histories.flatten().any(|entry| is(&entry) && names(&entry))
}
