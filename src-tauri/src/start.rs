//! What a command line says, and the words for the process that follows.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use belfry_app::Home;
use belfry_app::controller::{Carried, Input};
use belfry_app::shell::Errand;

/// Only the tray.
pub const BACKGROUND: &str = "--background";
const HOME: &str = "--home";
/// What the process before has left, which made way for this one.
const AFTER: &str = "--after";
/// The second try of a start that met a process just as that made way.
#[cfg(target_os = "linux")]
pub const AGAIN: &str = "--again";

/// What the command line says.
pub struct Start {
    /// The folder that holds everything, if it was named.
    pub home: Option<PathBuf>,
    /// Started with the session, or in the place of another process: only the tray.
    pub background: bool,
    /// What that process has left.
    pub before: Option<Carried>,
    /// What a person asks for.
    pub errand: Option<Errand>,
}

impl Start {
    /// Of this process.
    #[must_use]
    pub fn read() -> Self {
        let words: Vec<OsString> = std::env::args_os().collect();
        let start = Self::of(&words, &std::env::current_dir().unwrap_or_default());
        Self { home: start.home.or_else(|| std::env::var_os("BELFRY_HOME").map(PathBuf::from)), ..start }
    }

    fn of(words: &[OsString], folder: &Path) -> Self {
        let said: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let mut start = Self { home: None, background: false, before: None, errand: Errand::of(&said, folder) };
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            match word.to_str() {
                Some(HOME) => start.home = words.next().map(PathBuf::from),
                Some(AFTER) => start.before = words.next().and_then(|text| Carried::of(text.to_str()?)),
                Some(BACKGROUND) => start.background = true,
                _ => {}
            }
        }
        start
    }
}

/// What a second start asks of the first: who starts with the session, or in the place of a process that made way, wants no window.
pub fn handed_over(words: &[String], folder: &Path) -> Vec<Input> {
    let words: Vec<OsString> = words.iter().map(OsString::from).collect();
    let start = Start::of(&words, folder);
    match (start.before, start.errand) {
        (Some(before), _) => before.into_inputs(),
        (None, None) if start.background => vec![],
        (None, errand) => vec![Input::Started(errand)],
    }
}

/// The words of the process that takes over this home from one with this to leave.
#[cfg(target_os = "linux")]
pub fn taking_over(home: &Home, left: &Carried) -> [OsString; 5] {
    [HOME.into(), home.path().into(), BACKGROUND.into(), AFTER.into(), left.to_text().into()]
}

/// The words of a start with the session, in this home.
pub fn with_session(home: &Home) -> Vec<String> {
    let mut words = vec![BACKGROUND.to_owned()];
    if Home::find(None).ok().as_ref().map(Home::path) != Some(home.path()) {
        words.extend([HOME.to_owned(), home.path().display().to_string()]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(words: &[&str]) -> Vec<Input> {
        handed_over(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), Path::new("/"))
    }

    #[test]
    fn a_second_start_shows_the_window_unless_it_comes_by_itself() {
        assert!(matches!(inputs(&["belfry-desktop"])[..], [Input::Started(None)]));
        assert!(matches!(inputs(&["belfry-desktop", "--quick-add"])[..], [Input::Started(Some(Errand::NewReminder))]));
        assert!(inputs(&["belfry-desktop", "--background", "--home", "/a"]).is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_process_leaves_reaches_whoever_follows_it() {
        let mut left = Carried::default();
        left.take(Input::Started(Some(Errand::NewReminder)));
        let home = Home::find(Some(Path::new("/a b"))).expect("a home");
        let words: Vec<OsString> = std::iter::once("belfry-desktop".into()).chain(taking_over(&home, &left)).collect();
        let start = Start::of(&words, Path::new("/"));
        assert_eq!((start.home.as_deref(), start.background, start.before), (Some(home.path()), true, Some(left)));
        // Another start was faster.
        let said: Vec<String> = words.into_iter().filter_map(|word| word.into_string().ok()).collect();
        assert!(matches!(handed_over(&said, Path::new("/"))[..], [Input::Started(Some(Errand::NewReminder))]));
    }
}
