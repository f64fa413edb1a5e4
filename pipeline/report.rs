//! Fills the report of a run from what the stages gave.

use std::collections::{BTreeMap, BTreeSet};

use flowatlas_export::report::{
    ClusterAccount, FigureReport, FlowAccount, JoinedPlace, LayerReport, MapReport, MissingLetter, ProblemGroup, Report,
};
use flowatlas_layout::Method;
use flowatlas_map::{
    WindowFault,
    choropleth::Shading,
    spec::{Bend, Circles, Extent, FixedCourse, LocatorSpec, ProjectionChoice, SelfFlows, WindowSpec},
    words::{Language, Words},
};
use flowatlas_model::{FlowTable, Link, PlaceIndex, Problem, WeightKind, table, units::Mm};
use flowatlas_network::{Clustering, Selected, matching};
use serde_json::{Value, json};

use crate::{
    Graphed, Materials, Omitted, Picture, Ready,
    layers::Layers,
    options::{CIRCLES, Drawing, LAYOUTS, VIEWS},
    study::{MapPlan, Study},
};

/// The program and its version.
pub(crate) const PROGRAM: &str = concat!("flowatlas ", env!("CARGO_PKG_VERSION"));

/// Returns the report of a study whose maps were made.
pub fn report(study: &Study, layers: &Layers, (maps, figures): (Vec<MapReport>, Vec<FigureReport>)) -> Report {
    let layer_reports = layers.accounts(study).into_iter();
    Report {
        program: PROGRAM.to_owned(),
        study: study.title.clone(),
        layers: layer_reports.map(|l| LayerReport::new(l.role, l.name, l.tally.clone(), l.problems)).collect(),
        maps,
        figures,
        notes: study.remarks(),
        sources: sources(study, layers),
    }
}

/// Returns the sources that a map cites or that a row of its flows names in the column `source`.
fn sources(study: &Study, layers: &Layers) -> BTreeMap<String, Value> {
    let figures = study.figures.iter().flat_map(|figure| named(study, &figure.cite));
    let maps = study.maps.iter().flat_map(|map| map_sources(study, map, &layers.materials(map)));
    figures.chain(maps).collect()
}

fn named(study: &Study, keys: &[String]) -> BTreeMap<String, Value> {
    let known = study.sources.iter().filter(|(key, _)| keys.contains(key));
    known.map(|(key, source)| (key.clone(), json!(source))).collect()
}

/// Returns the sources that one map cites or that a row of its flows names.
pub(crate) fn map_sources(study: &Study, map: &MapPlan, materials: &Materials) -> BTreeMap<String, Value> {
    let cited = map.cite.iter().cloned();
    let used: BTreeSet<String> = cited.chain(named_sources(materials.flows)).collect();
    let known = study.sources.iter().filter(|(key, _)| used.contains(*key));
    known.map(|(key, source)| (key.clone(), json!(source))).collect()
}

fn named_sources(flows: &FlowTable) -> impl Iterator<Item = String> {
    let column = flows.attributes.column("source");
    column.into_iter().flat_map(|c| c.values.iter().map(|v| v.to_text()))
}

/// Returns the report of one map; `outputs` are the names of its files.
pub fn map_report(
    plan: &MapPlan,
    materials: &Materials,
    made: (&Graphed, &Picture),
    outputs: Vec<String>,
) -> MapReport {
    let (graphed, picture) = made;
    let composition = &picture.composition;
    MapReport {
        id: plan.id.clone(),
        title: plan.spec.title.clone(),
        options: options(plan),
        clusters: graphed.clustering.as_ref().map(|clustering| cluster_account(materials, graphed, clustering)),
        flows: flow_account(materials, graphed, picture),
        projection: composition.projection.clone(),
        layout_finished: picture.layout_finished,
        score: json!(picture.score),
        layout: scored(plan, picture),
        notes: foreseen(plan, materials, (graphed, &picture.selected, picture.omitted))
            .into_iter()
            .chain(seen(plan, graphed, picture))
            .collect(),
        shading: composition.shading.as_ref().map_or(Value::Null, shading_account),
        dropped_labels: composition.dropped_labels.clone(),
        missing_glyphs: composition.missing_letters.values().sum(),
        missing_letters: composition.missing_letters.iter().map(missing_letter).collect(),
        outputs,
    }
}

