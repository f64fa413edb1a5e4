//! Files that GDAL writes to memory.

use std::{
    path::{Path, PathBuf},
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use gdal::{config, vsi};

use crate::{EPOCH, Error};

/// A folder in memory that is gone when it is dropped.
pub(crate) struct MemoryFolder {
    path: PathBuf,
}

impl MemoryFolder {
    /// Returns a new, empty folder. GDAL's dates are fixed for this thread, and it keeps from writing to standard
    /// error: what it has to say comes back with its errors.
    pub(crate) fn new() -> Result<Self, Error> {
        static QUIET: Once = Once::new();
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        QUIET.call_once(|| config::set_error_handler(|_, _, _| ()));
        config::set_thread_local_config_option("OGR_CURRENT_DATE", EPOCH)
            .map_err(Error::of("GDAL", "be told the date"))?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Ok(MemoryFolder { path: PathBuf::from(format!("/vsimem/flowatlas-{number}")) })
    }

    /// Returns the path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Takes the bytes of a file out of the folder.
    pub(crate) fn take(&self, name: &str) -> Result<Vec<u8>, Error> {
        vsi::get_vsi_mem_file_bytes_owned(self.file(name)).map_err(Error::of(name, "hand over the file"))
    }

    /// Returns the names of the files in the folder, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let found = vsi::read_dir(&self.path, false).unwrap_or_default();
        let mut names: Vec<String> = found.iter().filter_map(|path| Some(name_of(path)?.to_owned())).collect();
        names.sort();
        names
    }
}

impl Drop for MemoryFolder {
    fn drop(&mut self) {
        for name in self.names() {
            // A file that is gone already is as good.
            let _ = vsi::unlink_mem_file(self.file(&name));
        }
    }
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}
