//! The invariants of the house, held over `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Direct dependencies of every member, dev-dependencies left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    let metadata: Value = serde_json::from_slice(&output.expect("cargo metadata").stdout).expect("json");
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let packages = metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default();
    packages
        .iter()
        .map(|package| {
            let all = package.get("dependencies").and_then(Value::as_array).cloned().unwrap_or_default();
            let normal = all.iter().filter(|dependency| dependency.get("kind") == Some(&Value::Null));
            (text(package, "name"), normal.map(|dependency| text(dependency, "name")).collect())
        })
        .collect()
}

fn of<'a>(all: &'a BTreeMap<String, BTreeSet<String>>, name: &str) -> &'a BTreeSet<String> {
    all.get(name).unwrap_or_else(|| panic!("there is no crate {name}"))
}

#[test]
fn the_pure_rooms_know_no_runtime_no_network_no_database() {
    let all = dependencies();
    for room in ["belfry-core", "belfry-words", "belfry-ical"] {
        for outside in ["tokio", "reqwest", "hyper", "rusqlite", "tauri", "keyring", "futures", "tracing", "getrandom"] {
            assert!(!of(&all, room).contains(outside), "{room} depends on {outside}");
        }
    }
}

#[test]
fn dependencies_point_one_way() {
    let all = dependencies();
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("belfry-core", &[][..]),
        ("belfry-words", &["belfry-core"]),
        ("belfry-ical", &["belfry-core"]),
        ("belfry-http", &["belfry-core"]),
        ("belfry-identity", &["belfry-core", "belfry-http"]),
        ("belfry-graph", &["belfry-core", "belfry-http"]),
        ("belfry-sources", &["belfry-core", "belfry-http", "belfry-ical"]),
        ("belfry-store", &["belfry-core"]),
        ("belfry-sync", &["belfry-core", "belfry-http", "belfry-graph", "belfry-store"]),
        ("belfry-simulator", &[]),
        ("belfry-cli", &["belfry-core", "belfry-app", "belfry-sync"]),
        ("belfry-desktop", &["belfry-core", "belfry-app"]),
    ]);
    for (room, known) in allowed {
        let ours: BTreeSet<&str> = of(&all, room).iter().map(String::as_str).filter(|name| name.starts_with("belfry-")).collect();
        let unknown: Vec<&&str> = ours.iter().filter(|name| !known.contains(name)).collect();
        assert!(unknown.is_empty(), "{room} depends on {unknown:?}");
    }
}

#[test]
fn only_the_practice_cloud_and_tests_know_the_simulator() {
    let all = dependencies();
    let users: Vec<&String> = all.iter().filter(|(_, needs)| needs.contains("belfry-simulator")).map(|(name, _)| name).collect();
    assert_eq!(users, ["belfry-app", "belfry-tests"]);
}

#[test]
fn only_the_shell_knows_tauri() {
    let all = dependencies();
    let users: Vec<&String> = all.iter().filter(|(_, needs)| needs.contains("tauri")).map(|(name, _)| name).collect();
    assert_eq!(users, ["belfry-desktop"]);
}

#[test]
fn no_file_grows_beyond_450_lines() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut long = Vec::new();
    for folder in ["crates", "src-tauri/src", "tests", "ui/src"] {
        walk(&root.join(folder), &mut |path, text| {
            let lines = text.lines().count();
            if lines > 450 {
                long.push(format!("{}: {lines}", path.display()));
            }
        });
    }
    assert!(long.is_empty(), "{long:#?}");
}

fn walk(folder: &std::path::Path, look: &mut impl FnMut(&std::path::Path, &str)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !matches!(name, "node_modules" | "target" | "dist" | "gen") {
            walk(&path, look);
        } else if matches!(path.extension().and_then(|end| end.to_str()), Some("rs" | "ts" | "svelte")) && name != "bindings.ts" {
            look(&path, &std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

#[test]
fn only_the_door_of_the_window_imports_tauri() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src");
    let mut others = Vec::new();
    walk(&root, &mut |path, text| {
        if text.contains("@tauri-apps/") && !path.to_string_lossy().contains("lib/ipc") {
            others.push(path.display().to_string());
        }
    });
    assert!(others.is_empty(), "{others:?}");
}
