/** A server under test: a process of its own, on a loopback port, whose cost can be read from outside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { closing } from "../test/servers/closing.ts";
import { folder } from "../test/servers/daemon.ts";
import { pathOf } from "../test/servers/packages.ts";
import { closedPort } from "../test/servers/ports.ts";

export interface Child {
  /** `http://127.0.0.1:40123`, without a trailing slash. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Launch {
  readonly command: (port: number) => readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const LOG_SHOWN = 4000;

/**
 * Starts it and waits until it answers HTTP. It sees a name server that nobody runs instead of the
 * machine's own, so that no slip can ask that one, and logs into a file, as a service would.
 */
export async function launch({ command, cwd, env }: Launch): Promise<Child> {
  const home = await folder();
  const resolvConf = join(home, "resolv.conf");
  writeFileSync(resolvConf, "nameserver 127.0.0.1\n");
  const port = await closedPort();
  const flags = process.getuid?.() === 0 ? "-m" : "-rm";
  const quiet = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  const log = join(home, "log");
  const file = openSync(log, "w");
  const child = spawn(pathOf("unshare"), [flags, "sh", "-c", quiet, resolvConf, ...command(port)], {
    cwd,
    env: { ...process.env, PORT: String(port), ...env },
    stdio: ["ignore", file, file],
  });
  const closed = once(child, "close");
  let stopping = false;
  // One that ends by itself is news, and its log goes with its folder.
  child.once("exit", (code, signal) => {
    if (stopping) return;
    const last = readFileSync(log, "utf8").slice(-LOG_SHOWN);
    console.error(`${command(port).join(" ")} ended with ${code ?? signal}: ${last}`);
  });
  const stop = async () => {
    stopping = true;
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await closed;
  };
  closing(stop);
  const url = `http://127.0.0.1:${port}`;
  const patience = performance.now() + 15_000;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > patience) {
      throw new Error(`${command(port).join(" ")} does not serve: ${readFileSync(log, "utf8")}`);
    }
    await delay(20);
  }
  return { url, pid: child.pid ?? 0, stop };
}

async function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}

const TICKS_PER_SECOND = 100;

/** Seconds of processor time so far, in user and system mode, of all threads: proc_pid_stat(5). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program, in parentheses, may hold spaces; fields 14 and 15 are wanted.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The most resident memory it ever had, in MB: proc_pid_status(5). */
export function peakMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
