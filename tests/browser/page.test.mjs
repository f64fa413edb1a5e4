// The pages in a real browser: Debian's Chromium, driven by playwright-core. `make browser` installs both.
//
// One page with hostile names answers to pointer, keyboard, filters and buttons; nothing leaves the page and nothing in
// the data runs. Times to readiness are printed, not asserted.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const program = process.env.FLOWATLAS;
const folder = mkdtempSync(join(tmpdir(), "flowatlas pages é "));
const hostile = `<img src=x onerror="alert(1)">&"'\u202e]]> a`;
const places = [["a", hostile, -5, 40], ["b", "Bō & Co", 2, 48], ["c", "Cádiz", -6, 36], ["d", "Delft", 4, 52]];
const flows = [
  ["a", "b", 900, "work", "2010"], ["a", "b", 100, "work", "2020"], ["a", "c", 400, "study", "2020"],
  ["b", "a", 300, "work", "2010"], ["d", "a", 50, `<script>alert(2)</script>`, "2010"], ["c", "d", 7, "study", "2010"],
];

const csv = (rows) => rows.map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(",")).join("\n");
const write = (name, text) => (writeFileSync(join(folder, name), text), join(folder, name));
const draw = (name, placeRows, flowRows, ...options) => {
  const output = join(folder, `${name}.html`);
  execFileSync(program, [
    "map", write(`${name}-places.csv`, `id,name,lon,lat\n${csv(placeRows)}`),
    write(`${name}-flows.csv`, `origin,dest,count,kind,time\n${csv(flowRows)}`), "-o", output, ...options,
  ], { stdio: ["ignore", "ignore", "pipe"] });
  return pathToFileURL(output).href;
};

let browser;
let address;
let page;
before(async () => {
  const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
  address = draw("hostile", places, flows, "--unit", "persons", "--values", "2", "--title", "Who <b>moves</b>");
  page = await open(address);
});
after(() => browser.close());

// Opens a page and notes whatever it should not do.
const open = async (address, options = {}) => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, ...options });
  page.faults = [];
  page.on("console", (message) => message.type() !== "log" && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(error.message));
  page.on("dialog", (dialog) => (page.faults.push(`dialog ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => request.url() !== address && !request.url().startsWith("data:") && page.faults.push(request.url()));
  const start = performance.now();
  await page.goto(address);
  await page.waitForSelector("body[data-ready=yes]");
  page.readyAfter = performance.now() - start;
  return page;
};
const flow = (page, origin, dest) => page.locator(`#flows > g[data-origin="${origin}"][data-dest="${dest}"]`);
const status = (page) => page.locator("#fa-status").textContent();

test("the pointer over a flow tells who moves where and how many, as it was written", async () => {
  await flow(page, "a", "b").dispatchEvent("pointermove", { clientX: 300, clientY: 300 });
  assert.equal(await page.locator("#fa-tip strong").textContent(), `${hostile} → Bō & Co`);
  assert.equal(await page.locator("#fa-tip span").textContent(), "work: 1,000 persons");
  assert.match(await page.locator("#fa-tip small").textContent(), /^71\u202f% of what leaves /);
  await flow(page, "a", "b").dispatchEvent("pointerleave");
  assert.equal(await page.locator("#fa-tip").isVisible(), false);
});

test("the keyboard reaches every flow, the heaviest first", async () => {
  await page.evaluate(() => document.activeElement?.blur());
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  for (let tabs = 0; tabs < 40 && !(await focused())?.includes("→"); tabs += 1) await page.keyboard.press("Tab");
  assert.equal(await focused(), `${hostile} → Bō & Co, work: 1,000 persons`);
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), `${hostile} → Cádiz, study: 400 persons`);
  await page.keyboard.press("End");
  assert.equal(await focused(), "Cádiz → Delft, study: 7 persons");
  assert.equal(await page.locator("#fa-tip strong").textContent(), "Cádiz → Delft");
});

test("kinds, periods and weights filter the map, its numbers, the table and the count", async () => {
  assert.equal(await status(page), "5 of 5 flows, 1,757 persons, 100\u202f%");
  await page.locator("input[name=fa-kind][value=study]").uncheck();
  assert.equal(await flow(page, "c", "d").isVisible(), false);
  assert.match(await status(page), /^3 of 5 flows, 1,350 persons/);
  assert.equal(await page.locator("#fa-table tbody tr:not([hidden])").count(), 3);
  await page.selectOption("#fa-period", "2020");
  assert.match(await status(page), /^1 of 5 flows, 100 persons/);
  await page.locator("#fa-reset").click();
  await page.locator("#fa-least").focus();
  await page.keyboard.press("End");
  assert.match(await status(page), /^1 of 5 flows, 1,000 persons/);
  assert.equal(await page.locator("#labels g[data-origin=a][data-dest=c]").isVisible(), false, "its number goes with it");
  await page.locator("#fa-reset").click();
  assert.match(await status(page), /^5 of 5/);
});

test("a click on a place shows its flows, another one all", async () => {
  await page.locator("#places g[data-place=d] circle").click();
  assert.equal(await page.locator("#fa-place").inputValue(), "d");
  assert.match(await status(page), /^2 of 5 flows, 57 persons/);
  assert.equal(await flow(page, "a", "b").evaluate((g) => g.classList.contains("faded")), true);
  await page.locator("#places g[data-place=d] circle").click();
  assert.match(await status(page), /^5 of 5/);
});

test("zoom, pan and back to the whole", async () => {
  const view = () => page.locator("#fa-picture svg").getAttribute("viewBox");
  const whole = (await view()).split(" ").map(Number);
  await page.locator("#fa-in").click();
  const near = (await view()).split(" ").map(Number);
  assert.ok(near[2] < whole[2] && near[0] > whole[0]);
  await page.mouse.move(400, 400);
  await page.mouse.down();
  await page.mouse.move(300, 400, { steps: 4 });
  await page.mouse.up();
  assert.ok((await view()).split(" ").map(Number)[0] > near[0]);
  await page.locator("#fa-whole").click();
  assert.deepEqual((await view()).split(" ").map(Number), whole);
});

test("light and dark by choice, and print without controls", async () => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.locator("#fa-theme").click();
  await page.locator("#fa-theme").click();
  assert.notEqual(await paper(), light);
  await page.locator("#fa-theme").click();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#fa-controls").isVisible(), false);
  assert.equal(await page.locator("#fa-picture svg").isVisible(), true);
  await page.emulateMedia({ media: "screen" });
});

