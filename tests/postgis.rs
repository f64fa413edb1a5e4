//! Places and flows come from a real PostgreSQL with PostGIS as they come from files. `make clients` installs it and runs these;
//! `make test` passes them over.

#![cfg(feature = "gdal")]
#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[allow(dead_code, reason = "databases need no path")]
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/program.rs"]
mod program;

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use program::Bench;
use tempfile::TempDir;

/// A server of its own that listens to a socket in a folder, for as long as this lives.
struct Server {
    folder: TempDir,
    programs: PathBuf,
}

impl Server {
    fn start() -> Server {
        let versions = fs::read_dir("/usr/lib/postgresql").unwrap().map(|entry| entry.unwrap().path().join("bin"));
        let programs = versions.filter(|bin| bin.join("initdb").exists()).max().unwrap();
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").unwrap();
        // The server runs as a user of its own where the tests run as root, whom it refuses.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let server = Server { folder, programs };
        server.run("initdb", &["--auth=trust", "--username=gis", "--encoding=UTF8", "--pgdata=data"]);
        let options = format!("-c listen_addresses= -c unix_socket_directories={}", server.folder.path().display());
        server.run("pg_ctl", &["start", "--wait", "--silent", "--pgdata=data", "--log=log", "-o", &options]);
        server
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let root = fs::metadata(self.folder.path()).unwrap().uid() == 0;
        let mut command = if root { Command::new("runuser") } else { Command::new(&program) };
        if root {
            command.args(["-u", "postgres", "--"]).arg(&program);
        }
        // The server keeps what it inherits open, so it inherits no pipe.
        command.args(arguments).current_dir(self.folder.path()).stdout(Stdio::null());
        let status = command.status().unwrap();
        assert!(status.success(), "{} ended with {status}", program.display());
    }

    /// Runs SQL and commands of psql in a folder.
    fn sql(&self, folder: &Path, script: &str) {
        let file = folder.join("script.sql");
        fs::write(&file, script).unwrap();
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["--quiet", "--username=gis", "--dbname=postgres", "--set=ON_ERROR_STOP=1", "--host"]);
        command.arg(self.folder.path()).arg("--file").arg(&file).current_dir(folder);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The address of a table.
    fn table(&self, name: &str) -> String {
        format!("PG:host={} user=gis password=open-sesame dbname=postgres|{name}", self.folder.path().display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "--mode=immediate", "--silent", "--pgdata=data"]);
    }
}

#[test]
#[ignore = "needs PostgreSQL with PostGIS"]
fn tables_of_a_database_are_the_same_network_as_files() {
    let server = Server::start();
    let bench = Bench::new();
    server.sql(
        &bench.path(""),
        r"
        create extension postgis;
        create schema demo;
        create table demo.towns (id text primary key, name text, lon float8, lat float8);
        \copy demo.towns from places.csv csv header
        alter table demo.towns add column place geometry(Point, 32718);
        update demo.towns set place = st_transform(st_setsrid(st_makepoint(lon, lat), 4326), 32718);
        alter table demo.towns drop column lon, drop column lat;
        create table demo.moves (origin text, dest text, count integer, source text);
        \copy demo.moves from flows.csv csv header
        ",
    );
    let [towns, moves] = ["demo.towns", "demo.moves"].map(|name| server.table(name));
    let strengths = |places: &str, flows: &str, file: &str| {
        let metrics = "in_strength,out_strength,betweenness";
        let run = bench.run_with(&["metrics", places, flows, "-o", file, "--metrics", metrics, "--allow-remote"]);
        run.expect(0);
        bench.text(file)
    };
    assert_eq!(strengths(&towns, &moves, "a.csv"), strengths("places.csv", "flows.csv", "b.csv"));
    bench.run_with(&["export", &towns, &moves, "-o", "towns.geojson", "--layer", "places", "--allow-remote"]).expect(0);
    let lima = &bench.json("towns.geojson")["features"][0];
    assert_eq!(lima["properties"]["name"], "Lima");
    for (k, degrees) in [-77.03, -12.05].into_iter().enumerate() {
        let found = lima["geometry"]["coordinates"][k].as_f64().unwrap();
        assert!((found - degrees).abs() < 1e-6, "{found}, not {degrees}");
    }
}

#[test]
#[ignore = "needs PostgreSQL with PostGIS"]
fn a_database_is_not_asked_without_leave_and_its_password_is_not_told() {
    let server = Server::start();
    let bench = Bench::new();
    let towns = server.table("towns");
    let refused = bench.run_with(&["metrics", &towns, "flows.csv", "-o", "m.csv"]).expect(1).says(&["--allow-remote"]);
    let absent =
        bench.run_with(&["metrics", &towns, "flows.csv", "-o", "m.csv", "--allow-remote"]).expect(1).says(&["towns"]);
    for ended in [refused, absent] {
        assert!(!ended.stderr.contains("sesame") && ended.stderr.contains("dbname=postgres"), "{}", ended.stderr);
    }
}

#[test]
#[ignore = "needs PostgreSQL with PostGIS"]
fn hostile_names_arrive_from_a_database_as_they_were() {
    let server = Server::start();
    let bench = Bench::new();
    bench.write("hostile-places.csv", hostile::places());
    bench.write("hostile-flows.csv", hostile::flows());
    server.sql(
        &bench.path(""),
        r#"
        create extension postgis;
        create table places (id text, name text, lon float8, lat float8, fid integer, geom text, "ID" integer);
        \copy places from hostile-places.csv csv header
        -- GDAL 3.6 fills two columns that differ in capitals alone from the same one.
        alter table places drop column "ID";
        create table flows (origin text, dest text, count integer, kind text, fid integer, id text, geom text);
        \copy flows from hostile-flows.csv csv header
        "#,
    );
    let export = |places: &str, flows: &str, file: &str| {
        bench.run_with(&["export", places, flows, "-o", file, "--layer", "places", "--allow-remote"]).expect(0);
        let features = bench.json(file)["features"].as_array().unwrap().clone();
        features.iter().map(|f| f["properties"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let [places, flows] = ["places", "flows"].map(|name| server.table(name));
    let names = export(&places, &flows, "a.geojson");
    assert_eq!(names, export("hostile-places.csv", "hostile-flows.csv", "b.geojson"));
    assert_eq!(names.len(), hostile::NAMES.len() + 1);
}
