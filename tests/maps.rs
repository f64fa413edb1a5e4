//! What a map looks like: one subject per map, on invented worlds small enough to be checked by eye.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use flowatlas::styles;
use flowatlas_layout::{Method, Options, lay_out};
use flowatlas_map::{
    Annotation, Bend, Circles, Composition, Error, Extent, FixedCourse, GroupWish, Language, LocatorSpec, MapInput,
    MapSpec, ProjectionChoice, SelfFlows, SizeWish, Uncertain, WindowFault, WindowSpec,
    choropleth::{AreaNumber, Choropleth, Classing},
    compose, frame,
};
use flowatlas_model::{
    Atlas, BaseMap, Flow, FlowTable, Place, PlaceIndex, Region, Scene, Table, WeightKind,
    look::{FlowColors, Symbols},
    scene::Item,
    style::LookStyle,
    units::Mm,
};
use flowatlas_network::build;
use geo::{Coord, Distance, Euclidean, MultiPolygon, Polygon, Rect, coord};
use golden::check;
use words::texts;

#[path = "support/golden.rs"]
mod golden;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/words.rs"]
mod words;

/// A world, and what is drawn of it.
struct World {
    atlas: Atlas,
    base: BaseMap,
    flows: Vec<Flow>,
    spec: MapSpec,
}

impl World {
    /// Returns a world with these places (id, x, y) and no land.
    fn of(title: &str, places: &[(&str, f64, f64)]) -> Self {
        let places: Vec<Place> = places.iter().map(|(id, x, y)| place(id, *x, *y)).collect();
        let attributes = Table::with_rows(places.len());
        let atlas = Atlas { places, attributes, ..Atlas::default() };
        World { atlas, base: BaseMap::default(), flows: Vec::new(), spec: spec(title) }
    }

    fn land(mut self, id: &str, corners: [f64; 4]) -> Self {
        self.base.countries.push(Region { id: id.into(), name: id.into(), shape: MultiPolygon(vec![block(corners)]) });
        self
    }

    fn flow(mut self, origin: &str, destination: &str, weight: Option<f64>, kind: Option<&str>) -> Self {
        let index = |id: &str| PlaceIndex(self.atlas.places.iter().position(|p| p.id == id).unwrap() as u32);
        let (origin, destination) = (index(origin), index(destination));
        self.flows.push(Flow { origin, destination, weight, kind: kind.map(Into::into), time: None });
        self
    }

    fn with(mut self, change: impl FnOnce(&mut MapSpec)) -> Self {
        change(&mut self.spec);
        self
    }

    fn draw(&self, method: Method) -> Composition {
        self.try_draw(method).unwrap()
    }

    fn try_draw(&self, method: Method) -> Result<Composition, Error> {
        let table = FlowTable { attributes: Table::with_rows(self.flows.len()), flows: self.flows.clone() };
        let graph = build(&self.atlas, &table, self.spec.weights);
        let style = styles::style(styles::DEFAULT, std::path::Path::new(".")).unwrap();
        let input = MapInput {
            spec: &self.spec,
            atlas: &self.atlas,
            all: &graph,
            circled: &graph,
            shown: &graph,
            base: &self.base,
            style: &style,
            fonts: styles::bundled_fonts(),
        };
        let framed = frame(&input)?;
        let layout = lay_out(framed.problem(), &Options { method, seed: 1, seconds: None, progress: None });
        Ok(compose(&input, framed, &layout))
    }
}

fn place(id: &str, x: f64, y: f64) -> Place {
    Place { id: id.into(), name: id.into(), at: coord! { x: x, y: y }, area: None, population: None }
}

/// Returns a rectangle of degrees: west, south, east, north.
fn block([west, south, east, north]: [f64; 4]) -> Polygon<f64> {
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon()
}

fn spec(title: &str) -> MapSpec {
    MapSpec {
        title: title.into(),
        unit: "persons".into(),
        width: Mm(100.0),
        height: Some(Mm(75.0)),
        ..MapSpec::default()
    }
}

#[test]
fn two_way_pairs_stand_side_by_side() {
    let world = World::of("Two lines, side by side", &[("West", 2.0, 4.0), ("East", 12.0, 4.0)])
        .land("Island", [0.0, 0.0, 14.0, 8.0])
        .flow("West", "East", Some(1000.0), None)
        .flow("East", "West", Some(400.0), None);
    check("map-two-way", &world.draw(Method::Straight).scene);
}

#[test]
fn one_origin_is_a_ring_and_widths_are_in_the_legend() {
    let ends = [("Hub", 6.0, 4.0), ("North", 6.0, 8.0), ("East", 13.0, 5.0), ("South", 7.0, 0.0), ("West", 0.0, 3.0)];
    let world = World::of("A ring, four arrows, four widths", &ends)
        .land("Island", [-1.0, -1.0, 10.0, 9.0])
        .land("Other", [11.0, 2.0, 15.0, 9.0])
        .flow("Hub", "North", Some(5000.0), None)
        .flow("Hub", "East", Some(1200.0), None)
        .flow("Hub", "South", Some(300.0), None)
        .flow("Hub", "West", Some(2.0), None)
        .with(|s| s.values = 2);
    check("map-hub", &world.draw(Method::Straight).scene);
}

#[test]
fn ranks_are_classes_with_numbers_and_areas_stop_the_arrow() {
    let mut world = World::of(
        "Discs 1, 2, 3; a green area; an arrow that leaves",
        &[("Home", 4.0, 4.0), ("Town", 8.0, 7.0), ("Forest", 11.0, 2.0), ("Abroad", -30.0, 1.0)],
    )
    .land("Island", [0.0, -1.0, 14.0, 9.0])
    .flow("Home", "Town", Some(1.0), None)
    .flow("Home", "Forest", Some(2.0), None)
    .flow("Home", "Abroad", Some(3.0), None)
    .with(|s| {
        s.weights = WeightKind::Ordinal;
        s.classes = vec!["first".into(), "second".into(), "third".into()];
        s.extent = Extent::Box([-3.0, -2.0, 16.0, 10.0]);
        s.areas = vec!["Forest".into()];
    });
    world.atlas.places[2].area = Some(MultiPolygon(vec![block([9.5, 0.0, 13.0, 4.0])]));
    check("map-ordinal", &world.draw(Method::Straight).scene);
}

