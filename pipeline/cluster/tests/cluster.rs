//! A real scheduler and real executors on this machine: the same flows as from the embedded engine, or an error, never a wrong table.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "../../../tests/support/servers.rs"]
mod servers;

use std::{path::Path, sync::Arc, thread::sleep, time::Duration};

use datafusion::{dataframe::DataFrameWriteOptions, prelude::SessionContext};
use flowatlas_cluster::session;
use flowatlas_ingest::{PlaceColumns, Source, read_places};
use flowatlas_records::{Engine, Error, Flows, Limits, Wish, Zones, ZonesWish, aggregate};
use servers::Cluster;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_flowatlas-cluster");

fn cluster(executors: usize) -> Cluster {
    let mut cluster = Cluster::new(Path::new(PROGRAM), &[], &[]);
    (0..executors).for_each(|_| cluster.add(PROGRAM, (&[], &[]), &[]));
    cluster
}

fn over(cluster: &Cluster, wish: &Wish) -> Result<Flows, Error> {
    let zones = wish.zones.as_ref().map(|wish| Arc::clone(&wish.zones));
    let open = async |config| session(&cluster.address, config, false).await.map_err(|e| Error::Setup(e.to_string()));
    aggregate(&Engine::over(open, zones)?, wish, &|_, _| {})
}

fn embedded(wish: &Wish) -> Flows {
    let zones = wish.zones.as_ref().map(|wish| Arc::clone(&wish.zones));
    aggregate(&Engine::embedded(&Limits::default(), zones).unwrap(), wish, &|_, _| {}).unwrap()
}

/// Writes `files` Parquet files of `rows` records each: ids, coordinates around the zones, weights in thousandths, a year, a gap here and
/// there.
fn records(files: usize, rows: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for file in 0..files {
        let (from, to) = (file * rows, (file + 1) * rows - 1);
        let query = format!(
            "select case when k % 97 = 0 then null else k * 7919 % 300 end as origin, k * 104729 % 301 as dest,
                (k * 31 % 1300) / 100.0 - 1 as olon, (k * 17 % 1200) / 100.0 - 1 as olat,
                (k * 13 % 1100) / 100.0 as dlon, (k * 11 % 1000) / 100.0 as dlat,
                (k * 271 % 100003) / 1000.0 as w, 2000 + k % 5 as year
             from (select value as k from generate_series({from}, {to}))"
        );
        let path = folder.path().join(format!("part-{file}.parquet"));
        runtime.block_on(async {
            let frame = SessionContext::new().sql(&query).await.unwrap();
            let single = DataFrameWriteOptions::new().with_single_file_output(true);
            frame.write_parquet(path.to_str().unwrap(), single, None).await.unwrap();
        });
    }
    folder
}

fn wish(folder: &TempDir) -> Wish {
    let expr = |text: &str| Some(text.to_owned());
    let records = vec![folder.path().to_str().unwrap().to_owned()];
    Wish { records, weight: expr("w"), period: expr("year"), ..Wish::default() }
}

