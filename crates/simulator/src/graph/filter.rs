//! The `$filter` and `$expand` that Graph takes for extended properties, and no other.

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

/// Adds what `$expand=singleValueExtendedProperties($filter=id eq '..')` asks for. A property that is not there leaves the member out.
pub fn expand(event: &SimEvent, ask: &Ask, out: &mut Value) -> Result<(), Reply> {
    let Some(expand) = ask.query("$expand") else { return Ok(()) };
    for part in expand.split("),").map(|part| part.trim_end_matches(')')) {
        if part == "exceptionOccurrences" {
            out["exceptionOccurrences"] = json!([]);
            continue;
        }
        let filter = part.strip_prefix("singleValueExtendedProperties($filter=").ok_or_else(refused)?;
        let ids: Vec<String> = filter.split(" or ").filter_map(|one| quoted(one.trim().strip_prefix("id eq ")?)).collect();
        if ids.is_empty() {
            return Err(refused());
        }
        let found: Vec<Value> =
            ids.iter().filter_map(|id| event.properties.get(id).map(|value| json!({"id": id, "value": value}))).collect();
        if !found.is_empty() {
            out["singleValueExtendedProperties"] = Value::from(found);
        }
    }
    Ok(())
}

/// `$select`, for those members that were asked for; `id` and the etag always come.
pub fn select(ask: &Ask, out: Value) -> Value {
    let Some(select) = ask.query("$select") else { return out };
    let wanted: Vec<&str> = select.split(',').map(str::trim).collect();
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