#[test]
fn places_around_a_pole_are_on_a_map_of_it_that_no_flow_leaves() {
    for (side, pole) in [(1.0, "+lat_0=90 "), (-1.0, "+lat_0=-90 ")] {
        let places =
            [("A", -157.0, 71.0), ("B", 33.0, 69.0), ("C", 16.0, 78.0), ("D", -52.0, 64.0), ("E", 140.0, 60.0)];
        let world = World::of("Round the pole", &places.map(|(name, lon, lat)| (name, lon, side * lat)))
            .flow("A", "B", Some(50.0), None)
            .flow("E", "D", Some(20.0), None)
            .flow("A", "E", Some(30.0), None)
            .flow("C", "E", Some(10.0), None);
        for method in [Method::Od, Method::Arc, Method::Straight] {
            let map = world.draw(method);
            let crs = &map.look.as_ref().unwrap().panels[0].crs;
            assert!(crs.contains("laea") && crs.contains(pole), "{crs}");
            assert_eq!(map.drawn.flows.len(), 4);
            assert!(map.drawn.flows.iter().all(|flow| flow.points.len() > 1 && flow.breaks.is_empty()));
        }
    }
}

#[test]
fn no_two_kinds_look_alike_however_many_the_style_does_not_know() {
    let places = [("A", 0.0, 0.0), ("B", 10.0, 0.0), ("C", 10.0, 6.0)];
    for (known, unknown) in
        [(None, 5), (None, 6), (None, 9), (None, 14), (Some("permanent"), 3), (Some("permanent"), 12)]
    {
        let unknown = (0..unknown).map(|k| format!("kind {k:02}"));
        let kinds: Vec<String> = known.into_iter().map(str::to_owned).chain(unknown).collect();
        // As high as its legend needs.
        let mut world = World::of("Many kinds", &places).with(|s| s.height = None);
        for (k, kind) in kinds.iter().enumerate() {
            world = world.flow(["A", "B", "C"][k % 3], ["B", "C", "A"][k % 3], Some(10.0), Some(kind));
        }
        let FlowColors::Kinds(looks) = world.draw(Method::Arc).look.unwrap().colors else { panic!("no kinds") };
        let looks: Vec<&LookStyle> = looks.iter().filter(|k| k.kind.is_some()).map(|k| &k.look).collect();
        assert_eq!(looks.len(), kinds.len());
        assert!((0..looks.len()).all(|k| !looks[..k].contains(&looks[k])), "{looks:?}");
    }
}

#[test]
fn a_legend_stands_on_the_map_or_beside_it_or_the_page_is_refused() {
    let (mut beside, mut refused) = (0, 0);
    for (height, kinds) in [45.0, 60.0, 75.0, 100.0, 140.0].into_iter().flat_map(|h| [1, 5, 9].map(|k| (h, k))) {
        let mut world = World::of("Any height, any legend", &[("A", 0.0, 0.0), ("B", 10.0, 0.0), ("C", 10.0, 6.0)])
            .with(|s| s.height = Some(Mm(height)));
        for k in 0..kinds {
            world = world.flow(["A", "B", "C"][k % 3], ["B", "C", "A"][k % 3], Some(9.0), Some(&format!("kind {k}")));
        }
        let look = match world.try_draw(Method::Straight) {
            Err(Error::PageTooSmall { .. }) => {
                refused += 1;
                continue;
            }
            drawn => drawn.unwrap().look.unwrap(),
        };
        let (legend, map, [width, tall]) = (look.legend.unwrap(), look.panels[0].rect, look.page);
        let outside = legend.x0 >= map.x1 || legend.y0 >= map.y1;
        beside += u32::from(outside);
        assert!(outside || map.contains_rect(legend), "{height} mm, {kinds} kinds: {legend:?} across {map:?}");
        assert!(legend.x1 <= width && legend.y1 <= tall, "{height} mm, {kinds} kinds: {legend:?} leaves the page");
    }
    assert!(beside > 0 && refused > 0, "{beside} beside, {refused} refused");
}

#[test]
fn kinds_differ_in_colour_and_dash_and_stand_in_the_legend() {
    let world =
        World::of("Four kinds, four looks", &[("A", 0.0, 0.0), ("B", 10.0, 0.0), ("C", 10.0, 6.0), ("D", 0.0, 6.0)])
            .flow("A", "B", None, Some("permanent"))
            .flow("B", "C", None, Some("seasonal"))
            .flow("C", "D", None, Some("displaced"))
            .flow("D", "A", None, Some("unheard of"))
            .with(|s| {
                s.annotations = vec![Annotation {
                    origin: "B".into(),
                    destination: "C".into(),
                    kind: None,
                    text: "every year".into(),
                }]
            });
    check("map-kinds", &world.draw(Method::Arc).scene);
}

#[test]
fn a_window_magnifies_and_is_tied_to_its_place() {
    let world = World::of("A box with two villages", &[("Upper", 2.0, 2.2), ("Lower", 2.1, 2.0), ("City", 9.0, 7.0)])
        .land("Island", [0.0, 0.0, 14.0, 9.0])
        .flow("Upper", "City", Some(10.0), None)
        .flow("Lower", "City", Some(30.0), None)
        .with(|s| {
            s.extent = Extent::Box([-1.0, -1.0, 16.0, 10.0]);
            s.windows = vec![WindowSpec {
                title: "enlarged".into(),
                extent: [1.7, 1.8, 2.5, 2.4],
                place: Some([0.52, 0.5, 0.44, 0.44]),
                region_labels: Vec::new(),
                base: None,
            }];
        });
    check("map-window", &world.draw(Method::Straight).scene);
}

