/**
 * What the page costs, by the clock: its size, the requests of a first view, the time from Enter to the
 * first step, and the longest frame while a suite of 200 checks runs. On an idle machine; no test hangs on it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { closeAll } from "../servers/closing.ts";
import { build, host, launch } from "./chromium.ts";
import { verdict } from "./states.ts";

const CHECKS = 200;
const ROUNDS = 5;
const SETTLE_MS = 500;

/** In the page: from the key press to the frame after the first step is there. */
const untilFirstStep = `window.taken = new Promise((resolve) => {
  let pressed;
  addEventListener("keydown", () => (pressed = performance.now()), { once: true, capture: true });
  new MutationObserver((_, observer) => {
    if (pressed === undefined || document.querySelector(".steps tbody tr") === null) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - pressed));
  }).observe(document.body, { childList: true, subtree: true });
});
undefined`;

/** In the page: the longest gap between two frames, until it is asked for. */
const watchFrames = `
  window.longest = 0;
  window.watch = (window.watch ?? 0) + 1;
  {
    const mine = window.watch;
    let last = performance.now();
    const frame = (now) => {
      if (window.watch !== mine) return;
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
  undefined`;

/** What the page itself does from Enter until its first step is drawn. */
async function firstStepOwnMs(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByText("Measures from").waitFor();
  await page.locator("#target").fill(`${url}/api/health`);
  await page.evaluate(untilFirstStep);
  const all = await tasks(page, async () => {
    await page.keyboard.press("Enter");
    await page.evaluate("window.taken");
  });
  await page.close();
  return all.reduce((sum, ms) => sum + ms, 0);
}

async function firstStepMs(browser: Browser, url: string) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByText("Measures from").waitFor();
  await page.locator("#target").fill(`${url}/api/health`);
  await page.evaluate(untilFirstStep);
  await page.keyboard.press("Enter");
  const drawn = Number(await page.evaluate("window.taken"));
  const asked = Number(await page.evaluate(bare([`${url}/api/health`])));
  await page.close();
  return { drawn, asked };
}

/** Median and worst. */
function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
    .map((ms) => `${ms?.toFixed(0)} ms`)
    .join(", ");
}

async function requestsOf(page: Page, url: string): Promise<number> {
  let requests = 0;
  page.on("request", () => (requests += 1));
  await page.goto(`${url}/#target=${encodeURIComponent(`${url}/api/health`)}`);
  await verdict(page).waitFor();
  return requests;
}

/** The longest frame while something happens. */
async function longestFrame(page: Page, happens: () => Promise<void>): Promise<number> {
  await page.evaluate(watchFrames);
  await happens();
  return Number(await page.evaluate("window.longest"));
}

/** The tasks of the page by their own processor time, which others on this machine hardly lengthen. */
async function tasks(page: Page, happens: () => Promise<void>): Promise<readonly number[]> {
  const devtools = await page.context().newCDPSession(page);
  const events: { name: string; thread: string; ms: number }[] = [];
  devtools.on("Tracing.dataCollected", ({ value }) => {
    for (const { name = "", pid, tid, tdur } of value) {
      events.push({ name, thread: `${pid} ${tid}`, ms: Number(tdur ?? 0) / 1000 });
    }
  });
  const done = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
  await devtools.send("Tracing.start", { categories: "toplevel,devtools.timeline" });
  await happens();
  await devtools.send("Tracing.end");
  await done;
  // Only the thread that runs the script of the page calls functions of it.
  const script = events.find(({ name }) => name === "FunctionCall");
  const ours = events.filter(
    ({ name, thread }) => name === "ThreadControllerImpl::RunTask" && thread === script?.thread,
  );
  if (ours.length === 0) throw new Error("no task was traced");
  return ours.map(({ ms }) => ms);
}

/** In the page: the same questions without the page, so that the machine and the server are seen alone. */
const bare = (targets: readonly string[]) => `(async () => {
  const start = performance.now();
  for (const target of ${JSON.stringify(targets)}) {
    const body = JSON.stringify({ target });
    const headers = { "content-type": "application/json" };
    await (await fetch("api/check", { method: "POST", headers, body })).json();
  }
  return performance.now() - start;
})()`;

async function frames(page: Page, url: string) {
  await page.goto(url);
  await page.getByText("Measures from").waitFor();
  const lines = Array.from({ length: CHECKS }, (_, index) => `${url}/api/health?n=${index}`);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(lines.join("\n"))})`);
  const floor = () => longestFrame(page, async () => void (await page.evaluate(bare(lines))));
  const before = await floor();
  const box = page.locator("#target");
  const pasted = await longestFrame(page, async () => {
    await box.press("Control+V");
    await page.getByText(/^Several lines/).waitFor();
    await page.waitForTimeout(SETTLE_MS);
  });
  if (!(await box.inputValue()).endsWith(lines.at(-1) ?? "")) throw new Error("nothing was pasted");
  const runAll = async () => {
    await box.press("Enter");
    await page.getByText(`${CHECKS} of ${CHECKS} done`).waitFor({ timeout: 300_000 });
    // The report of the worst of them, the history, the comparison.
    await page.getByRole("heading", { name: "Compare" }).waitFor();
    await page.waitForTimeout(SETTLE_MS);
  };
  const suite = await longestFrame(page, runAll);
  const task = Math.max(...(await tasks(page, runAll)));
  return { floor: Math.max(before, await floor()), pasted, suite, task };
}

try {
  const root = await build();
  const [{ url }, browser] = await Promise.all([host(root), launch()]);
  const size = (await readFile(join(root, "dist/page/index.html.br"))).length;
  const times: number[] = [];
  const floors: number[] = [];
  const owns: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { drawn, asked } = await firstStepMs(browser, url);
    times.push(drawn);
    floors.push(asked);
    owns.push(await firstStepOwnMs(browser, url));
  }
  const requests = await requestsOf(await browser.newPage(), url);
  const clipboard = await browser.newContext({
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const { floor, pasted, suite, task } = await frames(await clipboard.newPage(), url);
  const rows: readonly (readonly [what: string, found: string, wanted: string])[] = [
    ["document, brotli", `${size} bytes`, "at most 30000"],
    ["requests of a cold first view with a verdict", `${requests}`, "at most 2"],
    ["Enter to first step, median and worst", spread(times), "at most 100 ms"],
    ["the same asked, nothing drawn", spread(floors), "the floor"],
    ["Enter to first step, the page's own time", spread(owns), ""],
    [`longest frame, ${CHECKS} checks`, `${suite.toFixed(0)} ms`, "at most 50 ms"],
    [`longest task, ${CHECKS} checks, its own time`, `${task.toFixed(0)} ms`, "at most 50 ms"],
    [`longest frame, ${CHECKS} lines pasted`, `${pasted.toFixed(0)} ms`, "at most 50 ms"],
    ["longest frame, the same asked, nothing drawn", `${floor.toFixed(0)} ms`, "the floor"],
  ];
  for (const [what, found, wanted] of rows) {
    console.log(`${what.padEnd(46)} ${found.padEnd(16)} ${wanted}`);
  }
} finally {
  await closeAll();
}
