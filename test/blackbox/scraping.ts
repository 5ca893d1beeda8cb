/** The same modules asked of Sonde's own `/probe` and of the real blackbox_exporter. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { answerProbe } from "../../lib/api/probe.ts";
import { makeEdge, type Edge } from "../../lib/api/edge.ts";
import { host } from "../asking.ts";
import { daemon, folder } from "../servers/daemon.ts";
import { closedPort } from "../servers/ports.ts";

export interface Answered {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type Ask = (query: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>;

/** An edge as `npm start` has it, with a file of modules or without one. */
export function edgeWith(text?: string, environment: Readonly<Record<string, string>> = {}): Edge {
  return makeEdge({
    environment: {
      SONDE_LOCAL_HOST: "1",
      SONDE_TARGETS: "@private @public @loopback",
      ...environment,
    },
    version: "0.0.0",
    resolvConf: "",
    host,
    ownAddresses: () => [],
    modules: {
      name: "blackbox.yml",
      text,
      read(path) {
        try {
          return readFileSync(path);
        } catch {
          return undefined;
        }
      },
    },
  });
}

/** Sonde's handler, without a server around it. `log` is told each line of the audit. */
export function ours(edge: Edge, log: (line: string) => void = () => {}): Ask {
  return async (query, headers = {}) => {
    const request = {
      method: "GET",
      url: `http://localhost/probe?${query}`,
      headers: [["host", "localhost"] as const, ...Object.entries(headers)],
      text: () => Promise.resolve(""),
    };
    const { status, headers: said, body } = await answerProbe(request, edge, log);
    return { status, contentType: said["content-type"] ?? "", body };
  };
}

/** The exporter of Debian, on a port of its own. */
export async function theirs(text: string): Promise<Ask & { readonly place: string }> {
  const config = join(await folder(), "blackbox.yml");
  await writeFile(config, text);
  const place = `127.0.0.1:${await closedPort()}`;
  const args = [`--config.file=${config}`, `--web.listen-address=${place}`];
  await daemon("prometheus-blackbox-exporter", args, /Listening on|listening/i);
  const ask: Ask = (query, headers = {}) =>
    new Promise((resolve, reject) => {
      get(`http://${place}/probe?${query}`, { headers, agent: false }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
        answer.on("end", () => {
          const contentType = answer.headers["content-type"] ?? "";
          resolve({ status: answer.statusCode ?? 0, contentType, body });
        });
      }).on("error", reject);
    });
  return Object.assign(ask, { place });
}

/** Every series with its value, labels in alphabetical order. */
export function seriesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const pairs = lines.map(sampleIn);
  const found = new Map(pairs);
  if (found.size < pairs.length) throw new Error(`a series stands there twice:\n${text}`);
  return found;
}

function sampleIn(line: string): [series: string, value: number] {
  const found = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (found === null) throw new Error(`not a sample: ${line}`);
  const [, name = "", labels = "", value] = found;
  const all = (labels.match(/[a-z_0-9]+="(?:[^"\\]|\\.)*"/g) ?? []).toSorted();
  return [all.length === 0 ? name : `${name}{${all.join(",")}}`, Number(value)];
}
