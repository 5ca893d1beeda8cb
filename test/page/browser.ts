/** The product on the local host, and Debian's Chromium looking at it. */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterEach, expect } from "vitest";
import { bundle } from "../../local/bundle.ts";
import { buildPage } from "../../local/page.ts";
import { spawnHost, type SpawnedHost } from "../local/spawn.ts";
import { closing } from "../servers/closing.ts";
import { folder } from "../servers/daemon.ts";
import { pathOf } from "../servers/packages.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The product in a folder of its own, for other tests may be building theirs: built by the first who asks. */
export async function build(): Promise<string> {
  const shared = process.env["SONDE_TEST_FOLDER"] ?? (await folder());
  const root = join(shared, "product");
  if (existsSync(root)) return root;
  const draft = await mkdtemp(join(shared, "draft-"));
  await Promise.all([
    bundle({
      entries: { "functions/index": join(repository, "functions/index.ts") },
      outdir: join(draft, "dist"),
      splitting: true,
    }),
    buildPage(join(repository, "page"), join(draft, "dist/page")),
    ...["package.json", "host.json"].map((name) => cp(join(repository, name), join(draft, name))),
  ]);
  // Whoever comes second finds the folder there, and takes the other's.
  await rename(draft, root).catch(() => rm(draft, { recursive: true }));
  return root;
}

/** The local host with loopback open; `args` such as `--keys`. */
export async function host(
  root: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<SpawnedHost> {
  const running = await spawnHost({ root, args, env: { SONDE_TARGETS: "@loopback", ...env } });
  closing(async () => void (await running.stop()));
  return running;
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Nothing but loopback is ever resolved or reached.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export async function launch(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: pathOf("chromium"), args: flags });
  closing(() => browser.close());
  return browser;
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

const shots = join(repository, "test-results/page");

/** Kept for people to look at: test-results/ is not a part of the repository. */
export async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

/** Types a target into the one box and runs it. */
export async function run(page: Page, target: string): Promise<void> {
  await page.getByRole("textbox", { name: /fail to reach/ }).fill(target);
  await page.keyboard.press("Enter");
}

/** The sentence that leads. */
export const verdict = (page: Page) => page.locator("#verdict");
