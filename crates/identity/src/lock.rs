//! A lock that processes share, with a small text in the same file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

/// A locked file. Dropping it lets it go; the operating system lets it go when the process dies.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Waits for the lock, at most this long.
    ///
    /// # Errors
    /// When the file cannot be opened. Time running out is `None`.
    pub async fn wait(path: &Path, patience: Duration) -> io::Result<Option<Self>> {
        let step = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        loop {
            if let Some(lock) = Self::try_take(path)? {
                return Ok(Some(lock));
            }
            if waited >= patience {
                return Ok(None);
            }
            tokio::time::sleep(step).await;
            waited += step;
        }
    }

    /// The text in the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&mut self) -> io::Result<String> {
        let mut text = String::new();
        self.0.seek(SeekFrom::Start(0))?;
        self.0.read_to_string(&mut text)?;
        Ok(text)
    }

    /// Replaces the text.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set_text(&mut self, text: &str) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(text.as_bytes())?;
        self.0.set_len(text.len() as u64)?;
        self.0.sync_data()
    }
}
