//! Watching the files and folders that lists follow: a change is read at once, not with the next timer.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use super::{Controller, Input};

/// An editor saves in several steps, a program that writes a folder in thousands.
const SWARM: Duration = Duration::from_millis(300);
/// A swarm that does not end is not waited for.
const LONGEST_SWARM: Duration = Duration::from_secs(2);

impl Controller {
    /// Begins to watch, or watches something else from now on.
    pub(super) fn watch_sources(&self) {
        let followed: BTreeSet<PathBuf> = self.app.watched().into_iter().collect();
        if *self.followed.borrow() == followed {
            return;
        }
        if self.followed.borrow().is_empty() {
            tokio::task::spawn_local(watch(self.followed.subscribe(), self.inputs.clone()));
        }
        self.followed.send_replace(followed);
    }
}

/// Where the system does not tell (a network drive, say), the timer's own reading is left.
async fn watch(mut lists: watch::Receiver<BTreeSet<PathBuf>>, inputs: UnboundedSender<Input>) {
    let (changes, mut changed) = unbounded_channel::<Vec<PathBuf>>();
    let tell = move |event: Result<Event, notify::Error>| match event {
        Ok(event) if matters(event.kind) => drop(changes.send(event.paths)),
        Ok(_) => {}
        Err(error) => tracing::info!(%error, "a change of a file was missed"),
    };
    let mut watcher = match notify::recommended_watcher(tell) {
        Ok(watcher) => watcher,
        Err(error) => return tracing::info!(%error, "files cannot be watched"),
    };
    let mut watched = BTreeSet::new();
    loop {
        let followed = lists.borrow_and_update().clone();
        // The last list that followed anything is gone; the next one begins anew.
        if followed.is_empty() {
            return;
        }
        follow(&mut watcher, &mut watched, &followed);
        let paths = tokio::select! {
            paths = changed.recv() => paths.unwrap_or_default(),
            news = lists.changed() => if news.is_ok() { continue } else { return },
        };
        let paths = swarm(paths, &mut changed).await;
        // A folder that was replaced has its name, and is another one: what is watched is the one that went.
        for path in paths.iter().filter(|path| watched.remove(*path)) {
            let _ = watcher.unwatch(path);
        }
        if paths.iter().any(|path| is_about(path, &followed)) && inputs.send(Input::SourceChanged).is_err() {
            return;
        }
    }
}

fn matters(kind: EventKind) -> bool {
    matches!(kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Any)
}

/// What comes right after.
async fn swarm(mut paths: Vec<PathBuf>, changed: &mut UnboundedReceiver<Vec<PathBuf>>) -> Vec<PathBuf> {
    let gather = async {
        while let Ok(Some(more)) = tokio::time::timeout(SWARM, changed.recv()).await {
            paths.extend(more);
        }
    };
    let _ = tokio::time::timeout(LONGEST_SWARM, gather).await;
    paths
}

/// A file is replaced by one of another identity, so it is its folder that is watched.
fn follow(watcher: &mut RecommendedWatcher, watched: &mut BTreeSet<PathBuf>, followed: &BTreeSet<PathBuf>) {
    let parent = |path: &PathBuf| path.parent().map(Path::to_owned);
    // Where a link leads to shows beside it only.
    let beside = |path: &&PathBuf| !path.is_dir() || path.is_symlink();
    let folders = followed.iter().filter(|path| path.is_dir()).cloned();
    let wanted: BTreeSet<PathBuf> = folders.chain(followed.iter().filter(beside).filter_map(parent)).collect();
    for path in watched.difference(&wanted) {
        let _ = watcher.unwatch(path);
    }
    let mut now: BTreeSet<PathBuf> = watched.intersection(&wanted).cloned().collect();
    for path in wanted.difference(watched) {
        match watcher.watch(path, RecursiveMode::NonRecursive) {
            Ok(()) => drop(now.insert(path.clone())),
            Err(error) => tracing::debug!(%error, "a folder cannot be watched yet"),
        }
    }
    *watched = now;
}

/// Whether a path is a file that is followed, or one of a folder that is.
fn is_about(path: &Path, followed: &BTreeSet<PathBuf>) -> bool {
    let is_in_folder = || path.parent().is_some_and(|folder| followed.contains(folder)) && belfry_sources::is_followed(path);
    followed.contains(path) || is_in_folder()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn ics(folder: &Path, name: &str) {
        std::fs::write(folder.join(name), "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").expect("written");
    }

    #[cfg(unix)]
    async fn told(inputs: &mut UnboundedReceiver<Input>) -> bool {
        matches!(tokio::time::timeout(Duration::from_secs(20), inputs.recv()).await, Ok(Some(Input::SourceChanged)))
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_folder_or_a_link_that_is_swapped_is_still_watched() {
        let home = tempfile::tempdir().expect("a folder");
        let (vdir, link) = (home.path().join("vdir"), home.path().join("inner").join("link"));
        for name in ["vdir", "next", "inner", "one", "two"] {
            std::fs::create_dir(home.path().join(name)).expect("made");
        }
        std::os::unix::fs::symlink(home.path().join("one"), &link).expect("linked");
        let (_lists, lists) = watch::channel(BTreeSet::from([vdir.clone(), link.clone()]));
        let (inputs, mut told_to) = unbounded_channel();
        let task = tokio::spawn(watch(lists, inputs));
        // Until it watches.
        while told_to.try_recv().is_err() {
            ics(&vdir, "first.ics");
            tokio::time::sleep(SWARM * 2).await;
        }
        tokio::time::sleep(LONGEST_SWARM).await;
        while told_to.try_recv().is_ok() {}
        std::fs::rename(&vdir, home.path().join("old")).expect("moved");
        std::fs::rename(home.path().join("next"), &vdir).expect("moved");
        assert!(told(&mut told_to).await, "the folder was swapped");
        ics(&vdir, "second.ics");
        assert!(told(&mut told_to).await, "the new folder is watched");
        std::os::unix::fs::symlink(home.path().join("two"), link.with_extension("new")).expect("linked");
        std::fs::rename(link.with_extension("new"), &link).expect("swapped");
        assert!(told(&mut told_to).await, "the link was swapped");
        ics(&home.path().join("two"), "third.ics");
        assert!(told(&mut told_to).await, "what the link leads to is watched");
        task.abort();
    }

    #[test]
    fn what_is_in_the_making_and_what_lies_beside_is_nobodys_business() {
        let followed: BTreeSet<PathBuf> = ["/home/a/contracts.ics", "/home/a/vdir"].map(PathBuf::from).into();
        for (path, is) in [
            ("/home/a/contracts.ics", true),
            ("/home/a/other.ics", false),
            ("/home/a/vdir/one.ics", true),
            ("/home/a/vdir/.one.ics.tmp", false),
            ("/home/a/vdir/displayname", false),
        ] {
            assert_eq!(is_about(Path::new(path), &followed), is, "{path}");
        }
    }
}
