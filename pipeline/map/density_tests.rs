use super::*;

const SIZE: [usize; 2] = [120, 90];

/// Lines all over a page and beyond its edges, in two layers.
fn lines() -> Vec<Line> {
    let at = |k: u64| Point::new((k * 37 % 160) as f64 - 20.3, (k * 53 % 130) as f64 - 20.7);
    (0..200).map(|k| Line { from: at(k), to: at(3 * k + 7), layer: (k % 2) as usize, weight: 1 + k % 5 }).collect()
}

fn total(sums: &Sums) -> u64 {
    sums.cells.iter().sum()
}

#[test]
fn the_order_of_lines_and_the_bands_change_nothing() {
    let forwards = Sums::of(&lines(), 2, SIZE);
    let backwards: Vec<Line> = lines().into_iter().rev().collect();
    assert_eq!(forwards.cells, Sums::of(&backwards, 2, SIZE).cells);
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(forwards.cells, alone.install(|| Sums::of(&lines(), 2, SIZE)).cells);
}

#[test]
fn sums_of_all_lines_are_those_of_each_line_together() {
    let each: u64 = lines().iter().map(|line| total(&Sums::of(std::slice::from_ref(line), 2, SIZE))).sum();
    assert_eq!(total(&Sums::of(&lines(), 2, SIZE)), each);
    let doubled: Vec<Line> = lines().into_iter().map(|l| Line { weight: 2 * l.weight, ..l }).collect();
    assert_eq!(total(&Sums::of(&doubled, 2, SIZE)), 2 * each);
}

#[test]
fn a_line_covers_one_pixel_in_each_step_along_its_longer_side() {
    let ways = [[(5.0, 40.2), (105.0, 60.9)], [(50.4, 3.0), (31.7, 83.0)], [(10.0, 10.0), (80.0, 80.0)]];
    for [from, to] in ways.map(|way| way.map(Point::from)) {
        let line = Line { from, to, layer: 1, weight: 7 };
        let sums = Sums::of(&[line], 2, SIZE);
        let steps = (to.x - from.x).abs().max((to.y - from.y).abs()).round() as u64;
        assert_eq!(total(&sums), 7 * PARTS * steps, "{from:?} to {to:?}");
        assert!((0..SIZE[0] * SIZE[1]).all(|p| sums.at(p).next() == Some(0)), "the other layer is empty");
    }
}

#[test]
fn what_passes_is_denser_and_keeps_the_colour_of_the_strongest_kind() {
    let (blue, red) = (Color { r: 0, g: 0, b: 200, a: 255 }, Color { r: 200, g: 0, b: 0, a: 255 });
    let tones = Tones { least: 10.0, most: 10_000.0 };
    let of = |a: u64, b: u64| tones.color([(a, &blue), (b, &red)].into_iter());
    assert_eq!(of(0, 0), [0; 4]);
    assert_eq!(of(50, 0)[..3], [0, 0, 200]);
    assert!(of(5_000, 0)[3] > of(500, 0)[3] && of(500, 0)[3] > of(50, 0)[3]);
    let mixed = of(900, 300);
    assert!(mixed[2] > 190 && mixed[0] < 10, "{mixed:?}");
    assert_eq!(of(900, 300)[3], of(300, 900)[3], "the tone tells of the sum alone");
}
