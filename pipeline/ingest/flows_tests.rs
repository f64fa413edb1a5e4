use std::path::Path;

use flowatlas_model::{Place, Value};
use proptest::prelude::*;

use super::*;
use crate::csv_rows;

fn atlas() -> Atlas {
    let place = |id: &str| Place {
        id: id.to_owned(),
        name: id.to_uppercase(),
        at: geo::Coord { x: 0.0, y: 0.0 },
        area: None,
        population: None,
    };
    Atlas { places: ["lima", "junin", "cusco"].map(place).to_vec(), ..Atlas::default() }
}

fn read(text: &str, columns: &FlowColumns, weights: WeightKind) -> Result<Intake<FlowTable>, Error> {
    let atlas = atlas();
    let mut flows = FlowCollector::new(&Source::parse("f.csv", Path::new("d")), columns, &atlas, weights);
    csv_rows::read("d/f.csv", text.as_bytes(), b',', &mut flows)?;
    flows.finish()
}

fn measured(text: &str) -> Intake<FlowTable> {
    read(text, &FlowColumns::default(), WeightKind::Measured).unwrap()
}

#[test]
fn flows_have_ends_weight_kind_and_time() {
    let intake = measured("origin,dest,count,kind,time\nlima,cusco,12,return,1981\n");
    let expected = Flow {
        origin: PlaceIndex(0),
        destination: PlaceIndex(2),
        weight: Some(12.0),
        kind: Some("return".into()),
        time: Some("1981".into()),
    };
    assert_eq!(intake.value.flows, [expected]);
    assert_eq!(intake.value.attributes.get("time", 0), &Value::Integer(1981));
}

#[test]
fn a_missing_weight_is_kept_as_missing() {
    let intake = measured("origin,dest,count\nlima,cusco,\nlima,junin,0\n");
    assert_eq!(intake.value.flows.iter().map(|f| f.weight).collect::<Vec<_>>(), [None, Some(0.0)]);
    assert_eq!(intake.tally.kept, 2);
}

#[test]
fn the_standard_names_are_tried_in_order_and_configured_names_alone() {
    let text = "origin,destination,value,weight\nlima,cusco,1,2\n";
    assert_eq!(measured(text).value.flows[0].weight, Some(2.0));
    let columns = FlowColumns { weight: Some("value".into()), ..FlowColumns::default() };
    assert_eq!(read(text, &columns, WeightKind::Measured).unwrap().value.flows[0].weight, Some(1.0));
}

#[test]
fn unknown_places_are_dropped_with_their_weight_and_the_nearest_spelling() {
    let intake = measured("origin,dest,count\nlimma,cusco,5\nlima,cusco,7\n");
    let tally = &intake.tally;
    assert_eq!((tally.read, tally.kept, tally.dropped), (2, 1, 1));
    assert_eq!((tally.weight_read, tally.weight_kept, tally.weight_dropped), (12.0, 7.0, 5.0));
    let problem = &intake.problems[0];
    assert_eq!((problem.code, problem.field.as_str(), problem.found.as_str()), ("unknown-place", "origin", "limma"));
    assert_eq!((problem.feature.as_str(), problem.hint.as_str()), ("line 2", "did you mean `lima`?"));
}

#[test]
fn weights_that_are_no_weights_drop_the_flow() {
    let intake = measured(
        "origin,dest,count\nlima,cusco,NaN\nlima,cusco,-5\nlima,cusco,inf\nlima,cusco,\"12,5\"\nlima,cusco,1e999\n",
    );
    let codes: Vec<_> = intake.problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["not-finite", "negative", "not-finite", "not-a-number", "not-finite"]);
    assert_eq!((intake.tally.dropped, intake.tally.weight_read), (5, 0.0));
    assert_eq!(intake.value.attributes.rows(), 0);
}

#[test]
fn ranks_are_never_summed() {
    let tally = read("origin,dest,value\nlima,cusco,1\nlimma,cusco,2\n", &FlowColumns::default(), WeightKind::Ordinal)
        .unwrap()
        .tally;
    assert_eq!((tally.weight_read, tally.weight_kept, tally.weight_dropped), (0.0, 0.0, 0.0));
}

#[test]
fn a_flow_from_a_place_to_itself_is_kept() {
    assert_eq!(measured("origin,dest,count\nlima,lima,3\n").tally.kept, 1);
}

