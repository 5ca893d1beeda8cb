/** What the page says when Sonde does not. */
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import * as reports from "../surfaces/reports.ts";
import { build, launch, run, verdict, visit } from "./browser.ts";
import { pretend, type Said } from "./server.ts";

needs("chromium")("the page before a Sonde that", () => {
  let root: string;
  let browser: Browser;

  beforeAll(async () => {
    [root, browser] = await Promise.all([build(), launch()]);
  });

  const card = (page: Page) => page.locator(".card.verdict");
  const ok = (value: unknown): Said => ({ status: 200, body: JSON.stringify(value) });

  const troubles: readonly (readonly [what: string, said: Said | undefined, told: RegExp])[] = [
    ["wants a key", { status: 401, body: "" }, /A key is needed/],
    ["is fenced off", { status: 403, body: "<h1>403 - Forbidden</h1>" }, /access restriction/],
    ["is older", { status: 404, body: "" }, /does not know that question/],
    ["is asleep", { status: 503, body: "<html>…" }, /asleep, starting or stopped/],
    ["is behind a slow gateway", { status: 504, body: "" }, /gateway gave up waiting/],
    ["is out of its gateway's reach", { status: 502, body: "" }, /asleep, starting or stopped/],
    ["fails in its host", { status: 500, body: "" }, /platform answered instead/],
    [
      "turns an address away",
      { status: 403, headers: { "x-ms-forbidden-ip": "192.0.2.7" }, body: "" },
      /It saw you as 192\.0\.2\.7/,
    ],
    ["cuts the line", undefined, /No answer/],
    [
      "has had enough",
      {
        status: 429,
        headers: { "retry-after": "7" },
        body: JSON.stringify({ code: "sonde.busy", title: "Too many requests", detail: "slow" }),
      },
      /asking again in 7 s/,
    ],
    [
      "has a fault",
      {
        status: 500,
        body: JSON.stringify({ code: "sonde.fault", title: "Fault", detail: "ours" }),
      },
      /Fault.*ours/,
    ],
    [
      "has no rule for the target",
      {
        status: 403,
        body: JSON.stringify({ code: "policy.not_allowed", title: "Refused", detail: "no rule" }),
      },
      /Nothing was sent.*the setting is SONDE_TARGETS/,
    ],
    [
      "sends to a sign-in",
      { status: 302, headers: { location: "/login" }, body: "" },
      /signing in/,
    ],
  ];

  test.each(troubles)("%s is told apart", async (_, said, told) => {
    const { page } = await visit(browser, await pretend(root, () => said));
    await run(page, "tcp://127.0.0.1:1");
    await expect.poll(() => card(page).textContent()).toMatch(told);
  });

  test("answers only so many a minute is waited for, where there are more to ask", async () => {
    let asked = 0;
    const busy = JSON.stringify({ code: "sonde.busy", title: "Too many requests", detail: "slow" });
    const said = (name: string): Said => {
      if (name !== "check") return ok(reports.pass);
      asked += 1;
      return asked === 2
        ? { status: 429, headers: { "retry-after": "2" }, body: busy }
        : ok({ ...reports.pass, id: `run-${asked}` });
    };
    const { page } = await visit(browser, await pretend(root, said));
    await run(page, "tcp://127.0.0.1:1\ntcp://127.0.0.1:2\ntcp://127.0.0.1:3");
    await page.getByText("in 2 s: too many a minute").waitFor();
    await page.getByText("3 of 3 done, 0 failed").waitFor();
    expect(asked).toBe(4);
  });

  test("answers only so many a minute can be left while it is waited for", async () => {
    const busy = JSON.stringify({ code: "sonde.busy", title: "Too many requests", detail: "slow" });
    const said = (name: string): Said =>
      name === "check"
        ? { status: 429, headers: { "retry-after": "60" }, body: busy }
        : ok(reports.pass);
    const { page } = await visit(browser, await pretend(root, said));
    await run(page, "tcp://127.0.0.1:1\ntcp://127.0.0.1:2");
    await page.getByText("in 60 s: too many a minute").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("2 not run").waitFor();
  });

  test("went away leaves the page whole, and nobody else is asked", async () => {
    const { page, requests } = await visit(browser, await pretend(root, () => ok(reports.pass)));
    await page.getByText("orders-diag").waitFor();
    await page.context().setOffline(true);
    await run(page, "tcp://127.0.0.1:1");
    await expect.poll(() => card(page).textContent()).toContain("offline");
    expect(requests).toHaveLength(3);
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Ask again" }).click();
    await verdict(page).waitFor();
  });

  test("finds a private link name in public shows it in red and in words", async () => {
    const query = {
      question: { name: "db.example.test.", type: "A" },
      transport: "udp",
      rcode: "NOERROR",
      chain: ["db.privatelink.example.test."],
      addresses: [{ address: "203.0.113.7", class: "public" }],
      answers: [],
    };
    const servers = [
      { on: "system", query: { ...query, addresses: [{ address: "10.1.2.3", class: "private" }] } },
      { on: "10.0.0.4:53", query },
      { on: "cares", query: { ...query, transport: "cares" } },
    ];
    const target = { input: "db.example.test", scheme: "dns", host: "db.example.test" };
    const report = { ...reports.warn, probe: "dns", target, result: { servers } };
    const { page } = await visit(browser, await pretend(root, () => ok(report)));
    await run(page, "tcp://db.example.test:1433");
    const name = page.getByRole("region", { name: "Name" });
    await expect.poll(() => name.textContent()).toContain("ends in a public address");
    expect(await name.textContent()).toContain("The views differ");
    expect(await name.textContent()).toContain("NOERROR over udp");
    expect(await name.textContent()).not.toContain("over cares");
  });

  test("asked Azure for a second opinion does not count it among the views", async () => {
    const view = (on: string, address: string, more: object = {}) => ({
      on,
      query: {
        question: { name: "db.example.test.", type: "A" },
        transport: "udp",
        rcode: "NOERROR",
        addresses: [{ address, class: "private" }],
        ...more,
      },
    });
    const servers = [
      view("system", "10.1.2.3"),
      view("168.63.129.16:53", "203.0.113.7", { opinion: true }),
    ];
    const report = { ...reports.warn, probe: "dns", result: { servers } };
    const { page } = await visit(browser, await pretend(root, () => ok(report)));
    await run(page, "tcp://db.example.test:1433");
    const name = page.getByRole("region", { name: "Name" });
    await expect.poll(() => name.textContent()).toContain("203.0.113.7");
    expect(await name.textContent()).not.toContain("The views differ");
  });

  test("measured long names and IPv6 is read on a phone without scrolling sideways", async () => {
    const host = `${"a-very-long-name.".repeat(12)}test`;
    const on = "2001:db8:1111:2222:3333:4444:5555:6666";
    const target = { input: host, scheme: "tcp", host, port: 1 };
    const steps = [{ name: "connect", on, verdict: "pass", startMs: 0, ms: 1 }];
    const result = { addresses: [{ on, connect: { address: on, localAddress: on } }] };
    const report = { ...reports.pass, target, steps, result, summary: `PASS ${host} [${on}]:1` };
    const viewport = { width: 320, height: 640 };
    const { page } = await visit(browser, await pretend(root, () => ok(report)), { viewport });
    await run(page, "tcp://127.0.0.1:1");
    await verdict(page).waitFor();
    await page.locator(".facts > summary").click();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
  });
});
