/** The page as it looks: free of barriers in every colour scheme, and nothing runs out of a phone. */
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import { build, launch, run, verdict, visit } from "./browser.ts";
import { stage, states, type Stage } from "./states.ts";

const require = createRequire(import.meta.url);
const axe = require.resolve("axe-core/axe.min.js");

/** What axe-core finds wrong, as `rule: element`. */
async function barriers(page: Page): Promise<unknown> {
  return page.evaluate(`axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`);
}

needs("chromium", "openssl")("the page", () => {
  let at: Stage;
  let browser: Browser;

  beforeAll(async () => {
    const root = await build();
    [at, browser] = await Promise.all([stage(root), launch()]);
  });

  const schemes = [
    { name: "light", options: { colorScheme: "light" } },
    { name: "dark", options: { colorScheme: "dark" } },
    { name: "forced colours", options: { forcedColors: "active", colorScheme: "dark" } },
    {
      name: "320 pixels",
      options: { colorScheme: "light", viewport: { width: 320, height: 640 } },
    },
  ] as const;

  test.each(schemes)("reads well in $name", { timeout: 120_000 }, async ({ options }) => {
    // The checker is put in from outside, where the page's own policy would refuse it.
    const { page } = await visit(browser, at.url, { bypassCSP: true, ...options });
    await page.addScriptTag({ path: axe });
    const { width } = page.viewportSize() ?? {};
    for (const state of states) {
      await state.reach(page, at);
      expect([state.name, await barriers(page)]).toEqual([state.name, []]);
      const needed = await page.evaluate("document.documentElement.scrollWidth");
      expect([state.name, needed]).toEqual([state.name, width]);
    }
  });

  test("prints the evidence and none of the buttons", async () => {
    const { page } = await visit(browser, at.url, { colorScheme: "light" });
    await run(page, `tcp://127.0.0.1:${at.closed}`);
    await verdict(page).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await verdict(page).isVisible()).toBe(true);
  });
});
