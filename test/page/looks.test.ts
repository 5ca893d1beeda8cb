/** The page as it looks: free of barriers in every colour scheme, and kept as pictures for people. */
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { build, host, launch, run, shoot, verdict, visit } from "./browser.ts";

const require = createRequire(import.meta.url);
const axe = require.resolve("axe-core/axe.min.js");

/** What axe-core finds wrong, as `rule: element`. */
async function barriers(page: Page): Promise<unknown> {
  return page.evaluate(`axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`);
}

needs("chromium", "openssl")("the page", () => {
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    const root = await build();
    [{ url }, browser] = await Promise.all([host(root), launch()]);
  });

  const schemes = [
    { name: "light", options: { colorScheme: "light" } },
    { name: "dark", options: { colorScheme: "dark" } },
    { name: "forced", options: { forcedColors: "active", colorScheme: "dark" } },
    { name: "narrow", options: { colorScheme: "light", viewport: { width: 320, height: 640 } } },
  ] as const;

  test.each(schemes)("reads well in $name", { timeout: 90_000 }, async ({ name, options }) => {
    const { port } = await sServer((await certificates())("expired"));
    // The checker is put in from outside, where the page's own policy would refuse it.
    const { page } = await visit(browser, url, {
      viewport: { width: 1100, height: 900 },
      bypassCSP: true,
      ...options,
    });
    await page.addScriptTag({ path: axe });
    const look = async (what: string) => {
      expect(await barriers(page)).toEqual([]);
      const { width } = page.viewportSize() ?? {};
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      await shoot(page, `${name}-${what}`);
    };
    await page.getByText("Measures from").waitFor();
    await look("1-home");
    await run(page, `https://localhost:${port}/`);
    await verdict(page).waitFor();
    await page.locator(".facts > summary").click();
    await look("2-expired");
    await run(
      page,
      `${url}/api/health\ntcp://127.0.0.1:${await closedPort()}\nhttp://169.254.169.254/`,
    );
    await expect.poll(() => page.locator("#batch").textContent()).toContain("3 of 3");
    await look("3-several");
    for (const [index, view] of ["Inbound", "Policy", "Findings", "History"].entries()) {
      await page.getByRole("button", { name: view }).click();
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      await look(`${index + 4}-${view.toLowerCase()}`);
    }
  });

  test("prints the evidence and none of the buttons", async () => {
    const { page } = await visit(browser, url, { colorScheme: "light" });
    await run(page, `tcp://127.0.0.1:${await closedPort()}`);
    await verdict(page).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await verdict(page).isVisible()).toBe(true);
    await shoot(page, "print");
  });
});
