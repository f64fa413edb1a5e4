//! Names and columns that break whatever takes text for something else.

/// A path with a space and accents.
pub const FILE: &str = "año nuevo/mapa ñandú.gpkg";

/// Names that hold markup, quotes, the end of a CDATA section, a line break, SQL, a change of direction, an emoji.
pub const NAMES: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"double\" and 'single'",
    "]]> &amp; <![CDATA[",
    "two\nlines",
    "'); DROP TABLE flows;--",
    "\u{202e}backwards\u{202c}",
    "C:\\new\\table %s {0} [% 1+1 %]",
    "\u{1f30d} Ñandú 北京",
    "  spaces  ",
];

/// Returns places of these names, one of them 10,000 letters long, with columns that databases use themselves.
pub fn places() -> String {
    let long = "x".repeat(10_000);
    let names = NAMES.iter().copied().chain([long.as_str()]);
    let row = |(k, name): (usize, &str)| format!("p{k},{},{},{},{k},\"geometry {k}\",{k}\n", quoted(name), 10 * k, k);
    let rows: String = names.enumerate().map(row).collect();
    format!("id,name,lon,lat,fid,geom,ID\n{rows}")
}

/// Returns flows from the first place to all others, with such columns too.
pub fn flows() -> String {
    let row = |k: usize| format!("p0,p{k},{},{},{k},{k},g\n", 10 * k, quoted(NAMES[k % NAMES.len()]));
    let rows: String = (1..=NAMES.len()).map(row).collect();
    format!("origin,dest,count,kind,fid,id,geom\n{rows}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