/// A world with three villages close together and two towns.
fn villages() -> World {
    let places =
        [("North", 3.0, 5.2), ("East", 3.2, 5.0), ("South", 3.05, 4.85), ("Port", 15.0, 7.5), ("Mine", 12.0, 1.5)];
    World::of("Three villages", &places)
        .land("Island", [0.0, 0.0, 18.0, 10.0])
        .flow("North", "Port", Some(30.0), None)
        .flow("East", "Port", Some(10.0), None)
        .flow("South", "Mine", Some(20.0), None)
        .with(|s| s.extent = Extent::Box([-1.0, -1.0, 19.0, 11.0]))
}

/// Where the main map and its windows stand on the page.
fn panels(map: &Composition) -> Vec<kurbo::Rect> {
    map.look.as_ref().unwrap().panels.iter().map(|panel| panel.rect).collect()
}

/// The boxes of the windows, and where the places stand on the page that none of them shows.
fn boxes(map: &Composition) -> (Vec<kurbo::Rect>, Vec<kurbo::Point>) {
    let boxes: Vec<kurbo::Rect> = panels(map).split_off(1);
    let at = map.drawn.nodes.iter().map(|node| kurbo::Point::new(Mm(node.x).to_pt(), Mm(node.y).to_pt()));
    let outside = at.filter(|at| !boxes.iter().any(|rect| rect.contains(*at))).collect();
    (boxes, outside)
}

#[test]
fn places_that_crowd_each_other_are_magnified_where_the_map_is_empty() {
    let map = villages().with(|s| s.magnify = true).draw(Method::Od);
    let (boxes, outside) = boxes(&map);
    assert_eq!((boxes.len(), outside.len()), (1, 2), "one box for the villages, and the towns are not in it");
    assert!(outside.iter().all(|at| !boxes[0].inset(8.0).contains(*at)), "{boxes:?} {outside:?}");
    let score = flowatlas_layout::score(&map.drawn);
    assert_eq!((score.flow_on_node, score.labels.unwrap().labels), (0, 5));
    check("map-magnified", &map.scene);
}

#[test]
fn places_whose_symbols_touch_crowd_each_other_at_any_distance() {
    let found = |radius: f64| {
        let mut world = villages().with(|s| (s.magnify, s.sizes.place_radius) = (true, Some(Mm(radius))));
        (world.spec.width, world.spec.height) = (Mm(160.0), Some(Mm(120.0)));
        for (place, (x, y)) in world.atlas.places.iter_mut().zip([(3.0, 5.2), (3.6, 5.2), (3.3, 4.7)]) {
            place.at = coord! { x: x, y: y };
        }
        boxes(&world.draw(Method::Straight)).0.len()
    };
    assert_eq!([0.5, 2.0].map(found), [0, 1]);
}

#[test]
fn a_crowd_of_many_places_has_a_larger_box_where_the_frame_is_long() {
    let share = |count: usize, right: f64| {
        let names: Vec<String> = (0..count).map(|k| format!("V{k}")).collect();
        let village = |k: usize| (names[k].as_str(), 3.0 + 0.09 * (k % 3) as f64, 5.0 + 0.09 * (k / 3) as f64);
        let places: Vec<_> = (0..count).map(village).chain([("Port", right - 3.0, 7.5)]).collect();
        let world = World::of("Villages", &places).land("Island", [0.0, 0.0, right - 1.0, 10.0]);
        let world = (0..count).fold(world, |world, k| world.flow(&names[k], "Port", Some(9.0 - k as f64), None));
        let map = world
            .with(|s| (s.extent, s.magnify) = (Extent::Box([-1.0, -1.0, right, 11.0]), true))
            .draw(Method::Straight);
        let panels = panels(&map);
        assert_eq!(panels.len(), 2, "one box");
        assert!(panels[1].area() < 0.18 * panels[0].area());
        panels[1].width().max(panels[1].height()) / panels[0].height()
    };
    let [few, many] = [share(4, 29.0), share(9, 29.0)];
    assert!(few < 0.43 && many > 0.49 && share(9, 12.0) < many + 1e-9, "{few} {many}");
}

#[test]
fn places_with_room_are_not_magnified() {
    let world = || {
        World::of("Three towns", &[("A", 2.0, 2.0), ("B", 12.0, 3.0), ("C", 7.0, 7.0)])
            .land("Island", [0.0, 0.0, 14.0, 9.0])
            .flow("A", "B", Some(10.0), None)
            .flow("A", "C", Some(30.0), None)
    };
    assert_eq!(world().with(|s| s.magnify = true).draw(Method::Od).scene, world().draw(Method::Od).scene);
}

#[test]
fn a_window_without_a_box_keeps_off_places_and_other_windows() {
    let window = |title: &str, extent| WindowSpec {
        title: title.into(),
        extent,
        place: None,
        region_labels: Vec::new(),
        base: None,
    };
    let map = villages()
        .with(|s| {
            s.windows = vec![window("villages", [2.7, 4.7, 3.4, 5.4]), window("port", [14.8, 7.3, 15.2, 7.7])];
        })
        .draw(Method::Straight);
    let (boxes, outside) = boxes(&map);
    assert_eq!((boxes.len(), outside.len()), (2, 1));
    let frame = panels(&map)[0];
    assert!(boxes.iter().all(|rect| frame.contains_rect(*rect) && !rect.inset(8.0).contains(outside[0])), "{boxes:?}");
    assert!(boxes[0].intersect(boxes[1]).area() <= 0.0, "{boxes:?}");
}

