//! What tests do to a database: a disk that is full, or a program that ends, at a chosen commit. Not in release builds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Store, StoreError};

/// Commits that still succeed; from the one after that on nothing is written, until it is mended.
#[derive(Debug, Clone)]
pub struct Disk {
    left: Arc<AtomicU32>,
}

impl Disk {
    /// So many commits still succeed.
    pub fn fill_after(&self, commits: u32) {
        self.left.store(commits, Ordering::Relaxed);
    }

    /// There is room again.
    pub fn mend(&self) {
        self.fill_after(u32::MAX);
    }
}

impl Store {
    /// The disk under this store.
    ///
    /// # Errors
    /// When SQLite takes no hook.
    pub fn disk(&self) -> Result<Disk, StoreError> {
        let disk = Disk { left: Arc::new(AtomicU32::new(u32::MAX)) };
        let left = Arc::clone(&disk.left);
        let is_full = move || {
            let now = left.load(Ordering::Relaxed);
            left.store(if now == u32::MAX { now } else { now.saturating_sub(1) }, Ordering::Relaxed);
            now == 0
        };
        self.connection.commit_hook(Some(is_full))?;
        Ok(disk)
    }
}
