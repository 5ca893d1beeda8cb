/** The product on the local host, and Debian's Chromium looking at it. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { bundle } from "../../local/bundle.ts";
import { buildPage } from "../../local/page.ts";
import { spawnHost, type SpawnedHost } from "../local/spawn.ts";
import { closing } from "../servers/closing.ts";
import { folder } from "../servers/daemon.ts";
import { pathOf } from "../servers/packages.ts";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

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
