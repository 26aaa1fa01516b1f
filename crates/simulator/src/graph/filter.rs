//! The `$filter` and `$expand` that Graph takes for extended properties, and no other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::graph::Ask;
use crate::reply::Reply;
use crate::world::SimEvent;

/// `singleValueExtendedProperties/Any(ep: ep/id eq '..' and OP)`.
pub struct PropertyFilter {
    id: String,
    test: Test,
}

enum Test {
    Equal(String),
    NotEqual(String),
    Contains(String),
    StartsWith(String),
}

fn refused() -> Reply {
    Reply::error(400, "ErrorInvalidRequest", "The OData request is not supported.")
}

/// Reads `$filter`. A bare filter on `id` is what Graph refuses with ErrorInvalidProperty.
pub fn read(ask: &Ask) -> Result<Option<PropertyFilter>, Reply> {
    let Some(filter) = ask.query("$filter") else { return Ok(None) };
    let lower = filter.to_ascii_lowercase();
    if !lower.starts_with("singlevalueextendedproperties/any(") {
        return Err(if lower.starts_with("id eq") {
            Reply::error(400, "ErrorInvalidProperty", "The property 'Id' does not support filtering.")
        } else {
            refused()
        });
    }
    let inside = filter.split_once('(').and_then(|(_, rest)| rest.trim().strip_suffix(')')).ok_or_else(refused)?;
    let (variable, condition) = inside.split_once(':').ok_or_else(refused)?;
    let (variable, condition) = (variable.trim(), condition.trim());
    let (first, second) = condition.split_once(" and ").ok_or_else(refused)?;
    let id = first.trim().strip_prefix(&format!("{variable}/id eq ")).and_then(quoted).ok_or_else(refused)?;
    let second = second.trim();
    let call = |name: &str| {
        second.strip_prefix(&format!("{name}({variable}/value,")).and_then(|rest| quoted(rest.trim().strip_suffix(')')?.trim()))
    };
    let compare = |op: &str| second.strip_prefix(&format!("{variable}/value {op} ")).and_then(quoted);
    let test = call("contains")
        .map(Test::Contains)
        .or_else(|| call("startswith").map(Test::StartsWith))
        .or_else(|| compare("eq").map(Test::Equal))
        .or_else(|| compare("ne").map(Test::NotEqual))
        .ok_or_else(refused)?;
    Ok(Some(PropertyFilter { id, test }))
}

fn quoted(text: &str) -> Option<String> {
    text.trim().strip_prefix('\'')?.strip_suffix('\'').map(|inside| inside.replace("''", "'"))
}

impl PropertyFilter {
    /// Names are case-sensitive, values are not.
    pub fn matches(&self, event: &SimEvent) -> bool {
        let Some(value) = event.properties.get(&self.id).map(|value| value.to_lowercase()) else { return false };
        match &self.test {
            Test::Equal(text) => value == text.to_lowercase(),
            Test::NotEqual(text) => value != text.to_lowercase(),
            Test::Contains(text) => value.contains(&text.to_lowercase()),
            Test::StartsWith(text) => value.starts_with(&text.to_lowercase()),
        }
    }
}

/// One thing that `$expand` asks for, with the options in its brackets.
pub struct Expansion {
    pub name: String,
    pub options: Vec<(String, String)>,
}

/// Reads `$expand`: names, each with `$`-options that may be nested and are parted by `;`.
pub fn expansions(ask: &Ask) -> Result<Vec<Expansion>, Reply> {
    let Some(expand) = ask.query("$expand") else { return Ok(vec![]) };
    parts(expand, ',').into_iter().map(|part| expansion(part.trim())).collect()
}

fn expansion(part: &str) -> Result<Expansion, Reply> {
    let (name, inside) = match part.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')').ok_or_else(refused)?),
        None => (part, ""),
    };
    if !["singleValueExtendedProperties", "exceptionOccurrences"].contains(&name) {
        return Err(refused());
    }
    let option = |text: &str| {
        let (name, value) = text.split_once('=')?;
        name.starts_with('$').then(|| (name.to_owned(), value.to_owned()))
    };
    let options = parts(inside, ';').into_iter().filter(|text| !text.is_empty());
    let options = options.map(|text| option(text.trim()).ok_or_else(refused)).collect::<Result<_, _>>()?;
    Ok(Expansion { name: name.to_owned(), options })
}

/// Splits where a mark stands outside of brackets and quotes.
fn parts(text: &str, mark: char) -> Vec<&str> {
    let (mut depth, mut is_quoted) = (0_i32, false);
    text.split(|c| {
        match c {
            '\'' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        c == mark && depth == 0 && !is_quoted
    })
    .collect()
}

/// Adds what `$expand=singleValueExtendedProperties($filter=id eq '..')` asks for. A property that is not there leaves the member out.
pub fn expand(properties: &BTreeMap<String, String>, ask: &Ask, out: &mut Value) -> Result<(), Reply> {
    for expansion in expansions(ask)?.into_iter().filter(|expansion| expansion.name == "singleValueExtendedProperties") {
        let filter = expansion.options.iter().find(|(name, _)| name == "$filter").map(|(_, filter)| filter.as_str());
        let filter = filter.ok_or_else(refused)?;
        let ids: Vec<String> = filter.split(" or ").filter_map(|one| quoted(one.trim().strip_prefix("id eq ")?)).collect();
        if ids.is_empty() {
            return Err(refused());
        }
        let found: Vec<Value> = ids.iter().filter_map(|id| properties.get(id).map(|value| json!({"id": id, "value": value}))).collect();
        if !found.is_empty() {
            out["singleValueExtendedProperties"] = Value::from(found);
        }
    }
    Ok(())
}

/// Whether `$select` names a member. A star names those that come unasked, none of the others.
pub fn names(ask: &Ask, member: &str) -> bool {
    ask.query("$select").is_some_and(|select| select.split(',').any(|name| name.trim() == member))
}

/// `$select`, for those members that were asked for; `id` and the etag always come.
pub fn select(ask: &Ask, out: Value) -> Value {
    let Some(select) = ask.query("$select") else { return out };
    let wanted: Vec<&str> = select.split(',').map(str::trim).collect();
    if wanted.contains(&"*") {
        return out;
    }
    let Value::Object(members) = out else { return out };
    let kept = |name: &str| {
        name == "id"
            || name.starts_with('@')
            || name == "singleValueExtendedProperties"
            || name == "exceptionOccurrences"
            || wanted.contains(&name)
    };
    Value::Object(members.into_iter().filter(|(name, _)| kept(name)).collect())
}
