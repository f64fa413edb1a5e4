//! Records in files, aggregated: laws first, then a slow and obvious twin, then by hand.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::{
    dataframe::DataFrameWriteOptions,
    prelude::{CsvReadOptions, SessionContext},
};
use flowatlas_records::{Engine, Error, Flows, Limits, Text, Wish, Zones, ZonesWish, aggregate};
use geo::{LineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use tempfile::TempDir;

fn engine(limits: &Limits, wish: &Wish) -> Engine {
    Engine::embedded(limits, wish.zones.as_ref().map(|wish| Arc::clone(&wish.zones))).unwrap()
}

fn run(wish: &Wish) -> Result<Flows, Error> {
    aggregate(&engine(&Limits::default(), wish), wish, &|_, _| {})
}

fn path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn of(folder: &TempDir, name: &str) -> Wish {
    Wish { records: vec![path(&folder.path().join(name))], ..Wish::default() }
}

/// `origin>dest` of each flow with its records and weight; `?` for what is not told.
fn told_of(flows: &Flows) -> Vec<String> {
    let extra = |text: Option<Text>| text.map_or(String::new(), |text| format!(" {}", flows.text(text)));
    let tell = |pair: &flowatlas_records::Pair| {
        let (origin, dest) = (flows.text(pair.origin), flows.text(pair.dest));
        let sum = pair.sum.map_or("?".to_owned(), |sum| format!("{} {}", sum.records, sum.weight()));
        format!("{origin}>{dest}{}{}: {sum}", extra(pair.time), extra(pair.kind))
    };
    flows.pairs.iter().map(tell).collect()
}

fn square(x: f64) -> MultiPolygon<f64> {
    let ring = LineString::from(vec![(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0)]);
    MultiPolygon::new(vec![Polygon::new(ring, vec![])])
}

/// Two squares side by side, `west` and `east`.
fn squares() -> Option<ZonesWish> {
    let areas = [("west", square(0.0)), ("east", square(1.0))];
    let zones = Zones::new(areas.iter().map(|(id, area)| ((*id).to_owned(), area)));
    Some(ZonesWish { layer: "squares".into(), id_column: String::new(), zones: Arc::new(zones) })
}

/// A record as it is written to a file: ends may be missing, weights may be no numbers.
type Record = (Option<u8>, Option<u8>, Option<u32>, u8);

fn records() -> impl Strategy<Value = Vec<Record>> {
    let end = || proptest::option::weighted(0.9, 0..6_u8);
    proptest::collection::vec((end(), end(), proptest::option::weighted(0.9, 0..1_000_000_u32), 0..3_u8), 1..200)
}

/// Weights are thousandths, which no binary number holds exactly.
fn csv(records: &[Record]) -> String {
    let mut text = "from,to,w,year\n".to_owned();
    let id = |end: Option<u8>| end.map_or(String::new(), |end| format!("0{end}"));
    for (origin, dest, weight, year) in records {
        let weight = weight.map_or("n/a".to_owned(), |w| format!("{}.{:03}", w / 1000, w % 1000));
        writeln!(text, "{},{},{weight},{}", id(*origin), id(*dest), 2000 + u16::from(*year)).unwrap();
    }
    text
}

/// The slow and obvious twin: records and thousandths by pair and year.
fn twin(records: &[Record]) -> BTreeMap<(String, String, String), (u64, u64)> {
    let mut sums = BTreeMap::new();
    for (origin, dest, weight, year) in records {
        if let (Some(origin), Some(dest), Some(weight)) = (origin, dest, weight) {
            let key = (format!("0{origin}"), format!("0{dest}"), (2000 + u16::from(*year)).to_string());
            let sum: &mut (u64, u64) = sums.entry(key).or_default();
            *sum = (sum.0 + 1, sum.1 + u64::from(*weight));
        }
    }
    sums
}

fn wish(records: Vec<String>) -> Wish {
    let expr = |text: &str| Some(text.to_owned());
    Wish {
        records,
        origin: expr("\"from\""),
        dest: expr("\"to\""),
        weight: expr("w"),
        period: expr("year"),
        ..Wish::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn sums_are_those_of_the_twin_and_every_record_is_accounted_for(records in records()) {
        let folder = folder(&[("r.csv", &csv(&records))]);
        let flows = run(&wish(vec![path(&folder.path().join("r.csv"))])).unwrap();
        let sums = flows.pairs.iter().map(|pair| {
            let key = [pair.origin, pair.dest, pair.time.unwrap()].map(|text| flows.text(text).to_owned());
            let (sum, [origin, dest, time]) = (pair.sum.unwrap(), key);
            ((origin, dest, time), (sum.records, (sum.weight() * 1000.0).round() as u64))
        });
        prop_assert_eq!(sums.collect::<BTreeMap<_, _>>(), twin(&records));
        prop_assert!(flows.tally.reconciles());
        prop_assert_eq!(flows.tally.read.records, records.len() as u64);
    }

    #[test]
    fn order_of_rows_split_into_files_and_threads_change_no_digit(
        (records, shuffled) in records().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        cut in 0.0..1.0_f64,
        threads in 1..4_usize,
    ) {
        let cut = (shuffled.len() as f64 * cut) as usize;
        let parts = [csv(&shuffled[..cut]), csv(&shuffled[cut..])];
        let folder = folder(&[("whole.csv", &csv(&records)), ("a.tsv", ""), ("part-1.csv", &parts[0]), ("part-2.csv", &parts[1])]);
        let whole = run(&wish(vec![path(&folder.path().join("whole.csv"))])).unwrap();
        let wish = wish(vec![path(&folder.path().join("part-*.csv"))]);
        let limits = Limits { threads: Some(threads), ..Limits::default() };
        prop_assert_eq!(aggregate(&engine(&limits, &wish), &wish, &|_, _| {}).unwrap(), whole);
    }
}

const MOVES: &str = "\
origin,dest,age,moved
01,02,30,2001-03-04
01,02,12,2001-07-01
01,02,40,2002-01-01
02,01,25,2002-05-05
,01,33,2002-05-05
02, ,33,2002-05-05
";

#[test]
fn ids_keep_their_zeros_and_records_without_an_end_are_counted() {
    let folder = folder(&[("moves.csv", MOVES)]);
    let flows = run(&of(&folder, "moves.csv")).unwrap();
    assert_eq!(told_of(&flows), ["01>02: 3 3", "02>01: 1 1"]);
    assert_eq!((flows.tally.read.records, flows.tally.without_end.records), (6, 2));
}

#[test]
fn a_filter_a_period_and_a_kind_are_sql_over_typed_columns() {
    let folder = folder(&[("moves.csv", MOVES)]);
    let expr = |text: &str| Some(text.to_owned());
    let wish = Wish {
        filter: expr("age >= 15"),
        period: expr("extract(year from moved)"),
        kind: expr("case when age < 35 then 'young' else 'old' end"),
        ..of(&folder, "moves.csv")
    };
    let flows = run(&wish).unwrap();
    assert_eq!(told_of(&flows), ["01>02 2001 young: 1 1", "01>02 2002 old: 1 1", "02>01 2002 young: 1 1"]);
    assert_eq!((flows.tally.held, flows.tally.read.records), (Some(6), 5));
}

#[test]
fn codes_are_as_they_are_written_and_expressions_reckon_with_numbers() {
    let rows = "origin,dest,job,year\n01,2,007,2001\n01,2,7,2001\n01,2,012,02001\n5,2,012,2001\n";
    let folder = folder(&[("moves.csv", rows)]);
    let expr = |text: &str| Some(text.to_owned());
    let told_of = |wish: &Wish| BTreeSet::from_iter(told_of(&run(wish).unwrap()));
    let set = |told: &[&str]| told.iter().map(|flow| (*flow).to_owned()).collect::<BTreeSet<_>>();
    let coded = Wish { kind: expr("job"), period: expr("year"), ..of(&folder, "moves.csv") };
    let told = ["01>2 02001 012: 1 1", "01>2 2001 007: 1 1", "01>2 2001 7: 1 1", "5>2 2001 012: 1 1"];
    assert_eq!(told_of(&coded), set(&told));
    // 12 is more than 7, whatever their letters are; so is 5 as an end.
    let filtered = Wish { filter: expr("job > 7 and origin < 3"), ..coded.clone() };
    assert_eq!(told_of(&filtered), set(&["01>2 02001 012: 1 1"]));
    // Another name changes nothing.
    let columns =
        [("code", "job"), ("again", "code"), ("home", "origin")].map(|(n, e)| (n.to_owned(), e.to_owned())).to_vec();
    let named = Wish { columns, origin: expr("home"), kind: expr("again"), ..coded.clone() };
    assert_eq!(told_of(&named), set(&told));
    let reckoned = Wish { kind: expr("job + 1"), period: None, ..coded };
    assert_eq!(told_of(&reckoned), set(&["01>2 13: 1 1", "01>2 8: 2 2", "5>2 13: 1 1"]));
}

#[test]
fn derived_columns_serve_every_expression_and_each_other() {
    let folder = folder(&[("moves.csv", MOVES)]);
    let expr = |text: &str| Some(text.to_owned());
    let columns = |list: &[(&str, &str)]| list.iter().map(|(n, e)| ((*n).to_owned(), (*e).to_owned())).collect();
    let wish = |list| Wish { columns: columns(list), ..of(&folder, "moves.csv") };
    let derived = Wish {
        kind: expr("cohort"),
        filter: expr("old or age < 30"),
        dest: expr("home"),
        ..wish(&[("cohort", "floor(age / 10) * 10"), ("old", "cohort >= 40"), ("home", "concat('h', dest)")])
    };
    let plain = Wish {
        kind: expr("floor(age / 10) * 10"),
        filter: expr("floor(age / 10) * 10 >= 40 or age < 30"),
        dest: expr("concat('h', dest)"),
        ..wish(&[])
    };
    let told = told_of(&run(&derived).unwrap());
    assert_eq!(told, told_of(&run(&plain).unwrap()));
    assert!(told.iter().any(|flow| flow.starts_with("01>h02")), "{told:?}");
    let error = run(&wish(&[("age", "1")])).unwrap_err().to_string();
    assert!(error.contains("--column \"age=1\"") && error.contains("have a column age already"), "{error}");
    let error = run(&wish(&[("x", "agee + 1")])).unwrap_err().to_string();
    assert!(error.contains("--column") && error.contains("agee"), "{error}");
}

#[test]
fn weights_that_are_no_weights_are_counted_and_sums_are_exact() {
    let rows = ["0.1", "0.2", "-1", "NaN", "inf", "", "many", "1e-3", "0.0000000001"];
    let text = rows.iter().fold("origin,dest,w\n".to_owned(), |text, w| format!("{text}a,b,{w}\n"));
    let folder = folder(&[("r.csv", &text)]);
    let flows = run(&Wish { weight: Some("w".into()), ..of(&folder, "r.csv") }).unwrap();
    assert_eq!(told_of(&flows), ["a>b: 4 0.301"]);
    assert_eq!((flows.tally.without_weight.records, flows.tally.reconciles()), (5, true));
}

#[test]
fn flows_of_few_records_are_there_but_not_told() {
    let folder = folder(&[("moves.csv", MOVES)]);
    let kind = Some("case when age > 100 then 'old' end".to_owned());
    let flows = run(&Wish { suppress_below: 2, kind, ..of(&folder, "moves.csv") }).unwrap();
    assert_eq!(told_of(&flows), ["01>02: 3 3", "02>01: ?"]);
    assert_eq!((flows.tally.suppressed.records, flows.tally.suppressed_flows), (1, 1));
    assert_eq!(flows.tally.without_kind, 3, "what is not told is not counted either");
    assert!(flows.tally.reconciles());
}

#[test]
fn coordinates_go_to_zones_and_those_outside_are_counted() {
    let text = "lon1,lat1,lon2,lat2\n0.5,0.5,1.5,0.5\n1.0,0.5,0.2,0.2\n0.5,0.5,7,7\n,0.5,1.5,0.5\nx,0.5,1.5,0.5\n";
    let folder = folder(&[("r.csv", text)]);
    let expr = |text: &str| Some(text.to_owned());
    let wish = Wish { origin: expr("lon1, lat1"), dest: expr("lon2,lat2"), zones: squares(), ..of(&folder, "r.csv") };
    let flows = run(&wish).unwrap();
    assert_eq!(told_of(&flows), ["east>west: 1 1", "west>east: 1 1"]);
    assert_eq!((flows.tally.outside.records, flows.tally.without_end.records, flows.tally.reconciles()), (1, 2, true));
    let error = run(&Wish { zones: None, ..wish }).unwrap_err();
    assert!(error.is_wish() && error.to_string().contains("--places"), "{error}");
}

#[test]
fn ids_that_are_no_zone_are_counted() {
    let folder = folder(&[("r.csv", "origin,dest\nwest,east\nwest,moon\n")]);
    let flows = run(&Wish { zones: squares(), ..of(&folder, "r.csv") }).unwrap();
    assert_eq!((told_of(&flows), flows.tally.unknown.records), (vec!["west>east: 1 1".to_owned()], 1));
}

#[test]
fn a_file_that_is_to_be_written_is_no_record() {
    let folder = folder(&[("moves.csv", MOVES)]);
    let outputs = vec![folder.path().join("moves.csv"), folder.path().join("new.csv")];
    for records in [vec![path(folder.path())], of(&folder, "*.csv").records, of(&folder, "moves.csv").records] {
        let error = run(&Wish { records, outputs: outputs.clone(), ..Wish::default() }).unwrap_err();
        assert!(
            error.is_wish() && error.to_string().contains("moves.csv is read and would be written over"),
            "{error}"
        );
    }
}

/// Writes the records of a CSV file as Parquet.
fn convert(from: &Path, to: &Path) {
    write_query(from, "*", to);
}

/// Writes these columns of the records of a CSV file as Parquet.
fn write_query(from: &Path, columns: &str, to: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let context = SessionContext::new();
        context.register_csv("records", path(from), CsvReadOptions::new()).await.unwrap();
        let frame = context.sql(&format!("select {columns} from records")).await.unwrap();
        frame.write_parquet(&path(to), DataFrameWriteOptions::new().with_single_file_output(true), None).await.unwrap();
    });
}

