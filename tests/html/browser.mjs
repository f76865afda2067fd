// browser.mjs MODULES CHROMIUM [SCREENSHOTS] -- NAME=PAGE…: each page at three widths, in light and dark, with and
// without script, on paper; what can be operated is operated. The last line is "N passed, N failed".
import { createRequire } from "node:module";
import path from "node:path";

const [modules, browser, ...rest] = process.argv.slice(2);
const at = rest.indexOf("--");
const screenshots = rest.slice(0, at)[0];
const pages = rest.slice(at + 1).map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)]);
const require = createRequire(path.join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;

let passed = 0;
let failed = 0;
const check = (what, right, more = "") => {
  if (right) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`${what}${more === "" ? "" : `: ${more}`}`);
  }
};

const running = await chromium.launch({ executablePath: browser, args: ["--no-sandbox", "--disable-gpu"] });

/** The page with these settings, and what it said that it should not have. */
async function open(file, settings) {
  // axe-core is put into the page, which its policy forbids to pages themselves.
  const context = await running.newContext({ bypassCSP: settings.axe === true, ...settings.context });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) said.push(request.url()); });
  await page.goto(`file://${file}`);
  return { page, said, close: () => context.close() };
}

/** Nothing of the page is wider than the window. */
async function widths(name, file) {
  for (const width of [360, 768, 1280]) {
    const { page, said, close } = await open(file, { context: { viewport: { width, height: 900 } } });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(`${name} at ${width}`, wide <= width, `${wide} wide`);
    check(`${name} at ${width}: quiet`, said.length === 0, said.join("; "));
    check(`${name}: the title is the plan's`, !(await page.title()).startsWith("taken"));
    const hidden = await page.$$eval("table.stacks td", (cells, most) => cells.filter((cell) => cell.getBoundingClientRect().right > most).length, width);
    check(`${name} at ${width}: sentences`, width > 360 || hidden === 0, `${hidden} cells are outside`);
    if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}-${width}.png`) });
    await close();
  }
}

async function accessible(name, file) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await open(file, { axe: true, context: { colorScheme, viewport: { width: 1280, height: 900 } } });
    await page.evaluate(() => { for (const each of document.querySelectorAll("details")) each.open = true; });
    await page.addScriptTag({ content: axe });
    const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations
      .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`));
    check(`${name} ${colorScheme}: axe-core`, found.length === 0, found.join("\n"));
    await close();
  }
}

const column = (page, number) => page.$$eval("table.sorts tbody tr:not([hidden])",
  (rows, at) => rows.map((row) => row.cells[at].dataset.sort ?? row.cells[at].textContent), number);

/** Sort and filter, with keys alone. */
async function table(name, file) {
  const { page, close } = await open(file, { context: { viewport: { width: 1280, height: 900 } } });
  const heads = page.locator("table.sorts thead th");
  const saves = heads.nth(4);
  await saves.locator("button").focus();
  const focused = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  check(`${name}: focus is seen`, focused !== "none", focused);
  await page.keyboard.press("Enter");
  const up = (await column(page, 4)).map(Number);
  check(`${name}: sorted up`, up.every((n, i) => i === 0 || up[i - 1] <= n), up.join());
  check(`${name}: says so`, (await saves.getAttribute("aria-sort")) === "ascending");
  await page.keyboard.press("Space");
  const down = (await column(page, 4)).map(Number);
  check(`${name}: sorted down`, down.every((n, i) => i === 0 || down[i - 1] >= n), down.join());
  check(`${name}: says so`, (await saves.getAttribute("aria-sort")) === "descending");
  await heads.nth(0).locator("button").click();
  const names = await column(page, 0);
  check(`${name}: sorted by name`, names.every((n, i) => i === 0 || names[i - 1] <= n));
  check(`${name}: one column says that it is sorted`, (await page.locator("[aria-sort]").count()) === 1);
  const last = names[names.length - 1].trim();
  await page.locator(".filter input").fill(last.toUpperCase());
  const left = await column(page, 0);
  check(`${name}: filtered`, left.length >= 1 && left.length < names.length && left.some((n) => n.trim() === last), left.join());
  check(`${name}: says how many`, (await page.locator(".filter output").textContent()) === `${left.length} of ${names.length}`);
  await page.locator(".filter input").fill("");
  check(`${name}: all again`, (await column(page, 0)).length === names.length);
  await close();
}

/** At today's position the slider says what the table says; further up, a limit is passed, and that is said. */
async function slider(name, file) {
  const { page, close } = await open(file, { context: { viewport: { width: 1280, height: 900 } } });
  const first = page.locator(".what-if").first();
  const input = first.locator("input");
  const said = () => first.locator(".gauge .said").allTextContents();
  const instances = (await first.locator("output").textContent()).replace(/ as today$/, "");
  const row = await first.locator("tbody tr").filter({ has: page.locator("th", { hasText: new RegExp(`^${instances}$`) }) }).locator("td").allTextContents();
  check(`${name}: as the table`, (await said()).every((text, i) => text.startsWith(row[i].replace(/ over$/, ""))), `${await said()} / ${row}`);
  await input.focus();
  const before = await said();
  await page.keyboard.press("ArrowRight");
  check(`${name}: a key moves it`, (await said()).join() !== before.join());
  check(`${name}: no longer today's`, !(await first.locator("output").textContent()).includes("as today"));
  await page.keyboard.press("End");
  check(`${name}: over at the end`, (await said())[0].endsWith(", over"), (await said())[0]);
  check(`${name}: a reader hears it`, (await input.getAttribute("aria-valuetext")) === (await first.locator("output").textContent()));
  await close();
}

async function plain(name, file) {
  const { page, close } = await open(file, { context: { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } } });
  check(`${name} without script: no control that does nothing`, !(await page.locator(".filter").isVisible()));
  check(`${name} without script: tables`, (await page.locator("table").first().isVisible()));
  if ((await page.locator(".what-if").count()) > 0) {
    check(`${name} without script: no slider`, !(await page.locator(".slider").first().isVisible()));
    check(`${name} without script: its table`, await page.locator(".what-if table").first().isVisible());
  }
  await page.emulateMedia({ media: "print" });
  check(`${name} on paper: no skip link`, !(await page.locator(".skip").isVisible()));
  await close();
}

/** Folds open with a key, and all of them on paper. */
async function folds(name, file) {
  const { page, close } = await open(file, { context: { viewport: { width: 1280, height: 900 } } });
  const fold = page.locator("details").first();
  await fold.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  check(`${name}: a key unfolds`, await fold.evaluate((each) => each.open));
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  check(`${name}: unfolded on paper`, (await page.locator("details:not([open])").count()) === 0);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  check(`${name}: folded again`, (await page.locator("details[open]").count()) === 1);
  await close();
}

for (const [name, file] of pages) {
  await widths(name, file);
  await plain(name, file);
  await folds(name, file);
  if (name !== "big") await accessible(name, file);
}
const known = Object.fromEntries(pages);
for (const name of ["agora", "big"]) await table(name, known[name]);
for (const name of ["agora", "rolling", "series"]) await slider(name, known[name]);
await running.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