/// Returns the figures of the layout in words; nothing where there is no line.
fn scored(plan: &MapPlan, picture: &Picture) -> String {
    let Some(score) = picture.score.as_ref().filter(|score| score.flows > 0) else { return String::new() };
    let shared =
        if plan.drawing == Drawing::Lines(Method::Tree) { "; flows that share a trunk count as overlap" } else { "" };
    format!("{}{shared}", score.summary())
}

pub(crate) fn missing_letter((&letter, &count): (&char, &usize)) -> MissingLetter {
    MissingLetter { letter, code: format!("U+{:04X}", u32::from(letter)), count }
}

/// Flows that overlap on more than this share of their length, in per cent, cannot be told apart.
const MOST_OVERLAP_PCT: f64 = 15.0;
/// More flows than this are too many for one map of lines.
const MOST_LINES: usize = 300;
/// Places are crowded where flows run over one of them for so many flows.
const CROWDED: usize = 4;
/// From so many flows on a bundle shows what separate lines cannot.
const BUNDLED_LINES: usize = 500;

/// Returns what is to be said of a map before it is drawn, for its selection and its keys decide it.
fn foreseen(
    plan: &MapPlan,
    materials: &Materials,
    (graphed, selected, omitted): (&Graphed, &Selected, Omitted),
) -> Vec<String> {
    let told = [
        of_places_alone(plan, selected),
        nobodys(omitted),
        sure(plan, materials),
        flowless(plan, graphed, selected),
        arealess(plan, graphed),
        unmatched(plan),
        unranked(plan),
    ];
    told.into_iter().flatten().collect()
}

/// Returns what is to be said of a map for how it was drawn.
fn seen(plan: &MapPlan, graphed: &Graphed, picture: &Picture) -> Vec<String> {
    let told = [
        lineless(picture),
        hidden(graphed, picture),
        unshaded(picture),
        unmagnified(plan, picture),
        unlocated(picture),
        missed_by_locator(plan, picture),
        uncolored(picture),
        unnumbered(picture),
        coarse(plan, picture),
        advice(plan, picture),
    ];
    let windows = windows_in_vain(plan, picture);
    told.into_iter().flatten().chain(windows).chain(courses_in_vain(plan, picture)).collect()
}

/// Returns what a person should know of a map that is ready, which goes by this name, before it is drawn; a line each.
pub(crate) fn ready_remarks(
    (plan, name): (&MapPlan, &str),
    (materials, graphed): (&Materials, &Graphed),
    ready: &Ready,
) -> Vec<String> {
    let clusters = graphed.clustering.as_ref().map(|clustering| cluster_account(materials, graphed, clustering));
    let clusters = clusters.as_ref().map(joined_in_words);
    let notes = foreseen(plan, materials, (graphed, &ready.selected, ready.omitted));
    clusters.into_iter().chain(notes).map(|note| format!("{name}: {note}")).collect()
}

/// The bundled countries have a point every 4 km: a millimetre of the page at this scale, where coasts begin to look cut.
const FINEST: f64 = 4e6;

/// Returns that the bundled countries are too coarse for the scale of the map.
fn coarse(plan: &MapPlan, picture: &Picture) -> Option<String> {
    let panel = picture.composition.look.as_ref()?.panels.first()?;
    let scale = panel.metres_per_point()? * Mm(1000.0).to_pt();
    let step = if scale < 1e5 { 1e3 } else { 1e5 };
    let scale_in_words = Words::of(Language::English).number((scale / step).round().max(1.0) * step);
    // Borders of places are drawn where no base map is given.
    (plan.spec.place_borders && scale < FINEST).then(|| {
        format!(
            "the bundled coasts and borders are made for 1:4,000,000 and smaller scales, and are coarse at 1:{scale_in_words}: give a finer \
             base map, or none (--base)"
        )
    })
}

