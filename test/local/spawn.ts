/**
 * Starts the local host in a process of its own.
 *
 * `@azure/functions` keeps the first core it is given and Node keeps the modules it has loaded, so
 * one process serves one app; a child for each app is the only isolation that holds.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Keys } from "../../local/host/keys.ts";

export interface SpawnedHost {
  /** `http://127.0.0.1:40123`, without a trailing slash. */
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far, on both streams. */
  printed(): string;
  /** The keys that it enforces: it prints them at its start. Throws without `--keys`. */
  keys(): Keys;
  /** Ends it with SIGTERM and resolves to its exit code. Safe to call twice. */
  stop(): Promise<number | null>;
}

export interface SpawnOptions {
  /** The directory to serve: the one with package.json, host.json and what `main` names. */
  readonly root: string;
  readonly args?: readonly string[];
  /** On top of the environment of the tests. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const main = fileURLToPath(new URL("../../local/main.ts", import.meta.url));

/** Starts `local/main.ts` on a free port and waits until it serves. Rejects when it ends first. */
export async function spawnHost(options: SpawnOptions): Promise<SpawnedHost> {
  const child = launch(options, ["--port", "0", ...(options.args ?? [])]);
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: string) => {
      printed += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
      if (found) resolve(found[0]);
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    child.once("close", (code) => reject(new Error(`the host ended with ${code}: ${printed}`)));
  });
  const keys = () => keysIn(printed);
  return { url, child, printed: () => printed, keys, stop: () => end(child) };
}

function keysIn(printed: string): Keys {
  const [, host, master] = /function key +(\S+)\s+master key +(\S+)/.exec(printed) ?? [];
  if (host === undefined || master === undefined) throw new Error(`no keys in: ${printed}`);
  return { host, master };
}

/** Runs `local/main.ts` to its end: for arguments that do not start a server. */
export async function runMain(
  options: SpawnOptions,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = launch(options, options.args ?? []);
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: child.exitCode, out, err };
}

/** A name server that nobody runs: the host asks loopback, never whoever serves this machine. */
const resolvConf = join(mkdtempSync(join(tmpdir(), "sonde-")), "resolv.conf");
writeFileSync(resolvConf, "nameserver 127.0.0.1\n");

/** A mount namespace of its own, where only /etc/resolv.conf is another. */
function launch(options: SpawnOptions, args: readonly string[]) {
  const flags = process.getuid?.() === 0 ? "-m" : "-rm";
  const quiet = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  const command = [process.execPath, main, ...args];
  return spawn("unshare", [flags, "sh", "-c", quiet, resolvConf, ...command], {
    cwd: options.root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, "close");
    child.kill("SIGTERM");
    await closed;
  }
  return child.exitCode;
}
