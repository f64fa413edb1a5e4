//! Runs the program from outside, in a folder of its own.

#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// How a run of the program ended.
pub struct Ended {
    pub code: i32,
    pub stderr: String,
}

impl Ended {
    /// Panics with the messages of the program unless it ended with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stderr:\n{}", self.stderr);
        self
    }

    /// Panics unless the messages contain all these words.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "\"{word}\" is not in:\n{}", self.stderr);
        }
        self
    }
}

/// A folder with small files, in which the program runs.
pub struct Bench {
    folder: TempDir,
}

/// Four places in Peru.
pub const PLACES: &str = "\
id,name,lon,lat
lim,Lima,-77.03,-12.05
hyo,Huancayo,-75.21,-12.07
aqp,Arequipa,-71.54,-16.40
tru,Trujillo,-79.03,-8.11
";

/// Flows between them, one of them in two rows.
pub const FLOWS: &str = "\
origin,dest,count,source
hyo,lim,120,census
aqp,lim,60,census
lim,tru,30,register
tru,lim,45,census
hyo,lim,20,census
";

/// A study of these two files.
pub const STUDY: &str = "\
title = \"Four towns\"

[places.towns]
file = \"places.csv\"

[flows.moves]
file = \"flows.csv\"
measure = \"people who moved\"
unit = \"persons\"
basis = \"census count\"
period = \"2007\"

[[map]]
id = \"towns\"
title = \"Most people move to Lima\"
cite = [\"census\"]
";

/// The source that the study cites.
pub const SOURCES: &str = "\
[census]
title = \"Census\"
publisher = \"Office\"
year = 2007
licence = \"public\"
cite = \"Office 2007\"
";

impl Bench {
    /// Returns a folder with `places.csv` and `flows.csv`.
    pub fn new() -> Self {
        let bench = Bench { folder: tempfile::tempdir().unwrap() };
        bench.write("places.csv", PLACES);
        bench.write("flows.csv", FLOWS);
        bench
    }

    /// Returns a folder with the study of both files as well.
    pub fn with_study() -> Self {
        let bench = Bench::new();
        bench.write("study/study.toml", STUDY);
        bench.write("study/places.csv", PLACES);
        bench.write("study/flows.csv", FLOWS);
        bench.write("study/sources.toml", SOURCES);
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    #[track_caller]
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    #[track_caller]
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Returns the names of all files in a folder, in order.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the program with these arguments, separated by blanks.
    pub fn run(&self, arguments: &str) -> Ended {
        self.run_with(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs the program with these arguments.
    pub fn run_with(&self, arguments: &[&str]) -> Ended {
        run_in(self.folder.path(), arguments)
    }
}

/// Runs the program in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Ended {
    ended(Command::new(env!("CARGO_BIN_EXE_flowatlas")).args(arguments).current_dir(folder))
}

/// Runs the program as it is to be run.
pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code().expect("the program ends by itself"),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Starts the program in a folder, to be waited for or killed by the caller.
pub fn start_in(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowatlas"));
    command.args(arguments).current_dir(folder).stderr(Stdio::null()).spawn().unwrap()
}
