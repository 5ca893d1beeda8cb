/** What a person wants of suites, of names and of another Sonde: asked together, shown one by one. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { build, host, launch, run, verdict, visit } from "./browser.ts";
import { front } from "./server.ts";

needs("chromium")("a person who asks for more than a place", () => {
  let url: string;
  let closed: number;
  let browser: Browser;

  beforeAll(async () => {
    closed = await closedPort();
    const [root, started] = await Promise.all([build(), launch()]);
    browser = started;
    const env = { ORDERS_DB: `Server=127.0.0.1,${closed};Password=hunter2` };
    ({ url } = await host(root, [], env));
  });

  const yaml = () =>
    `version: 1
name: 'two "good" ones'
notProved: [that a login works]
defaults: { timeoutMs: 2000 }
checks:
  - ${url}/api/health
  - { name: the queue, target: "tcp://127.0.0.1:${closed}" }
`;

  test("opens a link to the suite of the app's own settings, and is told what it does not show", async () => {
    const { page } = await visit(browser, `${url}/#suite=self`);
    await page.getByText("The connection was refused").first().waitFor();
    expect(page.url()).toBe(`${url}/#suite=self`);
    expect(await page.content()).not.toContain("hunter2");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByRole("button", { name: "Suites" }).click();
    const suites = page.locator(".suites > li");
    await suites.first().waitFor();
    const offered = await suites.allTextContents();
    expect(offered.join()).toContain("This app's own dependencies");
    expect(offered.filter((one) => one.includes("Run ")).length).toBeGreaterThan(1);
    // One that has nothing to ask here says why, and has no button.
    expect(offered.join()).toContain("WEBSITE_RELAYS lists no Hybrid Connection");
  });

  test("runs the suite that was deployed, and is told of one that cannot be read", async () => {
    const root = await folder();
    await cp(await build(), root, { recursive: true });
    await mkdir(join(root, "suites"));
    await writeFile(join(root, "suites/orders.yaml"), yaml());
    await writeFile(join(root, "suites/broken.yaml"), "version: 1\n");
    const own = await host(root);
    const { page } = await visit(browser, own.url);
    await page.getByRole("button", { name: "Suites" }).click();
    const broken = page.locator(".suites > li", { hasText: "broken" });
    await broken.waitFor();
    expect(await broken.textContent()).toContain("checks");
    await page.getByRole("button", { name: "Run 2 checks of orders" }).click();
    await page.getByText("2 of 2 done, 1 failed").waitFor();
    expect(page.url()).toBe(`${own.url}/#suite=orders`);
    expect(await page.locator(".batch button").first().textContent()).toContain("the queue");
    await page.getByText("that a login works").waitFor();
  });

  test("is told that a suite is not known, and which one was meant", async () => {
    const { page } = await visit(browser, `${url}/#suite=sefl`);
    await page.getByText("did you mean self?").first().waitFor();
  });

  test("pastes a suite in YAML: it is read by the API, and asked check by check", async () => {
    const { page, requests } = await visit(browser, url);
    await page.getByText("Measures from").waitFor();
    const before = requests.length;
    await run(page, yaml());
    await page.getByText("2 of 2 done, 1 failed").waitFor();
    expect(requests.slice(before)).toEqual(
      ["suites", "smoke", "smoke"].map((name) => `POST ${url}/api/${name}`),
    );
    expect(await page.locator("#batch").textContent()).toContain('two "good" ones');
    expect(await page.locator(".batch button").first().textContent()).toContain("the queue");
    await page.getByText("that a login works").waitFor();
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    expect(page.url()).toBe(`${url}/`);
  });

  test("is told where a pasted suite is wrong", async () => {
    const { page } = await visit(browser, url);
    await run(page, yaml().replace("target:", "tarject:"));
    const trouble = page.getByRole("region", { name: "Bad request" });
    await trouble.waitFor();
    expect(await trouble.textContent()).toContain("target");
    expect(await trouble.textContent()).toMatch(/line\s*7/);
  });

  test("pastes a suite in JSON: each check is asked by itself, with the defaults of the suite", async () => {
    const { page } = await visit(browser, url);
    await page.getByText("Measures from").waitFor();
    const bodies: (string | null)[] = [];
    page.on("request", (request) => bodies.push(request.postData()));
    const checks = [`tcp://127.0.0.1:${closed}`, `${url}/api/health`];
    const suite = { version: 1, notProved: ["that it lasts"], defaults: { retries: 0 }, checks };
    await run(page, JSON.stringify(suite));
    await page.getByText("2 of 2 done, 1 failed").waitFor();
    expect(bodies.map((body) => JSON.parse(body ?? "{}"))).toEqual(
      checks.map((target) => ({ version: 1, defaults: { retries: 0 }, checks: [{ target }] })),
    );
    await page.getByText("that it lasts").waitFor();
  });

  test("opens the report of a pipeline: its failures stand in front", async () => {
    const headers = { "content-type": "application/yaml" };
    const saved = await fetch(`${url}/api/smoke`, { method: "POST", headers, body: yaml() });
    const buffer = Buffer.from(await saved.arrayBuffer());
    const { page } = await visit(browser, `${url}/#target=tcp://127.0.0.1:${closed}`);
    await verdict(page).waitFor();
    await page.getByRole("button", { name: "History" }).click();
    const file = { name: "sonde.json", mimeType: "application/json", buffer };
    await page.getByLabel("Open reports").setInputFiles(file);
    await page.getByText("2 of 2 done, 1 failed").waitFor();
    expect(await page.locator(".batch button").first().textContent()).toContain("the queue");
    expect(await page.getByRole("button", { name: "Ask all name servers" }).count()).toBe(0);
    // No link is offered that would lead to what was asked before.
    expect(page.url()).toBe(`${url}/`);
    expect(await page.getByRole("button", { name: "Copy link to all" }).count()).toBe(0);
  });

  test("sees by which door a name leads in", async () => {
    const { page } = await visit(browser, `${url}/#probe=names&target=localhost`);
    const names = page.getByRole("region", { name: "Names" }).first();
    await names.waitFor();
    expect(await names.locator("tbody tr").first().textContent()).toMatch(/localhost.*custom/);
    // The sentence and the step are about the same failure, whatever else failed before it.
    const card = await page.locator(".card.verdict").textContent();
    expect(card).toContain("The connection was refused");
    expect(card).toContain("Breaks at Open TCP on 127.0.0.1");
  });

  test("sees as whom another Sonde sees this one", async () => {
    const other = await host(await build());
    const headers = { "x-forwarded-for": "198.51.100.7" };
    const proxied = await front(() => ({ to: other.url, headers }));
    const { page } = await visit(browser, `${url}/#probe=echo&target=${proxied}`);
    const seen = page.getByRole("heading", { name: "What the other Sonde saw of this one" });
    await seen.waitFor();
    expect(await seen.locator("..").textContent()).toMatch(/seen as.*198\.51\.100\.7/);
  });

  test("reads what an access restriction judges, where TLS ended and which headers lie", async () => {
    const headers = {
      "x-forwarded-for": "198.51.100.7:4444",
      "x-forwarded-proto": "https",
      "x-appservice-proto": "http",
      "x-ms-client-principal-name": "somebody",
    };
    const proxied = await front(() => ({ to: url, headers }));
    const { page } = await visit(browser, proxied);
    await page.getByRole("button", { name: "Inbound" }).click();
    const way = page.getByRole("region", { name: "The way this request took" });
    await way.waitFor();
    const titles = await way.locator("h3").allTextContents();
    expect(titles).toContain("Where TLS ended");
    expect(titles).toContain("Headers that cannot all be true");
    expect(titles).toContain("Who signed in");
  });
});