/// Returns that no flow is shown.
fn of_places_alone(plan: &MapPlan, selected: &Selected) -> Option<String> {
    let none = matches!(plan.drawing, Drawing::Lines(_)) && selected.graph.links().next().is_none();
    none.then(|| "there is no flow to draw: the map shows places alone".to_owned())
}

/// Returns how many flows that are shown have no line.
fn lineless(picture: &Picture) -> Option<String> {
    picture.score.as_ref()?;
    let lost = picture.composition.courses.iter().filter(|course| course.0.is_empty()).count();
    (lost > 0).then(|| format!("flows between places at one position have no line ({lost})"))
}

/// Returns which flows the symbols of their places hide.
fn hidden(graphed: &Graphed, picture: &Picture) -> Option<String> {
    let links: Vec<_> = picture.selected.graph.links().collect();
    let mut hidden: Vec<_> = picture.composition.drawn.hidden_flows().into_iter().map(|k| links[k]).collect();
    hidden.sort_by(|a, b| b.2.weight.unwrap_or(0.0).total_cmp(&a.2.weight.unwrap_or(0.0)));
    let told = |(from, to, link): &(PlaceIndex, PlaceIndex, &Link)| {
        let weight = link.weight.map_or_else(String::new, |weight| format!(" ({weight})"));
        format!("{} – {}{weight}", graphed.atlas.place(*from).name, graphed.atlas.place(*to).name)
    };
    let named: Vec<String> = hidden.iter().map(told).collect();
    (!named.is_empty()).then(|| {
        format!(
            "symbols of places hide the flows between them: {}; a window (--magnify), clusters (--cluster) or smaller circles \
             (--place-radius-mm) would show more",
            first_named(&named)
        )
    })
}

/// Returns how many flows are of nobody.
pub(crate) fn nobodys(omitted: Omitted) -> Option<String> {
    let zero = omitted.zero;
    (zero > 0).then(|| format!("flows of 0 have no line ({zero})"))
}

/// Returns that no flow is uncertain in the way that the map is to show; a map may well show none of those that are.
fn sure(plan: &MapPlan, materials: &Materials) -> Option<String> {
    let none =
        !plan.uncertain.is_empty() && matching(materials.flows, &plan.uncertain).is_ok_and(|rows| rows.is_empty());
    let told = |(column, values): &(String, Vec<table::Value>)| {
        let values: Vec<String> = values.iter().map(table::Value::to_text).collect();
        format!("{column} = {}", values.join(" or "))
    };
    let wish: Vec<String> = plan.uncertain.iter().map(told).collect();
    none.then(|| format!("no flow is shown as uncertain: none has {}", wish.join(" and ")))
}

/// Returns which words and courses belong to flows that the map does not show, be it by its filter or its selection.
fn flowless(plan: &MapPlan, graphed: &Graphed, selected: &Selected) -> Option<String> {
    let id = |place| graphed.atlas.place(place).id.as_str();
    let shown: Vec<_> = selected.graph.links().map(|(from, to, link)| (id(from), id(to), link)).collect();
    let lacking = |(table, origin, dest, kind): (&str, &String, &String, Option<&str>)| {
        let is_meant = |(from, to, link): &(&str, &str, &Link)| {
            from == origin && to == dest && (kind.is_none() || kind == link.kind.as_deref())
        };
        let of_kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
        (!shown.iter().any(is_meant)).then(|| format!("[[map.{table}]] {origin} to {dest}{of_kind}"))
    };
    let words = plan.spec.annotations.iter().map(|a| ("annotation", &a.origin, &a.destination, a.kind.as_deref()));
    let courses = plan.spec.courses.iter().map(|c| ("course", &c.origin, &c.destination, c.kind.as_deref()));
    let lacking: Vec<String> = words.chain(courses).filter_map(lacking).collect();
    let is_map = matches!(plan.drawing, Drawing::Lines(_)) && !lacking.is_empty();
    is_map.then(|| {
        format!("the map shows no flow for {} of its words and courses: {}", lacking.len(), lacking.join(", "))
    })
}

