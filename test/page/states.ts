/**
 * The main states of the page, and how a person gets to each: what is searched for barriers and what is
 * pictured. Every answer comes from the product and from real servers.
 */
import type { Page } from "playwright-core";
import { certificates } from "../servers/certificates.ts";
import { site } from "../servers/http.ts";
import { closedPort } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { silent } from "../servers/tcp.ts";
import { host } from "./chromium.ts";

/** Types a target into the one box and runs it. */
export async function run(page: Page, target: string): Promise<void> {
  await page.getByRole("textbox", { name: /fail to reach/ }).fill(target);
  await page.keyboard.press("Enter");
}

/** The sentence that leads. */
export const verdict = (page: Page) => page.locator("#verdict");

/** A Sonde with a banner, and what it is asked about. */
export interface Stage {
  readonly url: string;
  readonly expired: number;
  readonly closed: number;
  readonly silent: number;
}

export async function stage(root: string): Promise<Stage> {
  // Operators of our own: those that Sonde brings are never asked by a test.
  const [one, other] = await Promise.all(
    ["20.50.1.2", "20.50.1.9"].map((seen) => site((_, response) => void response.end(seen))),
  );
  const env = {
    SONDE_BANNER: "prod: orders|red",
    SONDE_OUTBOUND_PROVIDERS: `first=${one}/ip second=${other}/ip`,
  };
  const [{ url }, expired, quiet, closed] = await Promise.all([
    host(root, [], env),
    certificates().then((all) => sServer(all("expired"))),
    silent(),
    closedPort(),
  ]);
  return { url, expired: expired.port, silent: quiet.port, closed };
}

export interface State {
  readonly name: string;
  /** Goes there from any other state, and is there when it resolves. */
  reach(page: Page, at: Stage): Promise<void>;
}

const view = async (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("button", { name }).click();

const several = ({ url, closed }: Stage) =>
  `${url}/api/health\ntcp://127.0.0.1:${closed}\nhttp://169.254.169.254/`;

/** In this order: the history and the comparison live on what was asked before. */
export const states: readonly State[] = [
  {
    name: "home",
    reach: async (page) => page.getByText("Measures from").waitFor(),
  },
  {
    name: "failing",
    reach: async (page, { expired }) => {
      await run(page, `https://localhost:${expired}/`);
      await verdict(page).waitFor();
    },
  },
  {
    name: "everything",
    reach: async (page) => {
      await page.locator(".facts > summary").click();
      await page.getByRole("button", { name: "Ask all name servers" }).click();
      await page.getByText("System resolver").waitFor();
    },
  },
  {
    name: "compare",
    reach: async (page, { closed }) => {
      await run(page, `tcp://127.0.0.1:${closed}`);
      await page.getByText("The connection was refused").first().waitFor();
      await page.getByRole("heading", { name: "Compare" }).click();
      await page.getByRole("spinbutton").fill("4");
      await page.getByRole("button", { name: "Compare instances" }).click();
      await page.getByText("answered 4 of 4 calls").waitFor();
      await page.getByLabel("From the history").selectOption({ index: 1 });
      await page.locator(".differ").waitFor();
    },
  },
  {
    name: "running",
    reach: async (page, at) => {
      await run(page, `${several(at)}\ntls://127.0.0.1:${at.silent}\n${at.url}/api/policy`);
      await page.getByText("Now tls://").waitFor();
      await page.getByText("The connection was refused").waitFor();
    },
  },
  {
    name: "several",
    reach: async (page, at) => {
      await page.keyboard.press("Escape");
      await run(page, several(at));
      await page.getByText("3 of 3 done, 2 failed").waitFor();
    },
  },
  {
    name: "refused",
    reach: async (page) => {
      await run(page, "http://0xa9fea9fe/");
      await page.getByText("Nothing was sent to the target").waitFor();
    },
  },
  {
    name: "outbound",
    reach: async (page) => {
      await view(page, "Outbound");
      await page.getByLabel(/Allow-list/).fill("20.50.1.0/29");
      await page.getByRole("button", { name: /^Ask from where/ }).click();
      await page.getByRole("heading", { name: "Outbound addresses" }).waitFor();
    },
  },
  {
    name: "suites",
    reach: async (page) => {
      await view(page, "Suites");
      await page.getByText("Container Apps environment").waitFor();
    },
  },
  {
    name: "inbound",
    reach: async (page) => {
      await view(page, "Inbound");
      await page.getByText("The way this request took").waitFor();
    },
  },
  {
    name: "vantage",
    reach: async (page) => {
      await view(page, "Vantage");
      await page.getByText("Name servers, in the order").waitFor();
    },
  },
  {
    name: "policy",
    reach: async (page) => {
      await view(page, "Policy");
      await page.getByRole("heading", { name: "Limits" }).waitFor();
    },
  },
  {
    name: "findings",
    reach: async (page) => {
      await view(page, "Findings");
      await page.getByRole("searchbox").fill("tls.expired");
      await page.locator("details", { hasText: "tls.expired" }).first().click();
    },
  },
  {
    name: "history",
    reach: async (page) => {
      await view(page, "History");
      await page.getByLabel("Keep a history").waitFor();
    },
  },
  {
    name: "whole",
    reach: async (page, { url, closed }) => {
      await view(page, "Check");
      const checks = `checks:\n  - ${url}/api/health\n  - tcp://127.0.0.1:${closed}`;
      await run(page, `version: 1\nname: orders\nnotProved: [that a login works]\n${checks}`);
      await page.getByText("that a login works").waitFor();
    },
  },
  {
    name: "names",
    reach: async (page, { url }) => {
      await page.goto(`${url}/#probe=names&target=localhost`);
      await page.getByRole("heading", { name: "Names" }).waitFor();
    },
  },
];
