/**
 * Pictures of the main states of the page, for people to look at: test-results/page/, which is no part of
 * the repository. With `--readme` the two of the README as well.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build, launch, repository } from "./chromium.ts";
import { stage, states, verdict, type Stage } from "./states.ts";
import { closeAll } from "../servers/closing.ts";

const MOST_TRIES = 40;
const shots = join(repository, "test-results/page");

const schemes = [
  { scheme: "light", options: { colorScheme: "light" } },
  { scheme: "dark", options: { colorScheme: "dark" } },
  { scheme: "forced", options: { forcedColors: "active", colorScheme: "dark" } },
  { scheme: "narrow", options: { colorScheme: "light", viewport: { width: 320, height: 640 } } },
] as const;

async function picture(browser: Browser, at: Stage): Promise<void> {
  for (const { scheme, options } of schemes) {
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 }, ...options });
    await page.goto(at.url);
    for (const [index, state] of states.entries()) {
      await state.reach(page, at);
      const path = join(shots, `${scheme}-${String(index + 1).padStart(2, "0")}-${state.name}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    await page.close();
  }
}

/** A failing check on paper, as it goes into a ticket from a dark screen. */
async function picturePaper(browser: Browser, at: Stage): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 800, height: 800 },
    colorScheme: "dark",
  });
  await page.goto(`${at.url}/#target=https://localhost:${at.expired}/`);
  await page.getByRole("heading", { name: "Certificates" }).waitFor();
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: join(shots, "print-failing.png"), fullPage: true });
  await page.close();
}

/** The same failing check, light and dark, down to its steps; asked again while others keep the machine busy. */
async function pictureReadme(browser: Browser, at: Stage): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ viewport: { width: 900, height: 860 }, colorScheme });
    await page.goto(`${at.url}/#target=https://localhost:${at.expired}/`);
    await verdict(page).waitFor();
    const busy = page.getByText("this instance was busy");
    for (let tries = 0; tries < MOST_TRIES && (await busy.count()) > 0; tries += 1) {
      await page.getByRole("button", { name: "Run Enter" }).click();
      await page.getByRole("button", { name: "Run Enter" }).waitFor();
      await verdict(page).waitFor();
    }
    const end = await page.getByRole("region", { name: /^Steps/ }).boundingBox();
    const height = Math.ceil((end?.y ?? 0) + (end?.height ?? 0)) + 24;
    const clip = { x: 0, y: 0, width: 900, height };
    const path = join(repository, `docs/page-${colorScheme}.png`);
    await page.screenshot({ path, clip, fullPage: true });
    await page.close();
  }
}

await mkdir(shots, { recursive: true });
try {
  const root = await build();
  const [at, browser] = await Promise.all([stage(root), launch()]);
  await picture(browser, at);
  await picturePaper(browser, at);
  if (process.argv.includes("--readme")) await pictureReadme(browser, at);
} finally {
  await closeAll();
}
