// Builds the base map files from the packages that make.sh has fetched.
// Every file is a GeoJSON FeatureCollection after RFC 7946 with one feature per line and the
// properties id, name, kind (country, division, lake) and country, countries before divisions.
import fs from "node:fs";
import path from "node:path";
import mapshaper from "mapshaper";
import iso from "i18n-iso-countries";
import { feature } from "topojson-client";
import { geoEquirectangular } from "d3-geo";
import { geoProject } from "d3-geo-projection";

const out = process.argv[2];
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

// One feature per ISO 3166-1 code. What Natural Earth draws apart and ISO does not know goes to the
// country that ISO files it under; Kosovo has the user-assigned code XKX; the Siachen Glacier,
// which two countries claim, stays apart. Reefs and banks without a code are left out.
const WITHOUT_ISO_CODE = {
  "N. Cyprus": "CYP", "Cyprus U.N. Buffer Zone": "CYP", Somaliland: "SOM", Baikonur: "KAZ",
  "USNB Guantanamo Bay": "CUB", Dhekelia: "GBR", Akrotiri: "GBR", "Indian Ocean Ter.": "AUS",
  "Clipperton I.": "FRA", Kosovo: "XKX", "Siachen Glacier": "KAS",
};

// English names where neither Natural Earth's abbreviation nor ISO's inverted form is fit for a map.
const NAMES = {
  XKX: "Kosovo", KAS: "Siachen Glacier", GUF: "French Guiana", ESH: "Western Sahara", COD: "Democratic Republic of the Congo",
  COG: "Congo", SWZ: "Eswatini", MKD: "North Macedonia", BIH: "Bosnia and Herzegovina",
  CAF: "Central African Republic", DOM: "Dominican Republic", GNQ: "Equatorial Guinea", SSD: "South Sudan",
  FLK: "Falkland Islands", TUR: "Türkiye", CPV: "Cabo Verde", PSE: "Palestine", FRO: "Faroe Islands",
  USA: "United States", VGB: "British Virgin Islands", VIR: "United States Virgin Islands",
  BLM: "Saint Barthélemy", MAF: "Saint Martin", STP: "São Tomé and Príncipe",
  ATF: "French Southern and Antarctic Lands", SGS: "South Georgia and the South Sandwich Islands",
  HKG: "Hong Kong", MAC: "Macao", SHN: "Saint Helena", UMI: "United States Minor Outlying Islands",
  SXM: "Sint Maarten", IOT: "British Indian Ocean Territory", FSM: "Micronesia", PCN: "Pitcairn Islands",
};

const countryName = (id, source) =>
  NAMES[id] ?? (/\./.test(source) ? iso.getName(id, "en") : source);

const country = (id, source, geometry) => ({
  type: "Feature",
  properties: { id, name: countryName(id, source), kind: "country", country: id },
  geometry,
});

// world-atlas joins polygons across the antimeridian; a map in degrees needs them cut there. The
// others are left alone: d3 takes an island that quantisation has turned inside out for the rest of the globe.
const planar = geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).reflectY(true).precision(0);

const crosses = (geometry) => [geometry.coordinates].flat(geometry.type === "Polygon" ? 1 : 2)
  .some((ring) => ring.some(([x], i) => i > 0 && Math.abs(x - ring[i - 1][0]) > 180));
const cut = (geometry) => (crosses(geometry) ? geoProject(geometry, planar) : geometry);

function worldCountries(scale) {
  const topology = read(`node_modules/world-atlas/countries-${scale}.json`);
  return feature(topology, topology.objects.countries).features.flatMap((f) => {
    const name = f.properties.name;
    const id = f.id ? iso.numericToAlpha3(f.id) : WITHOUT_ISO_CODE[name];
    return id ? [country(id, f.id ? name : iso.getName(id, "en") ?? name, cut(f.geometry))] : [];
  });
}

const divisionTable = new Map(
  fs.readFileSync(path.join(out, "divisions.csv"), "utf8").trim().split("\n").slice(1)
    .map((line) => line.split(","))
    .map(([owner, source, id, name]) => [`${owner}/${source}`, { id, name }]),
);

// Natural Earth's first-level divisions of the countries in `owners`; only those listed in
// divisions.csv keep an id, the others serve to draw the outline of their country. French Guiana, a
// division of France there, is filed under its own ISO code.
function naturalEarthDivisions(owners) {
  return read("divisions.json").features.flatMap((f) => {
    const { adm0_a3, name, admin } = f.properties;
    const owner = name === "Guyane française" ? "GUF" : adm0_a3;
    if (!owners.includes(owner)) return [];
    const known = divisionTable.get(`${owner}/${name}`) ?? { id: "", name: "" };
    const properties = { ...known, owner, admin: countryName(owner, admin) };
    return [{ type: "Feature", geometry: f.geometry, properties }];
  });
}