/// Returns which places are to be drawn as areas and have none.
fn arealess(plan: &MapPlan, graphed: &Graphed) -> Option<String> {
    let places = graphed.atlas.places.iter().filter(|place| place.area.is_none());
    let lacking: Vec<String> = places.map(|place| place.id.clone()).filter(|id| plan.spec.areas.contains(id)).collect();
    (matches!(plan.drawing, Drawing::Lines(_)) && !lacking.is_empty()).then(|| {
        format!("\"areas\" names places that have no polygon and are drawn as circles: {}", first_named(&lacking))
    })
}

/// Returns which places have a number to be shaded by and no area.
fn unshaded(picture: &Picture) -> Option<String> {
    let lacking = &picture.composition.shading.as_ref()?.without_area;
    let told = || format!("places with a number have no area to shade ({}): {}", lacking.len(), first_named(lacking));
    (!lacking.is_empty()).then(told)
}

/// Returns how many windows a map found by itself.
fn windows_found(plan: &MapPlan, picture: &Picture) -> usize {
    let panels = picture.composition.look.as_ref().map_or(0, |look| look.panels.len());
    panels.saturating_sub(1 + plan.spec.windows.len())
}

/// Returns that a map was asked to magnify what is crowded, and found nothing.
fn unmagnified(plan: &MapPlan, picture: &Picture) -> Option<String> {
    let in_vain = plan.spec.magnify && matches!(plan.drawing, Drawing::Lines(_)) && windows_found(plan, picture) == 0;
    in_vain.then(|| "nothing is magnified: no places crowd each other so much, or no box for them has room".to_owned())
}

/// Returns what a reader would look for in vain in windows that the map was given.
fn windows_in_vain(plan: &MapPlan, picture: &Picture) -> Vec<String> {
    let told = |(k, fault): &(usize, WindowFault)| {
        let WindowSpec { title, extent, .. } = &plan.spec.windows[*k];
        let title = if title.is_empty() { String::new() } else { format!(" \"{title}\"") };
        let fault = match fault {
            WindowFault::Empty => "shows no place",
            WindowFault::Off => "lies off the main map, which cannot mark where that is",
            WindowFault::EmptyAndOff => "lies off the main map and shows no place",
        };
        format!("[[map.window]] {}{title} {fault}: its extent is {extent:?}, west, south, east and north", k + 1)
    };
    picture.composition.window_faults.iter().map(told).collect()
}

/// Returns which groups have no colour.
fn uncolored(picture: &Picture) -> Option<String> {
    let groups = &picture.composition.uncolored_groups;
    let told = || {
        let named = first_named(groups);
        match groups.len() {
            1 => {
                format!("the style has too few colours: the group of least flow is grey, and so are its flows: {named}")
            }
            n => format!(
                "the style has too few colours: {n} groups of least flow are grey, and so are their flows: {named}"
            ),
        }
    };
    (!groups.is_empty()).then(told)
}

/// Returns which courses lead off the map.
fn courses_in_vain(plan: &MapPlan, picture: &Picture) -> Vec<String> {
    let told = |k: &usize| {
        let FixedCourse { origin, destination, bend, .. } = &plan.spec.courses[*k];
        let Bend::Through(at) = bend else { return None };
        let number = k + 1;
        Some(format!(
            "[[map.course]] {number} from \"{origin}\" to \"{destination}\" changes nothing: through {at:?} lies off the map"
        ))
    };
    picture.composition.courses_off_map.iter().filter_map(told).collect()
}

/// Returns that a locator cannot mark where the map lies.
fn missed_by_locator(plan: &MapPlan, picture: &Picture) -> Option<String> {
    let LocatorSpec { extent, .. } = plan.spec.locator.as_ref()?;
    let told = || {
        format!(
            "[map.locator] shows less than all of the map, and so not where it lies: its extent is {extent:?}, \
             west, south, east and north; a wider one would"
        )
    };
    picture.composition.locator_misses.then(told)
}

/// Returns that a map has no locator though it asks for one.
fn unlocated(picture: &Picture) -> Option<String> {
    let told = "the locator is left out: it would hide places or what else stands on the map, wherever it stood";
    picture.composition.dropped_locator.then(|| told.to_owned())
}

