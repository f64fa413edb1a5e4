//! Files, written beside and renamed: whoever looks sees the old file or the new one, never half of it.

use std::{
    collections::HashSet,
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::Error;

/// A file to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub bytes: Vec<u8>,
}

/// Writes all files, or none of them where one cannot be written: every file is complete beside its place before the
/// first is moved there. Missing folders are made.
///
/// # Errors
/// Fails where two of the files are one, and at the first file that cannot be written or moved; files that were there before stay whole.
pub fn write_all(outputs: &[Output]) -> Result<(), Error> {
    let staged: Vec<NamedTempFile> = outputs.iter().map(stage).collect::<Result<_, _>>()?;
    let mut places = HashSet::new();
    if let Some(Output { path, .. }) = outputs.iter().find(|output| !places.insert(place_of(&output.path))) {
        return Err(Error::Usage(format!("{} would be written twice; choose another name", path.display())));
    }
    for (file, output) in staged.into_iter().zip(outputs) {
        file.persist(&output.path).map_err(|e| Error::Write { path: output.path.clone(), source: e.error })?;
    }
    Ok(())
}

/// Makes sure that none of the files to be written is one that was read.
///
/// # Errors
/// Fails at the first that is, whatever its path is written like.
pub fn keep_inputs<'a>(inputs: &[PathBuf], outputs: impl IntoIterator<Item = &'a Path>) -> Result<(), Error> {
    let read: Vec<PathBuf> = inputs.iter().filter_map(|input| input.canonicalize().ok()).collect();
    match outputs.into_iter().find(|output| output.canonicalize().is_ok_and(|output| read.contains(&output))) {
        Some(output) => {
            Err(Error::Usage(format!("{} is read and would be written over; choose another name", output.display())))
        }
        None => Ok(()),
    }
}

/// Returns the name of a file without its extension, which the files beside it start with.
pub fn stem_of(file: &Path) -> String {
    file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Returns where a file is to be, however its path is written; its folder is there.
fn place_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    file.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

fn stage(output: &Output) -> Result<NamedTempFile, Error> {
    let write = || -> std::io::Result<NamedTempFile> {
        let folder = output.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        if output.path.is_dir() {
            // Nothing can be moved there, which would show only after other files were.
            return Err(std::io::ErrorKind::IsADirectory.into());
        }
        let mut file = builder().tempfile_in(folder)?;
        file.write_all(&output.bytes)?;
        Ok(file)
    };
    write().map_err(|source| Error::Write { path: output.path.clone(), source })
}

/// Temporary files are private by default; outputs get the permissions that the user's mask gives any new file.
#[cfg(unix)]
fn builder() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".flowatlas-").permissions(std::fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".flowatlas-");
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_place_of_a_file_leaves_nothing_written() {
        let folder = tempfile::tempdir().unwrap();
        let [first, second] = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
        std::fs::create_dir(&second).unwrap();
        let outputs = [first.clone(), second].map(|path| Output { path, bytes: b"new".to_vec() });
        assert!(write_all(&outputs).is_err());
        assert!(!first.exists());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying about");
    }

    #[test]
    fn two_outputs_of_one_name_are_refused_however_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["a.png", "./a.png"].map(|name| folder.path().join(name));
        let outputs = names.map(|path| Output { path, bytes: b"new".to_vec() });
        let refused = write_all(&outputs).unwrap_err();
        assert!(matches!(&refused, Error::Usage(message) if message.contains("twice")), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn when_one_file_cannot_be_written_none_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, blocked) = (folder.path().join("a.txt"), folder.path().join("file"));
        std::fs::write(&kept, "old").unwrap();
        std::fs::write(&blocked, "a file where a folder is needed").unwrap();
        let outputs = [
            Output { path: kept.clone(), bytes: b"new".to_vec() },
            Output { path: blocked.join("b.txt"), bytes: b"new".to_vec() },
        ];
        assert!(write_all(&outputs).is_err());
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left lying about");
    }
}
