//! An entry of the session (<https://specifications.freedesktop.org/autostart-spec/latest/>).

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// What earlier releases called it too.
const FILE: &str = "Belfry.desktop";

/// The folder of the session's entries; a path that is not absolute is none, the specification says.
fn folder() -> Option<PathBuf> {
    let given = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let settings = given("XDG_CONFIG_HOME").or_else(|| given("HOME").map(|home| home.join(".config")))?;
    Some(settings.join("autostart"))
}

/// Whether there is one that counts; `None` where nobody knows the folder.
pub fn is_on() -> Option<bool> {
    Some(std::fs::read_to_string(folder()?.join(FILE)).is_ok_and(|text| counts(&text)))
}

/// A person may have turned it off with a program of the desktop, which keeps the file.
fn counts(text: &str) -> bool {
    !text.lines().any(|line| matches!(line.replace(' ', "").as_str(), "Hidden=true" | "X-GNOME-Autostart-enabled=false"))
}

/// Writes it, or removes it.
pub fn set(on: bool, program: &Path, words: &[String]) -> Result<(), Error> {
    let folder = folder().ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no folder for settings"))?;
    if !on {
        return match std::fs::remove_file(folder.join(FILE)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let program = program.to_str().ok_or_else(|| Error::new(ErrorKind::InvalidData, "the program's path is no text"))?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(FILE), text(program, words))
}

fn text(program: &str, words: &[String]) -> String {
    let line: Vec<String> = std::iter::once(program).chain(words.iter().map(String::as_str)).map(quoted).collect();
    format!(
        "[Desktop Entry]\nType=Application\nName=Belfry\nComment=Reminders in your Outlook calendar\nExec={}\nIcon=belfry-desktop\nTerminal=false\nStartupNotify=false\n",
        line.join(" ")
    )
}

/// A word of `Exec`: in quotes, with the characters escaped that mean something there, and those once more that mean something in any value.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./=:,+@".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut escaped = String::from('"');
    for letter in word.chars() {
        match letter {
            '"' | '`' | '$' => escaped.extend(['\\', '\\', letter]),
            '\\' => escaped.push_str("\\\\\\\\"),
            '%' => escaped.push_str("%%"),
            '\n' => escaped.push_str("\\n"),
            letter => escaped.push(letter),
        }
    }
    escaped.push('"');
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_the_specification_says() {
        let words = ["--background", "--home", "/home/a b/100% \"$x\\"].map(str::to_owned);
        let text = text("/usr/bin/belfry-desktop", &words);
        let line = text.lines().find_map(|line| line.strip_prefix("Exec=")).expect("a line");
        assert_eq!(line, r#"/usr/bin/belfry-desktop --background --home "/home/a b/100%% \\"\\$x\\\\""#);
    }

    #[test]
    fn an_entry_that_was_turned_off_does_not_count() {
        let entry = text("/usr/bin/belfry-desktop", &[]);
        assert!(counts(&entry));
        assert!(!counts(&format!("{entry}Hidden=true\n")));
        assert!(!counts(&format!("{entry}X-GNOME-Autostart-enabled = false\n")));
    }
}
