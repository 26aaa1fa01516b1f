//! The calendar files that programs of this crate go through.

use std::path::{Path, PathBuf};

/// Names of calendar files. `.ics.out` is what another reader made of the file beside it.
pub const CALENDARS: [&str; 2] = [".ics", ".ics.out"];

/// Every file below a folder whose name ends with one of these, in whatever case, in order.
#[must_use]
pub fn files_below(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, ends, &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, ends: &[&str], files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.to_string_lossy().to_ascii_lowercase();
        if path.is_dir() {
            walk(&path, ends, files);
        } else if ends.iter().any(|end| name.ends_with(end)) {
            files.push(path);
        }
    }
}
