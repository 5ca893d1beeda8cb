/** What leaves the page works where it arrives: a shell, the API, and the history of this browser. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import { keyed, launch, run, verdict, visit } from "./browser.ts";

const shell = promisify(execFile);

needs("chromium", "curl")("what is taken away", () => {
  let url: string;
  let key: string;
  let browser: Browser;

  beforeAll(async () => {
    const [running, started] = await Promise.all([keyed(), launch()]);
    ({ url, key } = running);
    browser = started;
  });

  async function open(hash = ""): Promise<Page> {
    const { page } = await visit(browser, `${url}/#key=${encodeURIComponent(key)}${hash}`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    return page;
  }

  async function copied(page: Page, name: string): Promise<string> {
    await page.getByRole("button", { name }).click();
    await page.getByText(`${name}: copied`).waitFor();
    return String(await page.evaluate("navigator.clipboard.readText()"));
  }

  const asked = (target: string) =>
    `&target=${encodeURIComponent(target)}&expect.status=200&timeoutMs=2000`;

  test("as curl asks the same of this Sonde, with the key of the shell", async () => {
    const page = await open(asked(`${url}/api/health?a=b&c='d'`));
    await verdict(page).waitFor();
    const command = await copied(page, "Copy curl");
    const env = { ...process.env, SONDE_KEY: key };
    const { stdout } = await shell("sh", ["-c", command], { env });
    expect(stdout).toMatch(/^PASS/);
    const { stdout: refused } = await shell(
      "sh",
      ["-c", `${command} -o /dev/null -w '%{http_code}'`],
      {
        env: { ...process.env, SONDE_KEY: "" },
      },
    );
    expect(refused).toBe("401");
  });

  test("as a link asks the same when somebody else opens it", async () => {
    const page = await open(asked(`${url}/api/health`));
    await verdict(page).waitFor();
    const link = await copied(page, "Copy link");
    expect(link).not.toContain(key);
    const { page: other } = await visit(browser, link);
    await other.getByLabel("Function key").fill(key);
    const body = other.waitForRequest(/api\/check/);
    await other.keyboard.press("Enter");
    expect((await body).postDataJSON()).toEqual({
      target: `${url}/api/health`,
      "expect.status": "200",
      timeoutMs: "2000",
    });
  });

  test("as a suite is one that this Sonde runs, with what was expected", async () => {
    const page = await open(asked(`${url}/api/health`));
    await verdict(page).waitFor();
    const body = await copied(page, "Copy suite YAML");
    const headers = { "content-type": "application/yaml", "x-functions-key": key };
    const answer = await fetch(`${url}/api/smoke`, { method: "POST", headers, body });
    expect(await answer.json()).toMatchObject({
      verdict: "pass",
      checks: [{ expected: [{ key: "status", ok: true }] }],
    });
  });

  test("as Markdown for a ticket tells the verdict, the evidence and where it was measured", async () => {
    const page = await open(`&target=tcp://127.0.0.1:1`);
    await verdict(page).waitFor();
    const markdown = await copied(page, "Copy Markdown");
    expect(markdown).toMatch(/^## `FAIL tcp\.refused/);
    expect(markdown).toContain("| `connect` | `127.0.0.1` | fail |");
    expect(markdown).toMatch(/Measured from .* at \d{4}-/);
    expect(markdown).toContain(`${url}/#target=`);
  });

  test("stays here as well: the last 50, and no more", async () => {
    const page = await open();
    await page.getByText("Measures from").waitFor();
    const targets = Array.from({ length: 53 }, (_, index) => `${url}/api/health?n=${index}`);
    await run(page, targets.join("\n"));
    await page.getByText("53 of 53 done").waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "History" }).click();
    await expect.poll(() => page.locator(".batch button").count()).toBe(50);
    await page.reload();
    await page.getByRole("button", { name: "History" }).click();
    expect(await page.locator(".batch button").count()).toBe(50);
    expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain(key);
  });
});
