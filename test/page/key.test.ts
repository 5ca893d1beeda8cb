/** Where the key goes: into the header of requests to this origin, and nowhere else. */
import type { Browser } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { keyed, launch, verdict, visit } from "./browser.ts";

needs("chromium")("the key", () => {
  let url: string;
  let key: string;
  let browser: Browser;

  beforeAll(async () => {
    const [running, started] = await Promise.all([keyed(), launch()]);
    ({ url, key } = running);
    browser = started;
  });

  test("is asked for once, and what was waiting for it runs at once", async () => {
    const { page } = await visit(browser, `${url}/#target=tcp://127.0.0.1:${await closedPort()}`);
    await page.getByRole("heading", { name: "A key is needed" }).waitFor();
    await page.getByLabel("Function key").fill(key);
    await page.keyboard.press("Enter");
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    await page.reload();
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    await page.getByRole("button", { name: "Forget it" }).click();
    await page.getByLabel("Function key").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("is taken out of a link at once and leaks nowhere", async () => {
    const port = await closedPort();
    const { page, requests } = await visit(browser, `${url}/ui`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    const sent: (string | undefined)[] = [];
    page.on("request", (request) => sent.push(request.headers()["x-functions-key"]));
    await page.goto(`${url}/#target=tcp://127.0.0.1:${port}&key=${encodeURIComponent(key)}`);
    await verdict(page).waitFor();
    expect(page.url()).toBe(`${url}/#target=tcp%3A%2F%2F127.0.0.1%3A${port}`);
    expect(sent).toContain(key);
    const copied: unknown[] = [];
    for (const name of ["link", "curl", "PowerShell", "sonde", "Markdown"]) {
      await page.getByRole("button", { name: `Copy ${name}` }).click();
      await page.getByText(`Copy ${name}: copied`).waitFor();
      copied.push(await page.evaluate("navigator.clipboard.readText()"));
    }
    expect(copied[1]).toContain("$SONDE_KEY");
    expect(copied[3]).toBe(`sonde check 'tcp://127.0.0.1:${port}'`);
    const elsewhere = [
      ...requests.slice(1).filter((one) => !one.includes("&key=")),
      ...copied,
      page.url(),
      await page.content(),
      await page.evaluate("JSON.stringify(localStorage)"),
      await page.evaluate("document.referrer + document.cookie + document.title"),
    ];
    for (const place of elsewhere) expect(place).not.toContain(key);
  });

  test("can be kept in memory alone", async () => {
    const { page } = await visit(browser, `${url}/`);
    await page.getByLabel("Function key").fill(key);
    await page.getByLabel("Keep it until this tab is closed").uncheck();
    await page.getByRole("button", { name: "Use key" }).click();
    await page.getByText("A key is in use.").waitFor();
    expect(await page.evaluate("sessionStorage.length + localStorage.length")).toBe(0);
  });
});