#[test]
fn a_missing_column_is_an_error_that_lists_those_there_are() {
    let error = read("from,dest,count\nlima,cusco,1\n", &FlowColumns::default(), WeightKind::Measured).unwrap_err();
    let expected = "d/f.csv: expected a column `origin`, found `from`, `dest`, `count`; name the column, with --origin COLUMN or as origin in the study";
    assert_eq!(error.to_string(), expected);
    let error = read("origin,dst,count\n", &FlowColumns::default(), WeightKind::Measured).unwrap_err();
    assert!(error.to_string().contains("a column `dest` or `destination`, found"), "{error}");
    assert!(error.to_string().contains("did you mean `dst`?"), "{error}");
}

#[test]
fn flows_without_any_weight_column_are_remarked_on() {
    let intake = measured("origin,dest,persons\nlima,cusco,1\n");
    assert_eq!(intake.value.flows[0].weight, None);
    let problem = &intake.problems[0];
    assert_eq!((problem.code, problem.dropped), ("no-weights", false));
    assert_eq!(problem.found, "columns `origin`, `dest`, `persons`");
}

proptest! {
    #[test]
    fn rows_and_weights_reconcile(rows in prop::collection::vec((0usize..5, 0usize..5, -3i32..20), 0..40)) {
        let names = ["lima", "junin", "cusco", "nowhere", ""];
        let text: String = rows.iter().map(|&(o, d, w)| format!("{},{},{w}\n", names[o], names[d])).collect();
        let intake = measured(&format!("origin,dest,count\n{text}"));
        let good = |&&(o, d, w): &&(usize, usize, i32)| o < 3 && d < 3 && w >= 0;
        let tally = intake.tally;
        prop_assert_eq!(tally.read, rows.len() as u64);
        prop_assert_eq!(tally.kept, rows.iter().filter(good).count() as u64);
        prop_assert_eq!(tally.read, tally.kept + tally.dropped);
        prop_assert_eq!(tally.dropped, intake.problems.iter().filter(|p| p.dropped).count() as u64);
        prop_assert_eq!(tally.weight_read, rows.iter().map(|r| f64::from(r.2.max(0))).sum::<f64>());
        prop_assert_eq!(tally.weight_kept, rows.iter().filter(good).map(|r| f64::from(r.2)).sum::<f64>());
        prop_assert_eq!(intake.value.attributes.rows(), intake.value.flows.len());
    }
}

#[test]
fn a_matrix_holds_a_flow_in_each_cell_that_is_not_empty_or_zero() {
    let intake = measured(",lima,junin,cusco,Total\nlima,5,7,0,12\njunin,,x,3,3\nTotal,5,7,3,15\n");
    let ends = |f: &Flow| (f.origin.0, f.destination.0, f.weight);
    let flows: Vec<_> = intake.value.flows.iter().map(ends).collect();
    assert_eq!(flows, [(0, 0, Some(5.0)), (0, 1, Some(7.0)), (1, 2, Some(3.0))]);
    assert_eq!((intake.tally.read, intake.tally.kept, intake.tally.dropped), (5, 3, 2));
    assert_eq!((intake.tally.weight_kept, intake.tally.weight_dropped), (15.0, 15.0));
    let told: Vec<_> = intake.problems.iter().map(|p| (p.code, p.field.as_str(), p.found.as_str())).collect();
    let expected =
        [("unknown-place", "Total", "Total"), ("not-a-number", "junin", "x"), ("unknown-place", "column 1", "Total")];
    assert!(expected.iter().all(|e| told.contains(e)), "{told:?}");
    assert_eq!(intake.value.attributes.rows(), 3);
}

#[test]
fn a_matrix_and_the_list_of_its_cells_are_the_same_flows() {
    let matrix = measured("origin,lima,junin,cusco\nlima,,2,3\ncusco,4,5,\n").value.flows;
    let list = measured("origin,dest,count\nlima,junin,2\nlima,cusco,3\ncusco,lima,4\ncusco,junin,5\n").value.flows;
    assert_eq!(matrix, list);
}