const collection = (features) => ({ type: "FeatureCollection", features });

async function shape(features, commands, precision) {
  const result = await mapshaper.applyCommands(
    `-i in.json -clean ${commands} -o out.json format=geojson precision=${precision} combine-layers fix-geometry`,
    { "in.json": collection(features) },
  );
  return JSON.parse(result["out.json"]).features;
}

// Antarctica's edge along the pole would otherwise be one segment from 180 to -180 degrees, which a
// reader may take for a crossing of the antimeridian.
function splitLongSegments(ring) {
  return ring.flatMap(([x, y], i) => {
    const [x0, y0] = ring[Math.max(i - 1, 0)];
    const parts = Math.ceil(Math.abs(x - x0) / 90) || 1;
    return Array.from({ length: parts }, (_, k) => k + 1)
      .map((k) => (k === parts ? [x, y] : [x0 + ((x - x0) * k) / parts, y0 + ((y - y0) * k) / parts]));
  });
}

function splitRings({ type, coordinates }) {
  const polygon = (rings) => rings.map(splitLongSegments);
  return { type, coordinates: type === "Polygon" ? polygon(coordinates) : coordinates.map(polygon) };
}

function write(file, features) {
  const rank = { country: 0, division: 1, lake: 2 };
  const key = (f) => `${rank[f.properties.kind]} ${f.properties.id}`;
  const lines = features
    .filter((f) => f.geometry)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ properties: { id, name, kind, country }, geometry }) =>
      JSON.stringify({ type: "Feature", properties: { id, name, kind, country }, geometry: splitRings(geometry) }));
  fs.writeFileSync(path.join(out, file), `{"type":"FeatureCollection","features":[\n${lines.join(",\n")}\n]}\n`);
}

const DISSOLVE = "-dissolve id copy-fields=name,kind,country";

async function world(file, scale, simplify, precision) {
  write(file, await shape(worldCountries(scale), `${DISSOLVE} ${simplify}`, precision));
}

// Divisions of `shown` and the outlines of all `owners`, dissolved from the same lines.
async function divided(file, owners, shown, simplify) {
  const list = JSON.stringify(shown).replaceAll('"', "'");
  write(file, await shape(naturalEarthDivisions(owners), `
    ${simplify}
    -filter + name=parts "id != '' && ${list}.includes(owner)"
    -dissolve id copy-fields=name,owner -each "kind='division', country=owner"
    -target in
    -dissolve owner copy-fields=admin -each "id=owner, name=admin, kind='country', country=owner"
    -target in,parts`.replaceAll("\n", " "), 0.0001));
}

const SOUTH_AMERICA = ["PER", "ECU", "COL", "BRA", "BOL", "CHL", "ARG", "PRY", "URY", "VEN", "GUY", "SUR", "GUF", "FLK", "PAN", "CRI", "NIC"];
const NORTH_AMERICA = ["USA", "MEX", "CAN", "GTM", "BLZ", "SLV", "HND", "NIC", "CRI", "PAN", "CUB", "JAM", "HTI", "DOM",
  "BHS", "PRI", "TCA", "CYM", "VIR", "VGB", "AIA", "ATG", "KNA", "MSR", "DMA", "LCA", "VCT", "BRB", "GRD", "TTO", "CUW", "ABW",
  "GRL", "COL", "VEN", "GUY", "BMU", "SPM"];

async function mediterranean() {
  write("mediterranean.geojson", await shape(worldCountries("10m"), `
    ${DISSOLVE} -explode -filter "id == 'GRL' || this.bounds[2] > -32" -clip bbox=-75,-40,75,84
    -simplify weighted interval=2000 keep-shapes -filter-islands min-area=40km2 ${DISSOLVE} -clean`.replaceAll("\n", " "), 0.001));
}

async function california() {
  const topology = read("node_modules/us-atlas/counties-10m.json");
  const part = (f, id) => ({ type: "Feature", geometry: f.geometry,
    properties: { id, name: f.properties.name, kind: "division", country: "USA" } });
  const counties = feature(topology, topology.objects.counties).features
    .filter((f) => f.id.startsWith("06")).map((f) => part(f, `US-${f.id}`));
  const states = feature(topology, topology.objects.states).features
    .map((f) => part(f, divisionTable.get(`USA/${f.properties.name}`)?.id))
    .filter((f) => ["US-OR", "US-NV", "US-ID", "US-AZ", "US-UT"].includes(f.properties.id));
  write("california.geojson", await shape([...counties, ...states], "", 0.0001));
}