/// Returns that the cells of a matrix have no numbers, and what would give them room.
fn unnumbered(picture: &Picture) -> Option<String> {
    let told = "the numbers of the cells are left out, for not all of them have room: give the matrix a wider page (--width-mm) or fewer \
                places (--top, --cluster)";
    picture.composition.dropped_numbers.then(|| told.to_owned())
}

/// Returns that a matrix was asked for what only lines and symbols on a map have.
fn unmatched(plan: &MapPlan) -> Option<String> {
    let spec = &plan.spec;
    let wishes = [
        ("magnify", spec.magnify || !spec.windows.is_empty()),
        ("circles", spec.circles != Circles::default()),
        ("rings", spec.self_flows == SelfFlows::Rings),
        ("values", spec.values > 0),
        ("extent", matches!(spec.extent, Extent::Box(_))),
        ("areas", !spec.areas.is_empty()),
        ("flow width", spec.sizes.flow_width.is_some()),
        ("place radius", spec.sizes.place_radius.is_some()),
        ("size", plan.symbols.size.is_some()),
        ("annotation", !spec.annotations.is_empty()),
        ("course", !spec.courses.is_empty()),
    ];
    let asked: Vec<&str> = wishes.iter().filter_map(|(name, asked)| asked.then_some(*name)).collect();
    let in_vain = plan.drawing == Drawing::Matrix && !asked.is_empty();
    in_vain.then(|| format!("a matrix has neither lines nor symbols; what changes nothing: {}", asked.join(", ")))
}

/// Returns that a map of ranks was asked for what only amounts have.
fn unranked(plan: &MapPlan) -> Option<String> {
    let wishes = [("share", plan.selection.share.is_some()), ("threshold", plan.selection.threshold.is_some())];
    let asked: Vec<&str> = wishes.iter().filter_map(|(name, asked)| asked.then_some(*name)).collect();
    let in_vain = plan.spec.weights == WeightKind::Ordinal && !asked.is_empty();
    in_vain
        .then(|| format!("ranks are no amounts; what changes nothing: {} (top keeps the best ranks)", asked.join(", ")))
}

/// Returns what to do where lines cannot show the flows; nothing where they can. What overlaps in a bundle is meant to, and so are the
/// branches of a tree that does not cross itself.
fn advice(plan: &MapPlan, picture: &Picture) -> Option<String> {
    let score = picture.score.as_ref()?;
    let tree = plan.drawing == Drawing::Lines(Method::Tree);
    let meant = plan.drawing == Drawing::Lines(Method::Bundle) || (tree && score.crossings == 0);
    // A layout that keeps off places runs over many only where these stand close together.
    let keeps_off = tree || plan.drawing == Drawing::Lines(Method::Od);
    let crowded =
        keeps_off && !plan.spec.magnify && score.flow_on_node > 1 && CROWDED * score.flow_on_node >= score.flows;
    let fault = match score.overlap_pct {
        overlap if overlap > MOST_OVERLAP_PCT && !meant => format!("flows overlap on {overlap:.0} % of their length"),
        _ if score.flows > MOST_LINES && !meant => format!("{} flows are too many to tell apart", score.flows),
        _ if crowded => "flows run over places that they do not serve".to_owned(),
        _ => return None,
    };
    let mut ways = vec!["show fewer (--top)", "cluster places (--cluster)"];
    ways.extend(crowded.then_some("give crowded places a window (--magnify)"));
    ways.extend((!tree).then_some("draw a tree (--layout tree)"));
    ways.extend((tree && score.flows <= MOST_LINES).then_some("draw one line per flow (--layout od)"));
    ways.extend((score.flows > BUNDLED_LINES).then_some("bundle them (--layout bundle)"));
    Some(format!("{fault}: {} or draw a matrix (--layout matrix)", ways.join(", ")))
}

