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
            Some(path) => Ok(Self(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))),
            None => platform_folder().map(Self).ok_or(AppError::NoHome),
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