/// A hundred squares in a file that every machine can read.
fn zones(folder: &Path) -> ZonesWish {
    let square = |k: usize| {
        let (x, y) = (k / 10, k % 10);
        let ring =
            [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)].map(|(x, y)| format!("[{x},{y}]")).join(",");
        format!(
            r#"{{"type":"Feature","properties":{{"code":"q{k}"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
        )
    };
    let squares = (0..100).map(square).collect::<Vec<_>>().join(",");
    let path = folder.join("zones.geojson");
    std::fs::write(&path, format!(r#"{{"type":"FeatureCollection","features":[{squares}]}}"#)).unwrap();
    let layer = path.to_str().unwrap().to_owned();
    let columns = PlaceColumns { id: Some("code".into()), ..PlaceColumns::default() };
    let atlas = read_places(&Source::parse(&layer, Path::new("")), &columns).unwrap().value;
    ZonesWish { layer, id_column: "code".into(), zones: Arc::new(Zones::of_places(&atlas)) }
}

#[test]
fn two_executors_give_what_the_embedded_engine_gives_to_the_last_digit() {
    let folder = records(4, 20_000);
    let cluster = cluster(2);
    let wish = Wish { filter: Some("olat < 10.5".into()), ..wish(&folder) };
    let flows = over(&cluster, &wish).unwrap();
    assert!(flows == embedded(&wish));
    assert!(flows.pairs.len() > 1000 && flows.tally.without_end.records > 0 && flows.tally.reconciles());
}

#[test]
fn executors_assign_coordinates_to_zones_that_they_read_themselves() {
    let (folder, places) = (records(3, 20_000), tempfile::tempdir().unwrap());
    let cluster = cluster(2);
    let expr = |text: &str| Some(text.to_owned());
    let zones = zones(places.path());
    let wish = Wish { origin: expr("olon,olat"), dest: expr("dlon,dlat"), zones: Some(zones), ..wish(&folder) };
    let flows = over(&cluster, &wish).unwrap();
    assert!(flows == embedded(&wish));
    assert!(flows.tally.outside.records > 0 && flows.tally.assigned.records > 0 && flows.tally.reconciles());
}

#[test]
fn an_executor_that_finds_other_zones_refuses() {
    let (folder, places) = (records(1, 1000), tempfile::tempdir().unwrap());
    let cluster = cluster(1);
    let zones = zones(places.path());
    let moved = std::fs::read_to_string(&zones.layer).unwrap().replace("[10,", "[11,");
    std::fs::write(&zones.layer, moved).unwrap();
    let expr = |text: &str| Some(text.to_owned());
    let wish = Wish { origin: expr("olon,olat"), dest: expr("dlon,dlat"), zones: Some(zones), ..wish(&folder) };
    let error = over(&cluster, &wish).unwrap_err();
    assert!(!error.is_wish() && error.to_string().contains("other zones"), "{error}");
}

#[test]
fn an_executor_killed_at_any_moment_costs_time_and_no_record() {
    let folder = records(16, 400_000);
    // With a filter, the files do not say how many records there must be.
    let wish = Wish { filter: Some("w < 90".into()), ..wish(&folder) };
    let expected = embedded(&wish);
    for moment in [500, 1500, 2500] {
        let mut cluster = cluster(2);
        let victim = cluster.executors.pop().unwrap();
        let killer = std::thread::spawn(move || {
            sleep(Duration::from_millis(moment));
            drop(victim);
        });
        let flows = over(&cluster, &wish);
        killer.join().unwrap();
        // An error is an honest answer too; a table with a gap is not.
        match flows {
            Ok(flows) => assert!(flows == expected, "killed after {moment} ms"),
            Err(error) => assert!(!error.is_wish(), "{error}"),
        }
    }
}

#[test]
fn a_scheduler_that_is_gone_is_an_error() {
    let folder = records(8, 400_000);
    let cluster = cluster(1);
    let wish = wish(&folder);
    let Cluster { address, executors, scheduler, .. } = cluster;
    let killer = std::thread::spawn(move || {
        sleep(Duration::from_millis(400));
        drop(scheduler);
    });
    let open = async |config| session(&address, config, false).await.map_err(|e| Error::Setup(e.to_string()));
    let flows = aggregate(&Engine::over(open, None).unwrap(), &wish, &|_, _| {});
    killer.join().unwrap();
    drop(executors);
    // A fast machine may be done before.
    match flows {
        Ok(flows) => assert!(flows == embedded(&wish)),
        Err(error) => assert!(!error.is_wish(), "{error}"),
    }
    let error = aggregate(&Engine::over(open, None).unwrap(), &wish, &|_, _| {}).unwrap_err();
    assert!(!error.is_wish(), "{error}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_on_an_executor_is_an_error() {
    // Files beyond a few kilobytes cannot be written, as on a disk without room: the signal that would end the process is ignored, and
    // the write fails.
    let full = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
    let folder = records(2, 100_000);
    let mut cluster = Cluster::new(Path::new(PROGRAM), &[], &[]);
    cluster.add("sh", (&["-c", full, PROGRAM], &[]), &[]);
    let error = over(&cluster, &wish(&folder)).unwrap_err();
    assert!(!error.is_wish() && error.to_string().contains("File too large"), "{error}");
}