fn flow_account(materials: &Materials, graphed: &Graphed, picture: &Picture) -> FlowAccount {
    let measured = graphed.all.weights == WeightKind::Measured;
    FlowAccount {
        rows: materials.flows.flows.len(),
        filtered_out: materials.flows.flows.len() - graphed.table.flows.len(),
        merged: graphed.all.merged_rows,
        links: graphed.all.graph.edge_count(),
        self_links: graphed.all.self_flows.len(),
        balanced: picture.omitted.balanced,
        zero: picture.omitted.zero,
        beyond: picture.omitted.beyond,
        viewed: picture.selected.of,
        shown: picture.selected.shown,
        weight_total: measured.then_some(picture.selected.weight_total),
        weight_shown: measured.then_some(picture.selected.weight_shown),
    }
}

/// Returns the classes of shaded areas: how many areas lie in each, and what could not be shaded.
fn shading_account(shading: &Shading) -> Value {
    json!({
        "breaks": shading.classes.breaks,
        "least": shading.classes.range[0],
        "largest": shading.classes.range[1],
        "centre": shading.classes.centre,
        "areas": shading.counts,
        "areas_at_centre": shading.at_centre,
        "areas_without_number": shading.missing,
        "numbers_without_area": shading.without_area,
    })
}

fn cluster_account(materials: &Materials, graphed: &Graphed, clustering: &Clustering) -> ClusterAccount {
    let joined = graphed.atlas.places.iter().zip(&clustering.members).filter(|(_, members)| members.len() > 1);
    let ids = |members: &[PlaceIndex]| members.iter().map(|&m| materials.atlas.place(m).id.clone()).collect();
    ClusterAccount {
        wanted: clustering.wanted,
        places: materials.atlas.places.len(),
        left: graphed.atlas.places.len(),
        internal_rows: clustering.internal_rows,
        internal_weight: clustering.internal_weight,
        joined: joined
            .map(|(place, members)| JoinedPlace { name: place.name.clone(), members: ids(members) })
            .collect(),
    }
}

fn options(plan: &MapPlan) -> BTreeMap<&'static str, Value> {
    let layout = LAYOUTS.iter().find(|(_, drawing)| *drawing == plan.drawing).map(|(name, _)| *name);
    let view = VIEWS.iter().find(|(_, view)| *view == plan.view).map(|(name, _)| *name);
    let circles = CIRCLES.iter().find(|(_, circles)| *circles == plan.spec.circles).map(|(name, _)| *name);
    BTreeMap::from([
        ("cluster", json!(plan.grouping.as_ref().map(|g| g.places))),
        ("choropleth", json!(plan.shading.as_ref().map(|s| s.value.as_str()))),
        ("cluster_within", json!(plan.grouping.as_ref().and_then(|g| g.within.as_deref()))),
        ("filter", rows_by_column(&plan.filter)),
        ("flow_width_mm", json!(plan.spec.sizes.flow_width)),
        ("height_mm", json!(plan.spec.height)),
        ("layout", json!(layout)),
        ("multiples", json!(plan.multiples.map(|wish| crate::options::part_name(wish.part)))),
        ("place_radius_mm", json!(plan.spec.sizes.place_radius)),
        ("uncertain", rows_by_column(&plan.uncertain)),
        ("circles", json!(circles)),
        ("color_by", json!(plan.symbols.color.as_ref().map(|(by, _)| by.as_str()))),
        ("size_by", json!(plan.symbols.size.as_ref().map(|(by, _)| by.as_str()))),
        ("projection", json!(projection(&plan.spec.projection))),
        ("seed", json!(plan.seed)),
        ("share", json!(plan.selection.share)),
        ("style", json!(plan.style_name)),
        ("threshold", json!(plan.selection.threshold)),
        ("top", json!(plan.selection.top)),
        ("view", json!(view)),
        ("width_mm", json!(plan.spec.width)),
    ])
}

fn rows_by_column(wanted: &[(String, Vec<table::Value>)]) -> Value {
    Value::Object(wanted.iter().map(|(column, values)| (column.clone(), json!(values))).collect())
}

fn projection(choice: &ProjectionChoice) -> &str {
    match choice {
        ProjectionChoice::Auto => "auto",
        ProjectionChoice::None => "none",
        ProjectionChoice::Given(given) => given,
    }
}

