//! Paths as people type and paste them: in quotes, from the home folder on, as a `file:` address. A terminal has done that already; a window has not.

use std::path::PathBuf;

use url::Url;

/// Without the quotes that file managers copy along.
pub(crate) fn bare(text: &str) -> &str {
    let text = text.trim();
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)).filter(|inside| !inside.is_empty());
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text)
}

/// The path that was meant; what exists as it was typed is that.
pub(crate) fn path(text: &str) -> PathBuf {
    let text = bare(text);
    let typed = PathBuf::from(text);
    if typed.exists() {
        return typed;
    }
    from_home(text).or_else(|| file_address(text)).unwrap_or(typed)
}

/// `~` is the person's own home; `~ada` would be somebody else's.
fn from_home(text: &str) -> Option<PathBuf> {
    let rest = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(std::path::is_separator))?;
    Some(etcetera::home_dir().ok()?.join(rest.trim_start_matches(std::path::is_separator)))
}

/// The path of a `file:` address.
pub(crate) fn file_address(text: &str) -> Option<PathBuf> {
    let is_file = text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file://"));
    is_file.then(|| Url::parse(text).ok()?.to_file_path().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_as_a_person_types_it() {
        let home = etcetera::home_dir().expect("a home");
        let folder = tempfile::tempdir().expect("a folder");
        let odd = folder.path().join("~");
        std::fs::create_dir(&odd).expect("made");
        let odd = odd.display().to_string();
        for (typed, meant) in [
            ("~", home.clone()),
            (" ~/bins.ics ", home.join("bins.ics")),
            ("\"/a b/bins.ics\"", PathBuf::from("/a b/bins.ics")),
            ("'~/bins.ics'", home.join("bins.ics")),
            ("FILE:///a%20b/bins.ics", PathBuf::from("/a b/bins.ics")),
            ("~ada/bins.ics", PathBuf::from("~ada/bins.ics")),
            ("bins.ics", PathBuf::from("bins.ics")),
            (odd.as_str(), PathBuf::from(&odd)),
            ("\"", PathBuf::from("\"")),
        ] {
            assert_eq!(path(typed), meant, "{typed}");
        }
    }
}