#[test]
fn parquet_gives_what_csv_gives_and_whole_numbers_are_ids() {
    let folder = folder(&[("r.csv", "origin,dest,w\n1,2,0.5\n1,2,0.25\n10,2,1\n,2,1\n")]);
    convert(&folder.path().join("r.csv"), &folder.path().join("r.parquet"));
    let weighted = |name: &str| run(&Wish { weight: Some("w".into()), ..of(&folder, name) }).unwrap();
    let (text, parquet) = (weighted("r.csv"), weighted("r.parquet"));
    assert_eq!(told_of(&parquet), ["1>2: 2 0.75", "10>2: 1 1"]);
    assert_eq!(told_of(&parquet), told_of(&text));
    assert_eq!((parquet.tally.held, parquet.tally.without_end.records), (Some(4), 1));
}

#[test]
fn weights_of_every_type_give_the_same_sums() {
    let folder = folder(&[("r.csv", "origin,dest,w\n1,2,3\n1,2,40\n1,2,\n1,2,-5\n2,1,7\n")]);
    let expected = ["1>2: 2 43", "2>1: 1 7"];
    for kind in ["int", "bigint", "smallint", "float", "double", "decimal(12, 3)", "varchar"] {
        let file = folder.path().join("typed.parquet");
        write_query(&folder.path().join("r.csv"), &format!("origin, dest, cast(w as {kind}) as w"), &file);
        let flows = run(&Wish { weight: Some("w".into()), ..of(&folder, "typed.parquet") }).unwrap();
        assert_eq!(
            (told_of(&flows), flows.tally.without_weight.records),
            (expected.map(str::to_owned).to_vec(), 2),
            "{kind}"
        );
    }
    let unsigned =
        Wish { weight: Some("cast(cast(w as int) + 10 as bigint unsigned)".into()), ..of(&folder, "typed.parquet") };
    assert_eq!(told_of(&run(&unsigned).unwrap()), ["1>2: 3 68", "2>1: 1 17"]);
}