/// Returns a problem as one line: where, what was found, what was expected, what to do.
pub fn in_words(problem: &Problem) -> String {
    let field = if problem.field.is_empty() { String::new() } else { format!(", {}", problem.field) };
    let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
    format!(
        "{}, {}{field}: found {}, expected {}{hint}",
        problem.file, problem.feature, problem.found, problem.expected
    )
}

/// How many clusters, members of each, or names without room a remark names at most; the report names all.
const NAMED: usize = 12;

/// Returns which places stand for which, and what can no longer be seen, in one line.
fn joined_in_words(account: &ClusterAccount) -> String {
    let ClusterAccount { wanted, places, left, internal_rows, joined, .. } = account;
    let joined: Vec<String> =
        joined.iter().map(|place| format!("{} ({})", place.name, first_named(&place.members))).collect();
    let apart = if left > wanted { format!(" and not {wanted}, as regions keep them apart") } else { String::new() };
    let weight = account.internal_weight.map_or_else(String::new, |weight| format!(" of weight {weight}"));
    if joined.is_empty() {
        return format!("no places were joined: there are {places}, and {wanted} were asked for");
    }
    format!("{places} places became {left}{apart}: {}; {internal_rows} flows{weight} are inside", first_named(&joined))
}

/// Returns which letters are drawn as an empty box, and what to do.
fn missing_in_words(map: &MapReport) -> String {
    let letters: Vec<String> = map.missing_letters.iter().map(|m| format!("{} ({})", m.letter, m.code)).collect();
    format!(
        "{} letters are in no font and drawn as boxes: {}; give a font that has them (--font FILE, \"fonts\" in a study)",
        map.missing_glyphs,
        first_named(&letters)
    )
}

/// Returns the first names, and how many more there are.
fn first_named(names: &[String]) -> String {
    let first = names[..names.len().min(NAMED)].join(", ");
    if names.len() > NAMED { format!("{first} and {} more", names.len() - NAMED) } else { first }
}

/// Returns how the flows of each map lie, one line a map.
pub fn layouts(report: &Report) -> Vec<String> {
    let maps = report.maps.iter().filter(|map| !map.layout.is_empty());
    maps.map(|map| format!("map {}: {}", map.id, map.layout)).collect()
}

/// Returns what could not be used of a layer, a line for each kind of problem.
pub fn layer_remarks(layer: &LayerReport) -> Vec<String> {
    let told = |group: &ProblemGroup| {
        let first = group.first.first().map_or_else(String::new, in_words);
        let fate = if group.dropped > 0 { format!(", {} left out", group.dropped) } else { String::new() };
        format!("{}: {} × {}{fate}; {first}", layer.tally.file, group.count, group.code)
    };
    layer.problems.iter().map(told).collect()
}

/// Returns what a person should know about a run without opening its report, one line each.
pub fn remarks(report: &Report) -> Vec<String> {
    let mut remarks: Vec<String> = report.layers.iter().flat_map(layer_remarks).collect();
    remarks.extend(report.maps.iter().flat_map(|map| map_remarks(map, &format!("map {}", map.id))));
    for figure in &report.figures {
        let maps = figure.panels.iter().filter_map(|panel| panel.map.as_ref());
        remarks.extend(maps.flat_map(|map| map_remarks(map, &format!("figure {}, map {}", figure.id, map.id))));
    }
    remarks.extend(report.notes.iter().cloned());
    remarks
}

/// Returns what a person should know about one map, which goes by this name.
fn map_remarks(map: &MapReport, name: &str) -> Vec<String> {
    let clusters = map.clusters.as_ref().map(|clusters| format!("{name}: {}", joined_in_words(clusters)));
    let mut remarks: Vec<String> = clusters.into_iter().collect();
    remarks.extend(map.notes.iter().map(|note| format!("{name}: {note}")));
    if !map.dropped_labels.is_empty() {
        remarks.push(format!("{name}: no room for the labels {}", first_named(&map.dropped_labels)));
    }
    if map.missing_glyphs > 0 {
        remarks.push(format!("{name}: {}", missing_in_words(map)));
    }
    remarks
}
