//! Lives that once did not come to rest as they must, the smallest part of each (`make simulate` finds them).

#![cfg(debug_assertions)]

use belfry_tests::simulation::{Ground, History, play};
use serde::Deserialize;

#[derive(Deserialize)]
struct Kept {
    why: String,
    history: History,
}

#[test]
fn what_was_found_once_stays_mended() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("histories");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(files.len() >= 8, "the kept histories are gone");
    for file in files {
        let kept: Kept = serde_json::from_slice(&std::fs::read(&file).expect("read")).expect("a history");
        if let Err(why) = play(&kept.history, Ground::InProcess) {
            panic!("{}: {} Now: {why}", file.display(), kept.why);
        }
    }
}