#[test]
fn pairs_with_a_column_for_each_period_are_a_flow_in_each() {
    let intake =
        measured("origin,dest,kind,1990-95,2000\nlima,cusco,work,7,8\nlima,junin,study,,9\nlima,nowhere,work,1,2\n");
    let told = |f: &Flow| {
        (
            f.destination.0,
            f.weight,
            f.kind.as_deref().unwrap_or("").to_owned(),
            f.time.as_deref().unwrap_or("").to_owned(),
        )
    };
    let flows: Vec<_> = intake.value.flows.iter().map(told).collect();
    let flow = |d: u32, w: Option<f64>, kind: &str, time: &str| (d, w, kind.to_owned(), time.to_owned());
    let expected = [
        flow(2, Some(7.0), "work", "1990-95"),
        flow(2, Some(8.0), "work", "2000"),
        flow(1, None, "study", "1990-95"),
        flow(1, Some(9.0), "study", "2000"),
    ];
    assert_eq!(flows, expected, "an empty cell is unknown");
    assert_eq!((intake.tally.dropped, intake.tally.weight_dropped), (1, 3.0));
    let kinds: Vec<String> = (0..4).map(|row| intake.value.attributes.get("kind", row).to_text().to_string()).collect();
    assert_eq!(kinds, ["work", "work", "study", "study"], "every flow keeps the attributes of its row");
}

#[test]
fn a_matrix_may_have_a_column_of_kinds() {
    let intake = measured("origin,kind,lima,junin\nlima,work,,2\ncusco,study,3,\n");
    let kinds: Vec<_> = intake.value.flows.iter().map(|f| f.kind.as_deref()).collect();
    assert_eq!(kinds, [Some("work"), Some("study")]);
    assert!(intake.problems.is_empty(), "{:?}", intake.problems);
    let given = FlowColumns { kind: Some("art".into()), ..FlowColumns::default() };
    let missing = read("origin,lima,junin\nlima,1,2\n", &given, WeightKind::Measured).unwrap_err();
    assert!(missing.to_string().contains("art"), "{missing}");
}

#[test]
fn a_table_of_other_columns_is_no_matrix() {
    let error = read("town,lima,people\nlima,1,2\n", &FlowColumns::default(), WeightKind::Measured).unwrap_err();
    assert!(error.to_string().contains("origin"), "{error}");
    let given = FlowColumns { origin: Some("von".into()), ..FlowColumns::default() };
    assert!(read("von,lima,junin\nlima,1,2\n", &given, WeightKind::Measured).is_err());
}

#[test]
fn points_that_may_part_thousands_are_counted_and_told() {
    let atlas = atlas();
    let mut flows = FlowCollector::new(
        &Source::parse("f.csv", Path::new("d")),
        &FlowColumns::default(),
        &atlas,
        WeightKind::Measured,
    );
    let text = "origin;dest;count\nlima;junin;1.234\njunin;cusco;5,5\ncusco;lima;12.000\n";
    csv_rows::read("d/f.csv", text.as_bytes(), b';', &mut flows).unwrap();
    let intake = flows.finish().unwrap();
    let doubts: Vec<_> = intake.problems.iter().filter(|p| p.code == "point-in-doubt").collect();
    let told: Vec<_> = doubts.iter().map(|p| (&*p.feature, &*p.field, &*p.found, p.dropped)).collect();
    assert_eq!(told, [("line 2", "count", "1.234", false), ("line 4", "count", "12.000", false)]);
    assert!(doubts[0].hint.ends_with("write 1234"), "{}", doubts[0].hint);
    assert_eq!(intake.value.flows[0].weight, Some(1.234));
}

#[test]
fn ranks_are_whole_numbers_from_1() {
    let text = "origin,dest,count\nlima,junin,1\njunin,cusco,0\ncusco,lima,2.5\nlima,cusco,\njunin,lima,3\n";
    let intake = read(text, &FlowColumns::default(), WeightKind::Ordinal).unwrap();
    let told: Vec<_> = intake.problems.iter().map(|p| (p.code, &*p.feature, &*p.found, p.dropped)).collect();
    assert_eq!(told, [("not-a-rank", "line 3", "0", true), ("not-a-rank", "line 4", "2.5", true)]);
    assert_eq!((intake.tally.read, intake.tally.kept), (5, 3));
    assert!(read(text, &FlowColumns::default(), WeightKind::Measured).unwrap().problems.is_empty());
}

#[test]
fn only_a_negative_weight_is_told_to_turn_the_flow_around() {
    let text = "origin,dest,count\nlima,junin,-1\njunin,cusco,2\n";
    let hint = |weights| read(text, &FlowColumns::default(), weights).unwrap().problems[0].hint.clone();
    assert!(hint(WeightKind::Measured).starts_with("turn the flow around"));
    assert!(hint(WeightKind::Ordinal).starts_with("leave the cell empty"));
}