#[test]
fn folders_are_read_whole_and_the_names_of_their_parts_are_columns() {
    let folder = tempfile::tempdir().unwrap();
    for year in [2001, 2002] {
        let part = folder.path().join(format!("year={year}"));
        std::fs::create_dir(&part).unwrap();
        std::fs::write(part.join("r.csv"), "origin,dest\na,b\n").unwrap();
        std::fs::write(part.join("README"), "not records").unwrap();
    }
    let wish = Wish { records: vec![path(folder.path())], period: Some("year".into()), ..Wish::default() };
    assert_eq!(told_of(&run(&wish).unwrap()), ["a>b 2001: 1 1", "a>b 2002: 1 1"]);
}

#[test]
fn files_whose_columns_differ_are_not_read_by_position() {
    let files = [("1.csv", "origin,dest,w\na,b,1\n"), ("2.csv", "dest,origin,w\na,b,1\n")];
    let error = error(&files, |folder| Wish { records: vec![path(folder.path())], ..Wish::default() });
    let told = error.to_string();
    assert!(
        told.contains("2.csv: its columns are dest, origin, w") && told.contains("1.csv are origin, dest, w"),
        "{told}"
    );
    let mixed = folder(&[("1.csv", "origin,dest,w\na,b,1\n"), ("2.csv", "origin,dest,w\na,b,much\na,b,0.5\n")]);
    let flows = run(&Wish { records: vec![path(mixed.path())], weight: Some("w".into()), ..Wish::default() }).unwrap();
    assert_eq!(told_of(&flows), ["a>b: 2 1.5"]);
}

