//! The folder that holds everything of one person's Belfry.

use std::path::{Path, PathBuf};

use crate::error::AppError;

/// A home: `config.toml`, `belfry.db`, `backups/`, `logs/`, `practice/`, and the locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// The given folder, else the platform's place for data that stays on this computer.
    ///
    /// # Errors
    /// When the platform names no home folder.
    pub fn find(given: Option<&Path>) -> Result<Self, AppError> {
        match given {
            Some(path) => Ok(Self(one_spelling(path))),
            None => platform_folder().map(|path| Self(one_spelling(&path))).ok_or(AppError::NoHome),
        }
    }

    /// Makes the folder, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn prepare(&self) -> Result<(), AppError> {
        let unwritable = |source| AppError::HomeUnwritable { path: self.0.clone(), source };
        // A folder that was there before keeps the rights that its owner gave it.
        if self.0.is_dir() {
            return Ok(());
        }
        std::fs::create_dir_all(&self.0).map_err(unwritable)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&self.0, std::fs::Permissions::from_mode(0o700)).map_err(unwritable)?;
        }
        Ok(())
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file or folder in it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// One folder has one spelling, without `..` and links, as far as it is there already: what is only once a home is told by it.
fn one_spelling(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let settled = path.ancestors().find_map(|there| {
        let (real, rest) = (dunce::canonicalize(there).ok()?, path.strip_prefix(there).ok()?);
        // Joined with nothing it would end in a stroke.
        Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
    });
    settled.unwrap_or(path)
}

/// Never a folder that roams with a Windows profile: locks and a database do not survive that.
fn platform_folder() -> Option<PathBuf> {
    #[cfg(windows)]
    {
        std::env::var_os("LOCALAPPDATA").map(|folder| PathBuf::from(folder).join("Belfry"))
    }
    #[cfg(not(windows))]
    {
        use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_native_strategy};
        let names = AppStrategyArgs { top_level_domain: "org".into(), author: "belfry".into(), app_name: "Belfry".into() };
        choose_native_strategy(names).ok().map(|strategy| strategy.data_dir())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_is_one_home_however_it_is_spelled() {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().join("real");
        std::fs::create_dir(&real).expect("made");
        let home = |path: &Path| Home::find(Some(path)).expect("a home");
        assert!(!home(&real).path().as_os_str().to_string_lossy().ends_with('/'));
        assert_eq!(home(&real.join("..").join("real")), home(&real));
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&real, &link).expect("linked");
            assert_eq!(home(&link), home(&real));
            assert_eq!(home(&real.join("..").join("link")), home(&real));
            // Also where nothing is yet.
            assert_eq!(home(&link.join("new")), home(&real.join("new")));
        }
    }
}