#[test]
fn a_given_window_shows_all_of_its_extent_whatever_the_shape_of_its_box() {
    let window = |extent, place| WindowSpec {
        title: String::new(),
        extent,
        place: Some(place),
        region_labels: Vec::new(),
        base: None,
    };
    // The villages lie on the edges of what the window shows.
    for place in [[0.5, 0.05, 0.1, 0.6], [0.3, 0.05, 0.6, 0.1]] {
        let map = villages()
            .with(|s| s.windows = vec![window([3.0, 4.85, 3.2, 5.2], place), window([16.5, 9.0, 17.0, 9.5], place)])
            .draw(Method::Straight);
        assert_eq!(boxes(&map).1.len(), 2, "the villages are all in the window");
        assert_eq!(map.window_faults, [(1, WindowFault::Empty)]);
    }
    let far =
        |extent| villages().with(|s| s.windows = vec![window(extent, [0.5, 0.05, 0.1, 0.1])]).draw(Method::Straight);
    assert_eq!(far([40.0, 40.0, 42.0, 42.0]).window_faults, [(0, WindowFault::EmptyAndOff)]);
    assert_eq!(far([2.0, 4.0, 4.0, 6.0]).window_faults, []);
}

#[test]
fn flows_of_the_main_map_go_round_a_window_or_beneath_it() {
    let places = [("West", 1.0, 4.6), ("East", 17.0, 4.6), ("Village", 3.0, 0.5)];
    let window = WindowSpec {
        title: String::new(),
        extent: [2.5, 0.2, 3.5, 0.8],
        place: Some([0.4, 0.45, 0.2, 0.3]),
        region_labels: Vec::new(),
        base: None,
    };
    let world = World::of("A window in the way", &places)
        .land("Island", [0.0, 0.0, 18.0, 10.0])
        .flow("West", "East", Some(30.0), None)
        .flow("West", "Village", Some(10.0), None)
        .with(|s| (s.extent, s.windows) = (Extent::Box([-1.0, -1.0, 19.0, 11.0]), vec![window.clone()]));
    let straight = world.draw(Method::Straight);
    let layer = |map: &Composition, name: &str| {
        let named = |item: &Item| matches!(item, Item::Group(group) if group.name == name);
        map.scene.items.iter().position(named)
    };
    let beneath = layer(&straight, "flows-beneath").unwrap();
    assert!(beneath < layer(&straight, "windows").unwrap());
    assert!(layer(&straight, "windows") < layer(&straight, "flows"));
    let through = |map: &Composition| {
        let rect = panels(map)[1];
        let flow = map.drawn.flows.iter().find(|flow| flow.destination == "East").unwrap();
        flow.points.iter().any(|p| rect.contains(kurbo::Point::new(Mm(p[0]).to_pt(), Mm(p[1]).to_pt())))
    };
    let centre = panels(&straight)[1].center();
    let line = straight.drawn.flows.iter().find(|flow| flow.destination == "East").unwrap();
    assert!(panels(&straight)[1].contains((centre.x, Mm(line.points[0][1]).to_pt())), "the window is in the way");
    assert!(!through(&world.draw(Method::Od)));
}

#[test]
fn a_place_off_the_map_goes_by_its_flows_with_places_on_it() {
    // Both lie west of the town, and most moves are between them.
    let map = World::of("Two in the west", &[("Town", 6.0, 5.0), ("West", -40.0, 5.0), ("Farther", -80.0, 5.0)])
        .land("Island", [0.0, 0.0, 12.0, 9.0])
        .flow("West", "Farther", Some(90.0), None)
        .flow("Town", "West", Some(10.0), None)
        .with(|s| s.extent = Extent::Box([-1.0, -1.0, 13.0, 10.0]))
        .draw(Method::Straight);
    let at = |id: &str| map.drawn.nodes.iter().find(|node| node.id == id).unwrap().x;
    assert!(at("West") < at("Town") && at("Farther") < at("Town"));
}

#[test]
fn a_flow_to_a_place_off_the_map_ends_on_the_frame_towards_it() {
    // Straight west of the town, straight north of it, and on the map though it counts as off it.
    let places = [("Town", 6.0, 5.0), ("West", -40.0, 5.0), ("North", 6.0, 50.0), ("Sea", 10.0, 5.0)];
    let map = World::of("Three ways out", &places)
        .land("Island", [0.0, 0.0, 12.0, 9.0])
        .flow("Town", "West", Some(10.0), None)
        .flow("North", "Town", Some(20.0), None)
        .flow("Town", "Sea", Some(20.0), None)
        .with(|s| (s.extent, s.exits) = (Extent::Box([-1.0, -1.0, 13.0, 10.0]), vec!["Sea".into()]))
        .draw(Method::Straight);
    let frame = panels(&map)[0];
    let inside = |[x, y]: [f64; 2]| {
        let at = kurbo::Point::new(Mm(x).to_pt(), Mm(y).to_pt());
        [at.x - frame.x0, at.y - frame.y0, frame.x1 - at.x]
    };
    let ends: Vec<[f64; 3]> = map
        .drawn
        .flows
        .iter()
        .map(|flow| if flow.origin == "North" { flow.points[0] } else { *flow.points.last().unwrap() })
        .map(inside)
        .collect();
    let sides = [("West", 0), ("North", 1), ("Sea", 2)];
    for (name, side) in sides {
        let flow = map.drawn.flows.iter().position(|f| [&f.origin, &f.destination].contains(&&name.to_owned()));
        let gap = ends[flow.unwrap()][side];
        assert!((0.2..2.0).contains(&gap), "{name} ends {gap} pt inside the frame");
    }
}

#[test]
fn a_map_is_told_in_words_in_its_language() {
    let world = |language| {
        World::of("Words", &[("A", 2.0, 4.0), ("B", 12.0, 4.0), ("C", 7.0, 7.0)])
            .land("Island", [0.0, 0.0, 14.0, 8.0])
            .flow("A", "B", Some(600.0), None)
            .flow("C", "B", Some(300.0), None)
            .flow("B", "A", Some(60.0), None)
            .flow("C", "A", Some(40.0), None)
            .with(|s| s.language = language)
    };
    let told = |language| world(language).draw(Method::Straight).scene.description.replace('\u{202f}', " ");
    assert_eq!(
        told(Language::English),
        "A map of 4 flows between 3 places. The largest: A to B, 600 persons (60 %); C to B, 300 persons (30 %); \
         B to A, 60 persons (6 %). These three carry 96 % of what is shown. The largest origin is A (60 %), the \
         largest destination B (90 %). Shown: 4 of 4 flows, 100 % of 1,000 persons."
    );
    assert!(told(Language::Spanish).contains("El mayor origen es A (60 %), el mayor destino B (90 %)."));
    assert!(told(Language::French).contains("Ces trois portent 96 % de ce qui est représenté."));
}

