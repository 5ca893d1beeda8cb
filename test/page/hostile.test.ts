/** What hostile strings cannot do to the page: they are text in every field, and never markup. */
import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import * as reports from "../surfaces/reports.ts";
import { build, launch, run, verdict, visit } from "./browser.ts";
import { naughty } from "./naughty.ts";
import { pretend } from "./server.ts";

needs("chromium")("naughty strings", () => {
  let root: string;
  let browser: Browser;

  beforeAll(async () => {
    [root, browser] = await Promise.all([build(), launch()]);
  });

  /** The page before a Sonde that says what it is told to, whatever it is asked. */
  async function before(say: (name: string) => unknown): Promise<Page> {
    const told = (name: string) => ({ status: 200, body: JSON.stringify(say(name)) });
    const { page } = await visit(browser, await pretend(root, told));
    return page;
  }

  /** What is drawn after the verdict. */
  const below = (page: Page) => page.locator("#take");

  const hacked = (page: Page) => page.evaluate("window.hacked");

  test(
    "in every field of a report leave the elements as they are",
    { timeout: 240_000 },
    async () => {
      let index = 0;
      const next = () => soiled([naughty[index] ?? ""], ++index);
      let asked = () => soiled(["x"], 0);
      const page = await before(() => asked());
      await page.evaluate("localStorage.setItem('sonde.history.off', '1')");
      await run(page, "tcp://127.0.0.1:1");
      await verdict(page).waitFor();
      await below(page).waitFor({ state: "attached" });
      asked = next;
      const usual = await page.locator("body *").count();
      const counts = await page.evaluate(askAgain, naughty.length);
      expect(usual).toBeGreaterThan(100);
      const changed = naughty.filter((_, at) => counts[at] !== usual);
      expect(changed).toEqual([]);
      expect(naughty.length).toBeGreaterThanOrEqual(515);
      expect(await hacked(page)).toBeUndefined();
    },
  );

  /** In the page: asks so many times, and counts the elements each time. */
  async function askAgain(times: number): Promise<number[]> {
    const counts: number[] = [];
    const arrived = (id: string) =>
      document.querySelector(".summary")?.textContent.startsWith(id) === true &&
      document.querySelector("#take") !== null;
    const { port1, port2 } = new MessageChannel();
    port1.start();
    for (let at = 1; at <= times; at += 1) {
      document.querySelector<HTMLElement>("form.question button.main")?.click();
      while (!arrived(`run-${at} `)) {
        await new Promise((resolve) => {
          port1.addEventListener("message", resolve, { once: true });
          port2.postMessage(0);
        });
      }
      counts.push(document.querySelectorAll("body *").length);
    }
    return counts;
  }

  /** A report with the strings wherever a target, or another Sonde, may write: many where there may be many. */
  function soiled(strings: readonly string[], id: number) {
    const [string = ""] = strings;
    const each = <Made>(make: (one: string) => Made) => strings.map(make);
    const { fail } = reports;
    const [step] = fail.steps;
    const [finding] = fail.findings;
    const certificate = (one: string) =>
      Object.fromEntries(
        ["subject", "issuer", "key", "sha1", "sha256", "validFrom"].map((key) => [key, one]),
      );
    const chain = { built: each(certificate), sent: each(certificate), oddities: strings };
    const leaf = { ...certificate(string), names: strings };
    const handshake = { leaf, chain, faults: strings, checkedName: string, protocol: string };
    const stopped = { stage: string, code: string, message: string };
    return {
      ...fail,
      id: `run-${id}`,
      summary: `run-${id} ${string}`,
      target: { ...fail.target, host: string, scheme: string, input: string },
      // A table of all addresses by all stages would have a quarter of a million cells.
      steps: each((one) => ({ ...step, name: string, on: one, code: one })),
      result: {
        resolve: {
          host: string,
          addresses: each((one) => ({ address: one, class: one })),
          chain: strings,
        },
        addresses: [{ on: string, handshake, stopped }],
        samples: each((one) => ({
          on: one,
          sample: { operator: one, method: one, destination: one, address: one, discarded: one },
        })),
        egress: {
          addresses: each((one) => ({ address: one, operators: [one], expectedAs: one })),
          verdict: string,
        },
        // Names of facts come from there as well.
        notes: Object.fromEntries(each((one) => [`_${one}`, { text: one }])),
      },
      findings: each((one) => ({
        ...finding,
        ...Object.fromEntries(
          ["code", "title", "why", "evidence", "blame", "confidence"].map((key) => [key, one]),
        ),
        ...Object.fromEntries(["on", "rivals", "next", "commands"].map((key) => [key, [one]])),
      })),
      expected: each((one) => ({ key: one, wanted: one, actual: one, ok: false, on: one })),
      proved: strings,
      notProved: strings,
      reproduce: strings,
      vantage: {
        ...fail.vantage,
        app: string,
        region: string,
        instance: string,
        banner: { text: string, colour: "red" },
        represents: { app: string, basis: "unknown", same: [], differs: strings, unknown: [] },
      },
    };
  }

  /** Lists in which each string has a row: beside as many rows of ordinary words. */
  const views: readonly (readonly [view: string, of: (strings: readonly string[]) => unknown])[] = [
    ["Check", (strings) => soiled(strings.slice(0, 515), 0)],
    [
      "Inbound",
      (strings) => ({
        ...reports.pass,
        probe: "echo",
        result: {
          arrive: {
            headers: strings.map((one) => ({ name: one, value: one, setBy: one })),
            hops: strings.map((one) => ({ kind: one, confidence: one, evidence: [one] })),
            client: { address: strings[0], confidence: "claimed", reasons: strings },
          },
        },
      }),
    ],
    [
      "Vantage",
      (strings) => ({
        ...reports.pass,
        probe: "vantage",
        vantage: {
          ...reports.pass.vantage,
          represents: { ...reports.pass.vantage.represents, same: strings, differs: strings },
        },
        result: {
          locate: {
            resolvers: strings.map((one) => ({ address: one, origin: one })),
            interfaces: strings.map((one) => ({ name: one, address: one, class: one })),
            variables: strings,
          },
        },
      }),
    ],
    [
      "Suites",
      (strings) => ({
        suites: strings.map((one) => ({ name: one, title: one, summary: one, source: one })),
      }),
    ],
    [
      "Policy",
      (strings) => ({
        rules: strings.map((one) => `_${one.replaceAll(/\s/g, "")}`).join(" "),
        auth: strings[5],
        floor: strings[5],
        limits: strings.map((one) => ({ name: one, says: one, value: 1, ceiling: 2 })),
      }),
    ],
    [
      "Findings",
      (strings) => ({
        findings: strings.slice(0, 100).map((one) => ({
          code: one,
          severity: "warn",
          title: one,
          why: one,
          blame: one,
          confidence: one,
          rivals: [one],
          next: [one],
        })),
      }),
    ],
  ];

  test.each(views)(
    "in the view %s are rows like any other",
    { timeout: 120_000 },
    async (view, of) => {
      const counts: number[] = [];
      const once = [...new Set(naughty)];
      for (const strings of [once.map((_, index) => `word${index}`), once]) {
        const page = await before(() => of(strings));
        if (view === "Check") await run(page, "tcp://127.0.0.1:1");
        else await page.getByRole("button", { name: view, exact: true }).click();
        // A heading of a naughty string may have nothing to be seen.
        await page
          .locator(view === "Check" ? "#verdict" : "h2")
          .first()
          .waitFor({ state: "attached", timeout: 90_000 });
        await page.getByText("Asking…").waitFor({ state: "detached" });
        if (view === "Check") await below(page).waitFor({ state: "attached", timeout: 90_000 });
        counts.push(await page.locator("body *").count());
        expect(await hacked(page)).toBeUndefined();
      }
      const [usual, naughtily] = counts;
      expect(usual).toBeGreaterThan(500);
      expect(naughtily).toBe(usual);
    },
  );
});