test("a screen reader finds title, picture, flows and table", async () => {
  assert.equal(await page.locator("h1").textContent(), "Who <b>moves</b>");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.locator("#fa-picture svg > title").textContent(), "Who <b>moves</b>");
  assert.equal(await page.locator("#flows").getAttribute("role"), "group");
  assert.equal(await page.locator("#fa-table th[scope=row]").first().textContent(), hostile);
  assert.equal(await page.locator("#fa-table thead th").count(), 4);
});

test("without a script the picture and the table are there", async () => {
  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(address);
  assert.equal(await plain.locator("#fa-controls").isVisible(), false);
  assert.equal(await plain.locator("#fa-picture svg").isVisible(), true);
  await plain.locator("summary").click();
  assert.equal(await plain.locator("#fa-table tbody tr").count(), 5);
});

test("nothing left the page, nothing of the data ran", () => assert.deepEqual(page.faults, []));

// So many flows between places on a grid, each with another weight.
const many = (count) => {
  const side = 40;
  const spots = Array.from({ length: side * side }, (_, k) => [`p${k}`, `P ${k}`, -20 + (k % side), 20 + Math.floor(k / side)]);
  const lines = Array.from({ length: count }, (_, k) => [`p${(k * 37) % spots.length}`, `p${(k * 101 + 7 + Math.floor(k / spots.length) * 13) % spots.length}`, k + 1, "", ""]);
  return [spots, lines];
};

for (const count of [60, 5000]) {
  test(`${count} flows are ready, and the page says how many it has`, async (t) => {
    const [spots, lines] = many(count);
    const large = await open(draw(`many-${count}`, spots, lines, "--layout", "straight"));
    t.diagnostic(`ready after ${Math.round(large.readyAfter)} ms`);
    const drawn = await large.locator("#flows > g[data-origin]").count();
    assert.equal(drawn, Math.min(count, 3000));
    const remark = await large.locator("#fa-data > p").count();
    assert.equal(remark, count > 3000 ? 1 : 0);
    if (remark) assert.match(await large.locator("#fa-data > p").textContent(), /3,000 heaviest of 5,000 flows/);
    assert.deepEqual(large.faults, []);
  });
}
