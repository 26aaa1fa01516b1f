//! What fuzzing found, and where it began, once more in every run.

use std::path::Path;

use belfry_tests::fuzz::TARGETS;

#[test]
fn every_saved_input_holds() {
    for (name, check) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let mut files: Vec<_> = std::fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        assert!(files.len() > 5, "{name} has a corpus");
        for file in files {
            let bytes = std::fs::read(&file).expect("a file");
            let held = std::panic::catch_unwind(|| check(&bytes));
            assert!(held.is_ok(), "{name}: {} does not hold", file.display());
        }
    }
}