async function zacatecas() {
  const near = ["ZAC", "JAL", "AGU", "SLP", "NLE", "COA", "DUR", "GUA", "NAY", "SIN", "QUE", "MIC", "COL", "TAM"].map((c) => `MX-${c}`);
  const states = naturalEarthDivisions(["MEX"]).filter((f) => near.includes(f.properties.id))
    .map((f) => ({ ...f, properties: { ...f.properties, kind: "division", country: "MEX" } }));
  write("zacatecas.geojson", await shape(states, "-filter-islands min-area=20km2", 0.0001));
}

// The large lakes of Natural Earth 1:50m as the R package maps packs them, with the country that has
// the largest share of the shore. Superior, Michigan and Huron are one water surface there.
const LAKES = {
  "Great Lakes:Superior, Huron, Michigan": ["Great Lakes", "USA"], "Great Lakes:Erie": ["Lake Erie", "USA"],
  "Great Lakes:Ontario": ["Lake Ontario", "CAN"], "Lake St. Clair": ["Lake Saint Clair", "CAN"],
  "Lake Winnipeg": ["Lake Winnipeg", "CAN"], "Great Slave Lake": ["Great Slave Lake", "CAN"],
  "Great Bear Lake": ["Great Bear Lake", "CAN"], "Great Salt Lake": ["Great Salt Lake", "USA"],
  "Lago de Nicaragua": ["Lago de Nicaragua", "NIC"], "Lago Titicaca": ["Lago Titicaca", "PER"],
  "Lake Chad": ["Lake Chad", "TCD"], "Lake Victoria": ["Lake Victoria", "TZA"],
  "Lake Tanganyika": ["Lake Tanganyika", "TZA"], "Lake Malawi": ["Lake Malawi", "MWI"],
  "Lake Ladoga": ["Lake Ladoga", "RUS"], "Lake Onega": ["Lake Onega", "RUS"], Vanern: ["Vänern", "SWE"],
};

// Rings of the binary lakes.L: a count, then per ring the offset and number of its points and its id,
// then the points as pairs of 32-bit floats in radians. lakes.N gives the name of each id.
function lakeRings() {
  const folder = "usr/lib/R/site-library/maps/mapdata";
  const bytes = fs.readFileSync(`${folder}/lakes.L`);
  const names = fs.readFileSync(`${folder}/lakes.N`, "utf8").trim().split("\n").map((line) => line.split("\t"));
  const nameOf = new Map(names.map(([name, id]) => [Number(id), name]));
  const degrees = (at) => (bytes.readFloatLE(at) * 180) / Math.PI;
  return Array.from({ length: bytes.readInt32LE(4) }, (_, i) => {
    const [start, points, id] = [0, 4, 8].map((field) => bytes.readInt32LE(8 + 28 * i + field));
    const ring = Array.from({ length: points }, (_, k) => [degrees(start + 8 * k), degrees(start + 8 * k + 4)]);
    return { name: nameOf.get(id), ring };
  });
}

function inside(ring, [x, y]) {
  let odd = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) odd = !odd;
  });
  return odd;
}

async function lakes() {
  const rings = lakeRings();
  const features = Object.entries(LAKES).map(([source, [name, owner]]) => {
    const shore = rings.find((r) => r.name === source).ring;
    const islands = rings.filter((r) => r.ring !== shore && inside(shore, r.ring[0])).map((r) => r.ring);
    const id = name.toLowerCase().normalize("NFD").replace(/[^a-z ]/g, "").replaceAll(" ", "-");
    return { type: "Feature", properties: { id, name, kind: "lake", country: owner },
      geometry: { type: "Polygon", coordinates: [shore, ...islands] } };
  });
  write("lakes.geojson", await shape(features, "", 0.001));
}

await world("world.geojson", "110m", "", 0.01);
await world("world-50m.geojson", "50m", "-simplify weighted interval=4000 keep-shapes", 0.001);
await divided("andes.geojson", SOUTH_AMERICA, ["PER"], "-simplify weighted interval=1500 keep-shapes -filter-islands min-area=20km2");
await divided("north-america.geojson", NORTH_AMERICA, ["USA", "MEX"], "-simplify weighted interval=4000 keep-shapes -filter-islands min-area=60km2");
await mediterranean();
await california();
await zacatecas();
await lakes();
