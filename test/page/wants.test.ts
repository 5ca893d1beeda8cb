/** What a person under pressure wants of the page, on the built product and before real servers. */
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { silent } from "../servers/tcp.ts";
import { build, host, launch, run, verdict, visit } from "./browser.ts";

needs("chromium", "openssl")("a person who opens the page", () => {
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    const root = await build();
    [{ url }, browser] = await Promise.all([host(root), launch()]);
  });

  const steps = (page: Page) => page.locator(".steps tbody tr");

  test("finds the expired certificate, and every other fault of it", async () => {
    const { port } = await sServer((await certificates())("expiredWrongHost"));
    const { page } = await visit(browser, url);
    await run(page, `https://localhost:${port}`);
    await expect.poll(() => verdict(page).textContent()).toBe("A certificate has expired");
    const certificate = page.getByRole("region", { name: "Certificates" });
    expect(await certificate.textContent()).toMatch(/expired \d+ days ago/);
    expect(await certificate.textContent()).toContain("none of them matches");
    const findings = page.getByRole("region", { name: "What it means" });
    expect(await findings.textContent()).toContain("tls.name_mismatch");
  });

  test("sees that it breaks where a redirect leads", async () => {
    const dead = `http://127.0.0.1:${await closedPort()}/login`;
    const moved = await site((_, response) => {
      response.writeHead(302, { location: dead }).end();
    });
    const { page } = await visit(browser, `${url}/#probe=http&follow=2&target=${moved}`);
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    const said = await page.locator(".card.verdict").textContent();
    expect(said).toContain(`Breaks at Open TCP on ${dead}`);
    expect(said).toContain("A redirect led there.");
  });

  test("is not told that every step passed where a port stays closed as it should", async () => {
    const { page } = await visit(browser, url);
    const closed = `{ target: "tcp://127.0.0.1:${await closedPort()}", expect: { reachable: false } }`;
    await run(page, `version: 1\nchecks:\n  - ${closed}`);
    await expect.poll(() => verdict(page).textContent()).toBe("As expected");
    expect(await page.locator(".card.verdict").textContent()).not.toContain("redirect");
  });

  test("reads a step that has no other name once", async () => {
    const { page } = await visit(browser, url);
    await run(page, `sql://127.0.0.1:${await closedPort()}`);
    await verdict(page).waitFor();
    const names = await page.locator(".steps tbody th").allTextContents();
    expect(names.map((name) => name.trim())).toContain("sql");
  });

  test("sees where it breaks, what was not reached, and what to do next", async () => {
    const { page } = await visit(browser, url);
    await run(page, `http://127.0.0.1:${await closedPort()}/`);
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    expect(await page.locator(".card.verdict").textContent()).toContain("Breaks at Open TCP");
    const rows = await steps(page).allTextContents();
    expect(rows.some((row) => row.startsWith("FailOpen TCP"))).toBe(true);
    expect(rows.some((row) => /^Skipped.*never begun$/.test(row))).toBe(true);
    expect(await page.getByText("What to do next").count()).toBe(1);
    expect(await page.getByText("Not shown").count()).toBe(1);
  });

  test("opens a link with the target in it and has the answer at once, with two requests", async () => {
    const { page, requests } = await visit(
      browser,
      `${url}/ui#target=${encodeURIComponent(`${url}/api/health`)}`,
    );
    await expect.poll(() => verdict(page).textContent()).toBe("Works: every step passed");
    expect(await page.locator("#target").inputValue()).toBe(`${url}/api/health`);
    expect(requests).toEqual([`GET ${url}/ui`, `POST ${url}/api/check`]);
  });

  test("sees what the first view costs: the page and one request", async () => {
    const { page, requests } = await visit(browser, `${url}/`);
    await page.getByText("this computer").waitFor();
    expect(requests).toEqual([`GET ${url}/`, `GET ${url}/api/vantage`]);
  });

  test("is told what the policy refuses, and that nothing was sent", async () => {
    const { page } = await visit(browser, url);
    await run(page, "http://169.254.169.254/metadata");
    const card = page.locator(".card.verdict");
    await card.waitFor();
    expect(await card.textContent()).toContain("Nothing was sent to the target");
    expect(await card.textContent()).toContain("policy.floor");
    // No setting opens the floor.
    expect(await card.textContent()).not.toContain("SONDE_TARGETS");
    await page.getByRole("button", { name: "Show the policy" }).click();
    await page.getByRole("heading", { name: "Limits" }).waitFor();
    expect(await page.getByRole("main").textContent()).toContain("@loopback");
  });

  test("is told which parameter is wrong, and which one was meant", async () => {
    const { page } = await visit(browser, `${url}/#target=127.0.0.1:1&timeoutms=5`);
    await expect.poll(() => page.locator(".card.verdict").textContent()).toContain("timeoutMs");
  });

  test("asks every name server beside the system", async () => {
    const { page } = await visit(browser, `${url}/#target=tcp://localhost:${await closedPort()}`);
    await page.getByRole("button", { name: "Ask all name servers" }).click();
    await page.getByText("System resolver (what the app uses)").waitFor();
    expect(await page.getByRole("region", { name: "Name" }).textContent()).toContain("loopback");
  });

  test("pastes three lines and sees the failure first", async () => {
    const { port } = await silent();
    const closed = await closedPort();
    const { page } = await visit(browser, url);
    await run(page, `tcp://127.0.0.1:${port}\n${url}/api/health\ntcp://127.0.0.1:${closed}`);
    await expect.poll(() => page.locator("#batch").textContent()).toMatch(/3 of 3 done, 1 failed/);
    const rows = page.locator(".batch button");
    expect(await rows.first().textContent()).toContain(`:${closed}`);
    await rows.filter({ hasText: "/api/health" }).click();
    await expect.poll(() => verdict(page).textContent()).toBe("Works: every step passed");
  });

  test("names no port: is offered the usual ones, and asks a recent target again with one press", async () => {
    const { page } = await visit(browser, url);
    const box = page.locator("#target");
    const ghost = page.getByRole("button", { name: ":1433 sql" });
    await box.fill("127.0.0.1:1433");
    expect(await ghost.count()).toBe(0);
    await box.fill("localhost");
    await ghost.click();
    expect(await box.inputValue()).toBe("sql://localhost");
    await run(page, `tcp://127.0.0.1:${await closedPort()}`);
    await verdict(page).waitFor();
    const asked = page.waitForRequest(/api\/check/);
    await box.fill("");
    await page.getByText("Recent").locator("..").getByRole("button").first().press("Enter");
    expect((await asked).postDataJSON()).toEqual({
      target: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  test("has no JavaScript: the page says how to ask without it", async () => {
    const { page } = await visit(browser, url, { javaScriptEnabled: false });
    const said = await page.locator("body").textContent();
    expect(said).toContain(`curl -sS -H "x-functions-key: $SONDE_KEY"`);
    expect(said).toContain("format=text");
  });

  test("stops a check with Escape", async () => {
    const { port } = await silent();
    const { page } = await visit(browser, url);
    await run(page, `tls://127.0.0.1:${port}`);
    await page.getByRole("button", { name: /^Stop/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Stopped before an answer came.").waitFor();
  });

  test("does all of it with the keyboard alone, and the focus stays", async () => {
    const { page } = await visit(browser, url);
    const focused = () => page.evaluate("document.activeElement.id");
    await expect.poll(focused).toBe("target");
    await page.getByRole("heading", { name: "Sonde" }).click();
    expect(await focused()).toBe("");
    await page.keyboard.press("/");
    await expect.poll(focused).toBe("target");
    await page.keyboard.type(`tcp://127.0.0.1:${await closedPort()}`);
    await page.keyboard.press("Enter");
    await verdict(page).waitFor();
    expect(await focused()).toBe("target");
    const seen: unknown[] = [];
    for (let tabs = 0; tabs < 25; tabs += 1) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate("document.activeElement.textContent"));
    }
    expect(seen).toContain("Copy link");
    expect(seen).toContain("Print");
    expect(await page.locator("main > [role=status]").textContent()).toContain("refused");
  });

  test("reads how the request came in", async () => {
    const { page } = await visit(browser, url);
    await page.getByRole("button", { name: "Inbound" }).click();
    await page.getByText("The way this request took").waitFor();
    expect(await page.locator(".hops li").count()).toBeGreaterThan(1);
  });

  test("looks up a code from a ticket", async () => {
    const { page } = await visit(browser, url);
    await page.getByRole("button", { name: "Findings" }).click();
    await page.getByRole("searchbox").fill("tcp.refused");
    const found = page.locator("details", { hasText: "tcp.refused" });
    await found.first().click();
    expect(await found.first().textContent()).toContain("What to do next");
  });
});