#[test]
fn a_locator_lights_the_country_and_marks_the_frame() {
    let world = World::of("Where the island lies", &[("West", 2.0, 4.0), ("East", 12.0, 4.0)])
        .land("Island", [0.0, 0.0, 14.0, 8.0])
        .land("Mainland", [-30.0, -20.0, -12.0, 25.0])
        .flow("West", "East", Some(1000.0), None)
        .with(|s| s.locator = Some(LocatorSpec { extent: [-40.0, -30.0, 30.0, 35.0], width: Mm(20.0), base: None }));
    check("map-locator", &world.draw(Method::Straight).scene);
}

#[test]
fn a_locator_that_shows_a_part_of_the_map_marks_that_part_and_says_so() {
    let located = |extent: [f64; 4]| {
        World::of("", &[("West", 2.0, 4.0), ("East", 12.0, 4.0)])
            .flow("West", "East", Some(1000.0), None)
            .with(|s| s.locator = Some(LocatorSpec { extent, width: Mm(20.0), base: None }))
            .draw(Method::Straight)
    };
    let [whole, part, off] = [[-40.0, -30.0, 30.0, 35.0], [-30.0, -20.0, 8.0, 20.0], [-80.0, -30.0, -40.0, 20.0]];
    let lines = |extent: [f64; 4]| {
        let drawn = located(extent);
        let scene = format!("{:?}", drawn.scene.items.iter().find(|item| is_named(item, "locator")).unwrap());
        (drawn.locator_misses, scene.matches("ClosePath").count(), scene.matches("MoveTo").count())
    };
    let ((misses, ..), (cut, closed_cut, marks_cut), (gone, _, marks_gone)) = (lines(whole), lines(part), lines(off));
    assert_eq!((misses, cut, gone), (false, true, true));
    assert!(closed_cut < lines(whole).1 && marks_gone < marks_cut);
}

#[test]
fn a_locator_hides_no_place_and_is_left_out_where_it_would() {
    let drawn = |columns: u32, rows: u32| {
        let at = |k: u32| (f64::from(k % columns) * 2.0, f64::from(k / columns) * 1.5);
        let names: Vec<String> = (0..columns * rows).map(|k| format!("P{k}")).collect();
        let places: Vec<(&str, f64, f64)> =
            names.iter().zip(0..).map(|(name, k)| (name.as_str(), at(k).0, at(k).1)).collect();
        let world = (1..names.len())
            .fold(World::of("", &places), |world, k| world.flow(&names[k - 1], &names[k], Some(10.0), None));
        let locator = LocatorSpec { extent: [-40.0, -30.0, 30.0, 35.0], width: Mm(20.0), base: None };
        world.with(|s| s.locator = Some(locator)).draw(Method::Straight)
    };
    let is_located = |scene: &Scene| scene.items.iter().any(|item| is_named(item, "locator"));
    let (roomy, full) = (drawn(2, 2), drawn(8, 6));
    assert!(is_located(&roomy.scene) && !roomy.dropped_locator);
    assert!(!is_located(&full.scene) && full.dropped_locator);
}

fn is_named(item: &Item, name: &str) -> bool {
    matches!(item, Item::Group(group) if group.name == name || group.items.iter().any(|item| is_named(item, name)))
}

/// Returns four blocks with a place in each, shaded by a number of both signs; one has none.
fn shaded_world() -> World {
    let places = [("North", 3.0, 6.0), ("East", 9.0, 6.0), ("South", 9.0, 2.0), ("West", 3.0, 2.0)];
    let blocks = [[0.0, 4.0, 6.0, 8.0], [6.0, 4.0, 12.0, 8.0], [6.0, 0.0, 12.0, 4.0], [0.0, 0.0, 6.0, 4.0]];
    let numbers = [Some(-30.0), Some(24.0), None, Some(7.0)];
    let mut world = World::of("Brown, green, pale green; South without a number", &places)
        .flow("North", "East", Some(800.0), None)
        .flow("North", "South", Some(200.0), None)
        .flow("South", "West", Some(300.0), None)
        .with(|s| {
            let number =
                |(place, number): (&(&str, f64, f64), Option<f64>)| AreaNumber { region: place.0.into(), number };
            s.extent = Extent::Box([-0.5, -0.5, 18.0, 8.5]);
            s.height = Some(Mm(88.0));
            s.sizes.place_radius = Some(Mm(1.0));
            s.choropleth = Some(Choropleth {
                title: "net migration rate".into(),
                unit: "per 1,000 inhabitants".into(),
                numbers: places.iter().zip(numbers).map(number).collect(),
                classing: Classing::Jenks(Some(4)),
                ..Choropleth::default()
            });
        });
    for (place, corners) in world.atlas.places.iter_mut().zip(blocks) {
        place.area = Some(MultiPolygon(vec![block(corners)]));
    }
    world
}

#[test]
fn areas_are_shaded_beneath_the_flows() {
    check("map-choropleth", &shaded_world().draw(Method::Straight).scene);
}

#[test]
fn regions_of_the_base_map_stand_in_for_places_without_an_area() {
    let mut world = shaded_world();
    let shading = world.draw(Method::Straight).shading.unwrap();
    assert_eq!(
        (shading.classes.breaks.clone(), shading.counts.clone(), shading.missing),
        (vec![-20.0, 0.0, 20.0], vec![1, 0, 1, 1], 1)
    );
    for place in &mut world.atlas.places {
        let shape = place.area.take().unwrap();
        world.base.divisions.push(Region { id: place.id.clone(), name: place.name.clone(), shape });
    }
    assert_eq!(world.draw(Method::Straight).shading.as_ref(), Some(&shading));
    world.base.divisions.remove(0);
    assert_eq!(world.draw(Method::Straight).shading.unwrap().without_area, ["North"]);
}

