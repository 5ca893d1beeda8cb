/** What is compared: five ways to answer the same question over HTTP, each in a process of its own. */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../local/bundle.ts";
import { folder } from "../test/servers/daemon.ts";
import { pathOf } from "../test/servers/packages.ts";
import { launch, type Child } from "./child.ts";
import { NAME, type Places } from "./places.ts";

export const questions = ["tcp", "http", "dns", "tls"] as const;
export type Question = (typeof questions)[number];

export interface Variant extends Child {
  readonly letter: "a" | "b" | "c" | "d" | "e";
  readonly says: string;
  readonly urlOf: (question: Question) => string;
  /** Whether this answer says that the exchange went well. */
  readonly isGood: (body: string) => boolean;
}

const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** As many at once as the benchmark's callers, who all look like one. */
const settings = {
  SONDE_LOCAL_HOST: "1",
  SONDE_TARGETS: "@private @public @loopback",
  SONDE_LIMITS: "inFlight=128 perCaller=64 scrapes=128",
};

const sondeQuery = ({ http, https, dns }: Places): Readonly<Record<Question, string>> => ({
  tcp: `target=${http}`,
  http: `target=http://${http}/`,
  dns: `name=${NAME}&type=A&server=${dns}`,
  tls: `target=${https}`,
});

const sonde = (url: string, places: Places) => ({
  urlOf: (question: Question) => `${url}/api/${question}?${sondeQuery(places)[question]}`,
  isGood: (body: string) => body.includes('"verdict": "pass"'),
});

/** (a) Sonde's handler, bundled as it ships, or from its sources when its parts are to be told apart. */
export async function startHandler(
  places: Places,
  { flags = [], bundled = true }: { flags?: readonly string[]; bundled?: boolean } = {},
): Promise<Variant> {
  const outdir = await folder();
  await writeFile(join(outdir, "package.json"), '{"type":"module"}');
  await bundle({ entries: { handler: source("handler.ts") }, outdir, splitting: true });
  const file = bundled ? join(outdir, "handler.js") : source("handler.ts");
  const child = await launch({
    command: () => [process.execPath, ...flags, file],
    env: { ...settings, NODE_EXTRA_CA_CERTS: places.ca, MODULES: modulesFor(places) },
  });
  return { ...child, letter: "a", says: "Sonde on node:http", ...sonde(child.url, places) };
}

/** An app laid out as it is deployed, for the local host. */
export async function layOut(main: string): Promise<string> {
  const root = await folder();
  const outdir = join(root, "dist");
  await bundle({ entries: { index: source(main) }, outdir, splitting: true });
  await writeFile(join(root, "package.json"), '{"type":"module","main":"dist/index.js"}');
  await copyFile(source("../host.json"), join(root, "host.json"));
  return root;
}

function startHost(root: string, ca: string): Promise<Child> {
  return launch({
    command: (port) => [process.execPath, source("../local/main.ts"), "--port", String(port)],
    cwd: root,
    env: { ...settings, NODE_EXTRA_CA_CERTS: ca },
  });
}

/** (b) Sonde under the local host, by way of the Functions library. */
export async function startSonde(root: string, places: Places): Promise<Variant> {
  const child = await startHost(root, places.ca);
  return { ...child, letter: "b", says: "Sonde, local host", ...sonde(child.url, places) };
}

export async function startEmpty(places: Places): Promise<Child> {
  return startHost(await layOut("empty.ts"), places.ca);
}

/** The modules of every scrape, whoever is scraped. JSON is YAML too. */
function modulesFor({ ca }: Places): string {
  return JSON.stringify({
    modules: {
      tcp: { prober: "tcp" },
      http: { prober: "http", http: { preferred_ip_protocol: "ip4" } },
      dns: { prober: "dns", dns: { query_name: NAME, query_type: "A" } },
      tls: { prober: "tcp", tcp: { tls: true, tls_config: { ca_file: ca } } },
    },
  });
}

const scraped = (url: string, { http, https, dns }: Places) => {
  const targets = { tcp: http, http: `http://${http}/`, dns, tls: https };
  return {
    urlOf: (question: Question) => `${url}/probe?module=${question}&target=${targets[question]}`,
    isGood: (body: string) => body.includes("\nprobe_success 1\n"),
  };
};

/** (e) The process of (a), scraped as (c) is. */
export function scrapeOf(handler: Variant, places: Places): Variant {
  return { ...handler, letter: "e", says: "Sonde, /probe", ...scraped(handler.url, places) };
}

/** (c) The exporter that everybody knows, with the same exchanges. */
export async function startBlackbox(places: Places): Promise<Variant> {
  const config = join(await folder(), "blackbox.yml");
  await writeFile(config, modulesFor(places));
  const program = pathOf("prometheus-blackbox-exporter");
  const child = await launch({
    command: (port) => [
      program,
      `--config.file=${config}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
  });
  return { ...child, letter: "c", says: "blackbox_exporter", ...scraped(child.url, places) };
}

/** (d) The same exchanges with nothing around them. */
export async function startFloor(places: Places): Promise<Variant> {
  const child = await launch({
    command: () => [process.execPath, source("floor.ts")],
    env: { CA: places.ca },
  });
  const ports = { tcp: places.http, http: places.http, dns: places.dns, tls: places.https };
  return {
    ...child,
    letter: "d",
    says: "bare node:http",
    urlOf: (question) => `${child.url}/${question}?${ports[question].split(":")[1]}`,
    isGood: (body) => body.includes('"ok":true'),
  };
}
