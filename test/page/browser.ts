/** A page as a test sees it: whatever its console, its policy or the network has to say fails the test. */
import type { Browser, Page } from "playwright-core";
import { afterEach, expect } from "vitest";
import { closing } from "../servers/closing.ts";
import { build, host } from "./chromium.ts";

export { build, host, launch } from "./chromium.ts";
export { run, verdict } from "./states.ts";

/** The local host with enforced keys, and the function key. */
export async function keyed(): Promise<{ readonly url: string; readonly key: string }> {
  const running = await host(await build(), ["--keys"]);
  return { url: running.url, key: running.keys().host };
}

/** Complaints of all pages since the last test ended: a test with any of them fails. */
const complaints: string[] = [];

afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

type ContextOptions = NonNullable<Parameters<Browser["newContext"]>[0]>;

export interface Visit {
  readonly page: Page;
  /** Everything that was asked for, by method and URL. */
  readonly requests: readonly string[];
}

/**
 * A page in an empty profile. Console errors, exceptions, broken policies and requests to anywhere else
 * are complaints. A status of the API that is no 2xx is printed by the browser itself, and is none.
 */
export async function visit(
  browser: Browser,
  url: string,
  options: ContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  closing(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const { origin } = new URL(url);
  page.on("request", (request) => {
    requests.push(`${request.method()} ${request.url()}`);
    const { protocol } = new URL(request.url());
    const inside = ["data:", "blob:"].includes(protocol) || request.url().startsWith(origin);
    if (!inside) complaints.push(`a request to ${request.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const status = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !status) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, requests };
}
