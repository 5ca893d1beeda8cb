/** The same load for all: wrk keeps so many connections busy, each with one request at a time. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { pathOf } from "../test/servers/packages.ts";
import { cpuSeconds } from "./child.ts";

export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server alone. */
  readonly cpuMicros: number;
}

export async function load(
  url: string,
  pid: number,
  clients: number,
  seconds: number,
): Promise<Figures> {
  const before = cpuSeconds(pid);
  const { stdout } = await promisify(execFile)(pathOf("wrk"), [
    "-t1",
    `-c${clients}`,
    `-d${seconds}s`,
    "--latency",
    url,
  ]);
  const cpu = cpuSeconds(pid) - before;
  if (/Non-2xx|Socket errors/.test(stdout))
    throw new Error(`${url} did not answer well: ${stdout}`);
  const find = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? "";
  const requests = Number(find(/(\d+) requests in/));
  const p99Ms = milliseconds(find(/^\s+99%\s+(\S+)/m));
  if (requests === 0 || Number.isNaN(p99Ms)) throw new Error(`${url} cannot be told: ${stdout}`);
  return {
    perSecond: Number(find(/Requests\/sec:\s+([\d.]+)/)),
    p50Ms: milliseconds(find(/^\s+50%\s+(\S+)/m)),
    p99Ms,
    cpuMicros: (cpu / requests) * 1e6,
  };
}

const inMs: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** wrk writes `840.00us`, `1.23ms` and `1.02s`. */
function milliseconds(text: string): number {
  const [, digits, unit = ""] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  return Number(digits) * (inMs[unit] ?? Number.NaN);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, two) => one - two);
  const middle = Math.floor(sorted.length / 2);
  const above = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? above : (above + (sorted[middle - 1] ?? above)) / 2;
}