#[test]
fn quoted_cells_may_hold_commas_and_line_ends() {
    let folder = folder(&[("r.csv", "origin,dest,note\n\"a, b\",c,\"two\nlines\"\n\"a, b\",c,\n")]);
    assert_eq!(told_of(&run(&of(&folder, "r.csv")).unwrap()), ["a, b>c: 2 2"]);
}

/// As many flows as records, so that the engine cannot hold them.
fn many() -> TempDir {
    let mut text = "origin,dest\n".to_owned();
    (0..200_000).for_each(|k| writeln!(text, "place-{},place-{}", k % 447, k / 447).unwrap());
    folder(&[("r.csv", &text)])
}

#[test]
fn what_memory_does_not_hold_goes_to_disk_and_changes_nothing() {
    let folder = many();
    let wish = of(&folder, "r.csv");
    let limits = Limits { memory: Some(12 << 20), threads: Some(2), ..Limits::default() };
    let spilling = engine(&limits, &wish);
    let flows = aggregate(&spilling, &wish, &|_, _| {}).unwrap();
    assert!(flows == run(&wish).unwrap() && flows.pairs.len() == 200_000);
}

#[test]
fn a_full_disk_is_told() {
    let folder = many();
    let wish = of(&folder, "r.csv");
    let limits = Limits { memory: Some(12 << 20), threads: Some(2), scratch_size: Some(1000), ..Limits::default() };
    let error = aggregate(&engine(&limits, &wish), &wish, &|_, _| {}).unwrap_err();
    assert!(!error.is_wish(), "{error}");
    assert!(error.to_string().to_lowercase().contains("disk"), "{error}");
}

