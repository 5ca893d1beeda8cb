/** Reports that stay, are laid beside each other, and leave the page. */
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { isReport } from "../../page/shape.ts";
import { build, host, launch, run, verdict, visit } from "./browser.ts";

needs("chromium")("a report", () => {
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    const root = await build();
    [{ url }, browser] = await Promise.all([host(root), launch()]);
  });

  const history = (page: Page) => page.locator(".batch button");

  async function asked(target: string): Promise<Page> {
    const { page } = await visit(browser, url);
    await run(page, target);
    await verdict(page).waitFor();
    return page;
  }

  test("of today is compared with yesterday's: only what differs is shown", async () => {
    const page = await asked(`tcp://127.0.0.1:${new URL(url).port}`);
    await run(page, `tcp://127.0.0.1:${await closedPort()}`);
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    await page.getByRole("heading", { name: "Compare" }).click();
    await page.getByLabel("From the history").selectOption({ index: 1 });
    const rows = await page.locator(".differ tbody tr").allTextContents();
    expect(rows).toContainEqual(expect.stringMatching(/^verdict.*fail.*pass$/));
    expect(rows.join()).not.toMatch(/localPort|startMs/);
  });

  test("of another Sonde is opened from its file and pasted for comparison", async () => {
    const page = await asked(`${url}/api/health`);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download JSON" }).click();
    const saved = await readFile(await (await download).path(), "utf8");
    expect(isReport(JSON.parse(saved))).toBe(true);

    const { page: other } = await visit(browser, url);
    await other.getByRole("button", { name: "History" }).click();
    const file = { name: "report.json", mimeType: "application/json" };
    await other.getByLabel("Open reports").setInputFiles({ ...file, buffer: Buffer.from("[]") });
    await other.getByText("That is no report of a Sonde.").waitFor();
    await other.getByLabel("Open reports").setInputFiles({ ...file, buffer: Buffer.from(saved) });
    await expect.poll(() => verdict(other).textContent()).toBe("Works: every step passed");
    expect(await other.getByRole("button", { name: "Copy curl" }).count()).toBe(0);
    await other.getByRole("heading", { name: "Compare" }).click();
    await other.getByLabel(/paste its JSON/).fill(saved);
    await other.getByText("Nothing differs but the times.").waitFor();
  });

  test("pasted into the one box is opened, and none of what it names is asked", async () => {
    const closed = `tcp://127.0.0.1:${await closedPort()}`;
    const answers = await Promise.all(
      [`check?target=${closed}`, `smoke?fail=0&target=${closed}&target=${url}/api/health`].map(
        async (question) => (await fetch(`${url}/api/${question}`)).text(),
      ),
    );
    const { page, requests } = await visit(browser, url);
    await page.getByText("Measures from").waitFor();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    const before = requests.length;
    for (const [index, seen] of ["The connection was refused", "2 of 2 done, 1 failed"].entries()) {
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(answers[index])})`);
      await page.locator("#target").focus();
      await page.keyboard.press("Control+V");
      await page.keyboard.press("Enter");
      await page.getByText(seen).first().waitFor();
      expect(await page.locator("#target").inputValue()).toBe("");
    }
    expect(requests.slice(before)).toEqual([]);
  });

  test("stays in the history without headers, until it is cleared or switched off", async () => {
    const page = await asked(`${url}/api/health?sig=abcdefgh`);
    const kept = String(await page.evaluate("JSON.stringify(localStorage)"));
    expect(kept).toContain("statusText");
    expect(kept).not.toMatch(/abcdefgh|content-type|nosniff/);
    expect(page.url()).not.toContain("abcdefgh");
    await page.getByRole("button", { name: "History" }).click();
    expect(await history(page).count()).toBe(1);
    await history(page).first().click();
    await expect.poll(() => verdict(page).textContent()).toBe("Works: every step passed");
    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("button", { name: "Clear" }).click();
    expect(await history(page).count()).toBe(0);
    await page.getByLabel("Keep a history").uncheck();
    await page.getByRole("button", { name: "Check" }).click();
    await run(page, `${url}/api/health`);
    await verdict(page).waitFor();
    expect(await page.evaluate("localStorage.getItem('sonde.history')")).toBeNull();
  });

  test("is asked for by a pasted connection string, of which host and port alone are read", async () => {
    const { page, requests } = await visit(browser, url);
    const bodies: (string | null)[] = [];
    page.on("request", (request) => bodies.push(request.postData()));
    const box = page.locator("#target");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    const string = `Server=tcp:127.0.0.1,${await closedPort()};User ID=me;Password=hunter2;Encrypt=True`;
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(string)})`);
    await box.focus();
    await page.keyboard.press("Control+V");
    expect(await box.inputValue()).toMatch(/^sql:\/\/127\.0\.0\.1:\d+$/);
    expect(await page.locator("#target-help").textContent()).toContain("never left this page");
    await page.keyboard.press("Enter");
    await verdict(page).waitFor();
    const everywhere = [...requests, ...bodies, await page.content(), page.url()];
    expect(everywhere.join()).not.toContain("hunter2");
    expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain("hunter2");
  });
});