#[test]
fn a_region_in_a_colour_of_its_own_is_named_where_its_name_is_wider() {
    let dropped = |highlight: &[&str]| {
        let mut world = World::of("", &[("A", 0.0, 0.0), ("B", 12.0, 8.0)]).flow("A", "B", Some(5.0), None);
        let shape = MultiPolygon(vec![block([7.0, 1.0, 8.0, 3.0])]);
        world.base.divisions.push(Region { id: "r".into(), name: "Region of the long name".into(), shape });
        world.spec.region_labels = vec!["r".into()];
        world.spec.highlight = highlight.iter().map(|id| (*id).to_owned()).collect();
        world.draw(Method::Straight).dropped_labels
    };
    assert_eq!(dropped(&["r"]), Vec::<String>::new());
    assert_eq!(dropped(&[]), ["Region of the long name"]);
}

#[test]
fn places_with_areas_have_borders_where_no_shade_shows_them() {
    let bordered = |shaded: bool| {
        let mut world = shaded_world().with(|s| s.place_borders = true);
        if !shaded {
            world.spec.choropleth = None;
            world.spec.title = "The areas of the four places have borders".into();
        }
        world.draw(Method::Straight)
    };
    check("map-borders", &bordered(false).scene);
    assert!(bordered(false).look.unwrap().bordered);
    assert_eq!(bordered(true).scene, shaded_world().draw(Method::Straight).scene);
}

#[test]
fn a_flow_across_the_far_side_leaves_at_one_edge_and_returns_at_the_other() {
    let places = [
        ("Honiara", 160.0, -9.4),
        ("Lima", -77.0, -12.0),
        ("London", 0.0, 51.5),
        ("Tokyo", 139.7, 35.7),
        ("Lagos", 3.4, 6.5),
    ];
    let world = World::of("The ways between Honiara and Lima are cut in two, side by side", &places)
        .land("Block", [-20.0, -35.0, 50.0, 35.0])
        .land("Chukotka", [165.0, 62.0, 180.0, 70.0])
        .flow("Honiara", "Lima", Some(10.0), None)
        .flow("Lima", "Honiara", Some(6.0), None)
        .flow("London", "Lagos", Some(10.0), None)
        .flow("London", "Tokyo", Some(5.0), None)
        .with(|s| s.projection = ProjectionChoice::Given("+proj=eqearth +lon_0=0".into()));
    let map = world.draw(Method::Arc);
    assert_eq!(map.courses[0].0.len(), 2, "the course is cut at the antimeridian");
    let score = flowatlas_layout::score(&map.drawn);
    assert_eq!((score.crossings, score.overlap_pct), (0, 0.0), "both ways are seen");
    check("map-antimeridian", &map.scene);
}

#[test]
fn names_that_find_no_room_are_reported_and_the_important_ones_win() {
    let mut places: Vec<(String, f64, f64)> = (0..40)
        .map(|k| (format!("A rather long name {k}"), 0.02 * f64::from(k % 8), 0.02 * f64::from(k / 8)))
        .collect();
    places.push(("Capital".into(), 0.07, 0.05));
    let named: Vec<(&str, f64, f64)> = places.iter().map(|(id, x, y)| (id.as_str(), *x, *y)).collect();
    let mut world = World::of("Crowded", &named);
    for (id, ..) in &named[..40] {
        world = world.flow("Capital", id, Some(1.0), None);
    }
    let map = world.draw(Method::Straight);
    assert!(!map.dropped_labels.is_empty());
    assert!(!map.dropped_labels.contains(&"Capital".to_owned()), "{:?}", map.dropped_labels);
    assert_eq!(map.dropped_labels.len() + map.drawn.labels.len(), 41, "every name is drawn or reported");
}

#[test]
fn nothing_but_the_legend_changes_when_all_weights_double() {
    let world = |factor: f64| {
        World::of("Doubled", &[("A", 0.0, 0.0), ("B", 10.0, 2.0), ("C", 4.0, 6.0)])
            .flow("A", "B", Some(64.0 * factor), None)
            .flow("B", "C", Some(16.0 * factor), None)
            .draw(Method::Arc)
    };
    assert_eq!(world(1.0).drawn.flows, world(2.0).drawn.flows);
    assert_eq!(world(1.0).drawn.nodes, world(2.0).drawn.nodes);
}

#[test]
fn ends_of_flows_touch_the_symbols_of_their_places() {
    let map = World::of("Ends", &[("A", 0.0, 0.0), ("B", 10.0, 2.0), ("C", 4.0, 6.0)])
        .flow("A", "B", Some(64.0), None)
        .flow("B", "C", Some(16.0), None)
        .flow("C", "A", Some(4.0), None)
        .draw(Method::Arc);
    for flow in &map.drawn.flows {
        for (id, end) in [(&flow.origin, flow.points[0]), (&flow.destination, *flow.points.last().unwrap())] {
            let node = map.drawn.nodes.iter().find(|n| n.id == *id).unwrap();
            let distance = libm::hypot(end[0] - node.x, end[1] - node.y);
            assert!((distance - node.r).abs() < 0.5, "{id}: {distance} mm from the centre, radius {} mm", node.r);
        }
    }
}

#[test]
fn flows_within_a_place_are_rings_where_the_map_asks_for_them() {
    let world = World::of("Two rings, one wide and one thin", &[("A", 0.0, 0.0), ("B", 10.0, 2.0)])
        .flow("A", "B", Some(100.0), None)
        .flow("A", "A", Some(60.0), None)
        .flow("B", "B", Some(15.0), None)
        .with(|s| s.self_flows = SelfFlows::Rings);
    check("map-rings", &world.draw(Method::Straight).scene);
}

