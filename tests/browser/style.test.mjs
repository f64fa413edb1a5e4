// The style for web maps in a real one: valid by MapLibre's own check, drawn by MapLibre GL JS in Debian's Chromium, with every flow
// and place where it lies, and nothing loaded from elsewhere.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { chromium } from "playwright-core";

const folder = mkdtempSync(join(tmpdir(), "flowatlas style "));
const hostile = `<img src=x onerror="alert(1)">&"'\u202e]]> a`;
writeFileSync(join(folder, "places.csv"), `id,name,lon,lat\na,"${hostile.replaceAll('"', '""')}",-5,40\nb,Bō,2,48\nc,Cádiz,-6,36\n`);
writeFileSync(join(folder, "flows.csv"), "origin,dest,count,kind\na,b,900,work\nb,a,300,work\na,c,,study\nc,b,20,\n");
execFileSync(process.env.FLOWATLAS, ["export", "places.csv", "flows.csv", "-o", "map.style.json"], { cwd: folder, stdio: "ignore" });
const style = JSON.parse(readFileSync(join(folder, "map.style.json"), "utf8"));

const library = "node_modules/maplibre-gl/dist/";
const html = `<!doctype html><div id="map" style="width:800px;height:600px"></div><script type="module">
  import { Map } from "./maplibre-gl.mjs";
  const map = new Map({ container: "map", style: "./style", fadeDuration: 0, attributionControl: false });
  window.faults = [];
  map.on("error", (event) => faults.push(event.error.message));
  map.on("idle", () => { window.atlas = map; });
</script>`;
const server = createServer((request, response) => {
  const name = request.url.split("?")[0].slice(1);
  const [type, body] = name === "" ? ["text/html", html]
    : name === "style" ? ["application/json", JSON.stringify(style)]
    : /^maplibre-gl[a-z-]*\.mjs$/.test(name) ? ["text/javascript", readFileSync(library + name)] : ["text/plain", ""];
  response.writeHead(200, { "content-type": type }).end(body);
});

let browser;
let page;
const elsewhere = [];
before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const home = `http://127.0.0.1:${server.address().port}/`;
  // Without a graphics card Chromium draws WebGL in software, which it has to be allowed.
  const quiet = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
  page = await browser.newPage({ viewport: { width: 820, height: 620 } });
  page.on("request", (request) => request.url().startsWith(home) || request.url().startsWith("blob:") || elsewhere.push(request.url()));
  await page.goto(home);
  await page.waitForFunction("window.atlas", undefined, { timeout: 60_000 });
});
after(async () => {
  await browser.close();
  server.close();
});

test("the style is valid and names no address", () => {
  assert.deepEqual(validateStyleMin(style), []);
  assert.equal(style.glyphs ?? style.sprite, undefined);
});

test("a style of groups is valid too", () => {
  execFileSync(process.env.FLOWATLAS, ["export", "places.csv", "flows.csv", "-o", "groups.style.json", "--color-by", "name"], { cwd: folder, stdio: "ignore" });
  const groups = JSON.parse(readFileSync(join(folder, "groups.style.json"), "utf8"));
  assert.deepEqual(validateStyleMin(groups), []);
  assert.equal(groups.layers.find((layer) => layer.id === "places").paint["circle-color"][0], "match");
});

test("every flow, head and place is drawn, and nothing is loaded from elsewhere", async () => {
  const drawn = (prefix) => page.evaluate((prefix) => {
    const layers = atlas.getStyle().layers.map((layer) => layer.id).filter((id) => id.startsWith(prefix));
    return atlas.queryRenderedFeatures({ layers }).map((feature) => `${feature.properties.origin}${feature.properties.dest}`);
  }, prefix);
  assert.deepEqual(new Set(await drawn("flows")), new Set(["ab", "ba", "ac", "cb"]));
  assert.deepEqual((await drawn("heads")).sort(), ["ab", "ac", "ba", "cb"]);
  const names = await page.evaluate(() => atlas.queryRenderedFeatures({ layers: ["places"] }).map((place) => place.properties.name));
  assert.deepEqual(new Set(names), new Set([hostile, "Bō", "Cádiz"]));
  assert.deepEqual(await page.evaluate("faults"), []);
  assert.deepEqual(elsewhere, []);
});

test("a place lies where its degrees are", async () => {
  const found = await page.evaluate(() => atlas.queryRenderedFeatures(atlas.project([2, 48]), { layers: ["places"] }).map((f) => f.properties.id));
  assert.deepEqual(found, ["b"]);
});
