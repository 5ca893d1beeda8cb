/**
 * What the page costs, by the clock: its size, the requests of a first view, the time from Enter to the
 * first step, and the longest frame while a suite of 200 checks runs. On an idle machine; no test hangs on it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { closeAll } from "../servers/closing.ts";
import { build, host, launch } from "./chromium.ts";
import { run, verdict } from "./states.ts";

const CHECKS = 200;
const ROUNDS = 5;

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
  let last = performance.now();
  const frame = (now) => {
    window.longest = Math.max(window.longest, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasks.push(duration);
  }).observe({ type: "longtask" });`;

async function firstStepMs(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByText("Measures from").waitFor();
  await page.locator("#target").fill(`${url}/api/health`);
  await page.evaluate(untilFirstStep);
  await page.keyboard.press("Enter");
  const ms = Number(await page.evaluate("window.taken"));
  await page.close();
  return ms;
}

async function requestsOf(page: Page, url: string): Promise<number> {
  let requests = 0;
  page.on("request", () => (requests += 1));
  await page.goto(`${url}/#target=${encodeURIComponent(`${url}/api/health`)}`);
  await verdict(page).waitFor();
  return requests;
}

async function longestFrame(page: Page, url: string) {
  await page.goto(url);
  await page.getByText("Measures from").waitFor();
  await page.evaluate(watchFrames);
  await run(
    page,
    Array.from({ length: CHECKS }, (_, index) => `${url}/api/health?n=${index}`).join("\n"),
  );
  await page.getByText(`${CHECKS} of ${CHECKS} done`).waitFor({ timeout: 300_000 });
  const [frame, task] = [
    await page.evaluate("window.longest"),
    await page.evaluate("Math.max(0, ...window.tasks)"),
  ];
  return { frame: Number(frame), task: Number(task) };
}

try {
  const root = await build();
  const [{ url }, browser] = await Promise.all([host(root), launch()]);
  const size = (await readFile(join(root, "dist/page/index.html.br"))).length;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await firstStepMs(browser, url));
  const sorted = times.toSorted((a, b) => a - b);
  const page = await browser.newPage();
  const requests = await requestsOf(page, url);
  const { frame, task } = await longestFrame(page, url);
  const rows: readonly (readonly [what: string, found: string, wanted: string])[] = [
    ["document, brotli", `${size} bytes`, "30000"],
    ["requests of a cold first view with a verdict", `${requests}`, "2"],
    [
      "Enter to first step, median and worst",
      `${sorted[Math.floor(ROUNDS / 2)]?.toFixed(0)} ms, ${sorted.at(-1)?.toFixed(0)} ms`,
      "100 ms",
    ],
    [`longest frame, ${CHECKS} checks`, `${frame.toFixed(0)} ms`, "50 ms"],
    [`longest task, ${CHECKS} checks`, `${task.toFixed(0)} ms`, "50 ms"],
  ];
  for (const [what, found, wanted] of rows) {
    console.log(`${what.padEnd(46)} ${found.padEnd(16)} at most ${wanted}`);
  }
} finally {
  await closeAll();
}