#[test]
fn a_ring_is_as_wide_as_a_flow_of_its_weight_and_none_is_wider_than_the_style_allows() {
    let drawn = |flow: f64, within: f64| {
        let world = World::of("A ring", &[("A", 0.0, 0.0), ("B", 10.0, 2.0)]).flow("A", "B", Some(flow), None);
        let map =
            world.flow("A", "A", Some(within), None).with(|s| s.self_flows = SelfFlows::Rings).draw(Method::Straight);
        (map.drawn.flows[0].width, map.drawn.nodes[0].r)
    };
    let ((widest, _), (flow, ringed)) = (drawn(300.0, 1.0), drawn(120.0, 300.0));
    assert!((flow / widest - 0.4).abs() < 1e-9, "{flow} of {widest}");
    assert!(ringed > widest && ringed < 2.0 * widest, "a symbol of {ringed} mm with a ring of {widest}");
}

#[test]
fn a_legend_says_so_where_no_flow_has_a_number_and_shows_no_fraction_of_a_person() {
    let world = |weight: Option<f64>| {
        let places = [("A", 0.0, 0.0), ("B", 10.0, 2.0), ("C", 4.0, 8.0)];
        let world = World::of("Few", &places).flow("A", "B", weight, None).flow("B", "C", weight, None);
        let map = world.draw(Method::Straight);
        texts(&map.scene).iter().map(|text| text.content.clone()).collect::<Vec<String>>()
    };
    let (without, few) = (world(None), world(Some(3.0)));
    assert!(without.iter().any(|words| words.contains("without a number")), "{without:?}");
    assert!(few.contains(&"5".to_owned()) && few.iter().all(|words| !words.starts_with("0.")), "{few:?}");
}

#[test]
fn a_fixed_course_runs_as_the_cartographer_wishes() {
    let through = [5.0, 4.0];
    let world = World::of("Fixed", &[("A", 0.0, 0.0), ("B", 10.0, 0.0), ("C", 5.0, 6.0)])
        .flow("A", "B", Some(100.0), None)
        .flow("B", "C", Some(60.0), None)
        .with(|s| {
            s.projection = ProjectionChoice::Given("+proj=eqc".into());
            s.courses = vec![FixedCourse {
                origin: "A".into(),
                destination: "B".into(),
                kind: None,
                bend: Bend::Through(through),
            }];
        });
    let map = world.draw(Method::Od);
    let nearest = Euclidean.distance(&geo::Point::from((through[0], through[1])), &map.courses[0].0[0]);
    assert!(nearest < 0.01, "the course passes {nearest} degrees away");
}

#[test]
fn uncertain_flows_are_hollow_or_dashed_and_in_the_legend() {
    let ends = [("Port", 3.0, 4.0), ("Mine", 12.0, 7.0), ("Farm", 12.5, 3.5), ("Hill", 11.0, 0.5)];
    let world = World::of("Two of three are estimates", &ends)
        .land("Island", [0.0, -1.0, 14.0, 9.0])
        .flow("Mine", "Port", Some(2000.0), None)
        .flow("Farm", "Port", Some(900.0), None)
        .flow("Hill", "Port", Some(20.0), None)
        .with(|s| s.uncertain = Some(Uncertain { links: BTreeSet::from([1, 2]), label: "estimate".into() }));
    let map = world.draw(Method::Straight);
    check("map-uncertain", &map.scene);
    assert_eq!(looks_in_legend(&map.scene.items), (1, 1), "one hollow and one dashed sample");
}

/// How many hollow and how many dashed lines the legend has.
fn looks_in_legend(items: &[Item]) -> (usize, usize) {
    let legend = items.iter().find_map(|item| match item {
        Item::Group(group) if group.name == "legend" => Some(&group.items),
        _ => None,
    });
    let shapes =
        || legend.unwrap().iter().filter_map(|item| if let Item::Path(shape) = item { Some(shape) } else { None });
    let dashed = shapes().filter(|shape| shape.stroke.as_ref().is_some_and(|stroke| !stroke.dash.is_empty()));
    let hollow = shapes().filter(|shape| shape.stroke.as_ref().is_some_and(|stroke| stroke.dash.is_empty()));
    (hollow.count(), dashed.count())
}

#[test]
fn circles_with_halves_tell_out_and_in() {
    let ends = [("West", 2.0, 4.0), ("East", 12.0, 5.0), ("South", 7.0, 0.5), ("North", 7.0, 8.0)];
    let world = World::of("Out to the left, in to the right", &ends)
        .land("Island", [0.0, -1.0, 14.0, 9.0])
        .flow("West", "East", Some(1000.0), None)
        .flow("East", "South", Some(400.0), None)
        .flow("South", "North", Some(90.0), None)
        .with(|s| s.circles = Circles::InOut);
    check("map-half-circles", &world.draw(Method::Straight).scene);
}

#[test]
fn halves_that_are_asked_for_stand_around_a_hub_too() {
    let world = World::of("Around a hub", &[("Hub", 6.0, 4.0), ("East", 13.0, 5.0), ("West", 0.0, 3.0)])
        .flow("Hub", "East", Some(1200.0), None)
        .flow("West", "Hub", Some(300.0), None);
    let map = world.with(|s| s.circles = Circles::InOut).draw(Method::Straight);
    let radius = |id: &str| map.drawn.nodes.iter().find(|node| node.id == id).unwrap().r;
    assert!(radius("East") > radius("West") + 0.1, "the places differ");
    assert!(matches!(map.look.unwrap().symbols, Symbols::ByTotal { halves: Some(_), .. }));
}

/// The middle of words on the page in millimetres, where they stand level.
fn written(items: &[Item], words: &str) -> Option<[f64; 2]> {
    items.iter().find_map(|item| match item {
        Item::Group(group) => written(&group.items, words),
        Item::Text(text) if text.content == words => {
            let (x, y) = (text.origin.x + text.advance / 2.0, text.origin.y - 0.36 * text.size);
            Some([x, y].map(|points| Mm::from_pt(points).0))
        }
        _ => None,
    })
}