fn error(files: &[(&str, &str)], wish: impl FnOnce(&TempDir) -> Wish) -> Error {
    let folder = folder(files);
    run(&wish(&folder)).unwrap_err()
}

#[test]
fn what_cannot_be_meant_is_told_with_what_was_expected() {
    let moves = [("moves.csv", MOVES)];
    let expr = |text: &str| Some(text.to_owned());
    let with = |wish: Wish| error(&moves, |folder| Wish { records: of(folder, "moves.csv").records, ..wish });
    let unknown = with(Wish { filter: expr("agee > 3"), ..Wish::default() });
    assert!(
        unknown.is_wish()
            && unknown.to_string().contains("--where \"agee > 3\"")
            && unknown.to_string().contains("age"),
        "{unknown}"
    );
    let broken = with(Wish { kind: expr("case when"), ..Wish::default() });
    assert!(broken.is_wish() && broken.to_string().starts_with("--kind"), "{broken}");
    let mixed = with(Wish { dest: expr("age, age"), zones: squares(), ..Wish::default() });
    assert!(mixed.is_wish() && mixed.to_string().contains("both the same way"), "{mixed}");
    let none = error(&[("r.csv", "a,b\n1,2\n")], |folder| of(folder, "r.csv"));
    assert!(none.is_wish() && none.to_string().contains("their columns are a, b; say which by --origin"), "{none}");
}

#[test]
fn files_that_are_not_there_or_not_alike_are_told() {
    let nowhere = error(&[], |folder| of(folder, "nowhere.csv"));
    assert!(nowhere.to_string().ends_with("there is no such file or folder"), "{nowhere}");
    let empty =
        error(&[("README", "no records")], |folder| Wish { records: vec![path(folder.path())], ..Wish::default() });
    assert!(empty.to_string().contains(".parquet"), "{empty}");
    let mixed = error(&[("a.csv", MOVES), ("b.tsv", "x")], |folder| Wish {
        records: vec![path(folder.path())],
        ..Wish::default()
    });
    assert!(mixed.to_string().contains("several formats") && mixed.to_string().contains("*.csv"), "{mixed}");
}

#[test]
fn a_file_that_ends_in_the_middle_is_an_error_that_names_it() {
    let folder = folder(&[("r.csv", "origin,dest,w\n1,2,0.5\n1,2,0.25\n")]);
    let parquet: PathBuf = folder.path().join("r.parquet");
    convert(&folder.path().join("r.csv"), &parquet);
    let bytes = std::fs::read(&parquet).unwrap();
    std::fs::write(&parquet, &bytes[..bytes.len() / 2]).unwrap();
    let cut = run(&of(&folder, "r.parquet")).unwrap_err();
    assert!(!cut.is_wish() && cut.to_string().contains("r.parquet"), "{cut}");
    std::fs::write(folder.path().join("r.csv"), "origin,dest,w\n1,2,0.5\n1,2").unwrap();
    let ragged = run(&of(&folder, "r.csv")).unwrap_err();
    let told = ragged.to_string();
    assert!(!ragged.is_wish() && told.contains("r.csv") && told.contains("Expected 3 fields, found 2"), "{told}");
}