/// Where the leader of words on the page starts, in millimetres; nothing for words without one.
fn led_from(items: &[Item], words: &str) -> Option<[f64; 2]> {
    let is_words = |item: &Item| matches!(item, Item::Text(text) if text.content == words);
    if !items.iter().any(is_words) {
        return items
            .iter()
            .find_map(|item| if let Item::Group(group) = item { led_from(&group.items, words) } else { None });
    }
    items.iter().find_map(|item| match item {
        Item::Path(leader) => match leader.path.elements().first() {
            Some(kurbo::PathEl::MoveTo(start)) => Some([start.x, start.y].map(|points| Mm::from_pt(points).0)),
            _ => None,
        },
        _ => None,
    })
}

#[test]
fn a_number_stands_nearest_to_its_own_flow() {
    // Two flows so short that their numbers do not fit along them, and that part at a small angle.
    let world = World::of("Near", &[("Hub", 0.0, 0.0), ("Up", 0.9, 0.5), ("Down", 0.9, -0.4), ("Far", 14.0, 9.0)])
        .land("Island", [-3.0, -4.0, 16.0, 12.0])
        .flow("Hub", "Up", Some(71_251.0), None)
        .flow("Hub", "Down", Some(21_358.0), None)
        .flow("Hub", "Far", Some(100.0), None)
        .with(|s| s.values = 2);
    let map = world.draw(Method::Straight);
    assert!(led_from(&map.scene.items, "21,358").is_some(), "there is no room for it but at the end of a leader");
    let middle = |id: &str| {
        let flow = map.drawn.flows.iter().find(|flow| flow.destination == id).unwrap();
        let [first, .., last] = flow.points.as_slice() else { panic!("a flow has two points") };
        [0, 1].map(|k| (first[k] + last[k]) / 2.0)
    };
    for (words, own, other) in [("71,251", "Up", "Down"), ("21,358", "Down", "Up")] {
        let Some(at) = led_from(&map.scene.items, words).or_else(|| written(&map.scene.items, words)) else {
            assert!(map.dropped_labels.contains(&words.to_owned()), "{words} is neither drawn nor reported");
            continue;
        };
        let away = |id: &str| (0..2).map(|k| (middle(id)[k] - at[k]).powi(2)).sum::<f64>();
        assert!(away(own) < away(other), "{words} stands nearer to the flow to {other}");
    }
}

#[test]
fn groups_have_colours_and_circles_the_size_of_a_number() {
    let ends = [("West", 2.0, 4.0), ("Port", 4.5, 7.0), ("East", 12.0, 5.0), ("South", 10.0, 0.5), ("Rock", 7.0, 2.5)];
    let words = |groups: &[&str]| groups.iter().map(|g| Some((*g).to_owned()).filter(|g| !g.is_empty())).collect();
    let world = World::of("Two regions and a rock of none", &ends)
        .land("Island", [0.0, -1.0, 14.0, 9.0])
        .flow("West", "Port", Some(1000.0), None)
        .flow("East", "South", Some(800.0), None)
        .flow("West", "East", Some(500.0), None)
        .flow("Rock", "West", Some(90.0), None)
        .with(|s| {
            let numbers = [0.02, 0.0, 0.08, 0.01, 0.0].map(Some).to_vec();
            s.size = Some(SizeWish { title: "betweenness".into(), numbers });
            s.groups = Some(GroupWish { title: "region".into(), groups: words(&["2", "2", "10", "10", ""]) });
        });
    check("map-groups", &world.draw(Method::Straight).scene);
}

#[test]
fn a_map_without_flows_explains_what_it_shows_of_its_places_and_no_lines() {
    let words_on = |world: &World| -> Vec<String> {
        texts(&world.draw(Method::Straight).scene).into_iter().map(|text| text.content.clone()).collect()
    };
    let said = |words: &[String], word: &str| words.iter().any(|said| said == word);
    let mut shaded = shaded_world();
    shaded.flows.clear();
    let shades = words_on(&shaded);
    assert!(said(&shades, "Net migration rate") && !said(&shades, "Persons"), "{shades:?}");
    let grouped = World::of("Two groups", &[("West", 1.0, 4.0), ("East", 12.0, 4.0)]).with(|s| {
        s.size = Some(SizeWish { title: "output".into(), numbers: vec![Some(2.0), Some(8.0)] });
        s.groups = Some(GroupWish { title: "region".into(), groups: vec![Some("coast".into()), Some("hills".into())] });
    });
    let groups = words_on(&grouped);
    assert!(["Region", "coast", "hills"].iter().all(|word| said(&groups, word)), "{groups:?}");
    assert!(groups.iter().any(|word| word.contains("output")) && !said(&groups, "Persons"), "{groups:?}");
    let bare = words_on(&World::of("Nothing to explain", &[("West", 1.0, 4.0), ("East", 12.0, 4.0)]));
    assert!(!said(&bare, "Persons"), "{bare:?}");
}

/// Places that stand too close for their names, and one far away that all of them send to.
fn crowd() -> World {
    let names =
        ["Ambohimanga", "Beroroha", "Fandriana", "Ihosy-Avaratra", "Kianjasoa", "Mandoto", "Sakaraha", "Tsivory"];
    let spot = |k: usize| (2.0 + 0.25 * (k % 4) as f64, 4.0 + 0.3 * (k / 4) as f64);
    let mut places: Vec<(&str, f64, f64)> = names.iter().enumerate().map(|(k, n)| (*n, spot(k).0, spot(k).1)).collect();
    places.push(("Capital", 13.0, 4.5));
    let world = World::of("Eight names for one spot", &places).land("Island", [0.0, -1.0, 15.0, 10.0]);
    names.iter().fold(world, |world, name| world.flow(name, "Capital", Some(100.0), None))
}

#[test]
fn names_without_room_stand_at_the_end_of_a_leader() {
    let map = crowd().draw(Method::Straight);
    assert_eq!(map.dropped_labels, Vec::<String>::new());
    let score = flowatlas_layout::score(&map.drawn).labels.unwrap();
    assert_eq!((score.labels, score.labels_on_labels, score.labels_on_nodes), (9, 0, 0));
    check("map-leaders", &map.scene);
}
