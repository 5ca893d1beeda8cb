/** A server of somebody else's, as an ordinary child process with a folder of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closing } from "./closing.ts";
import { pathOf, type Program } from "./packages.ts";

export interface Daemon {
  readonly pid: number;
  /** What it printed so far, on both streams. */
  printed(): string;
  /** Happens by itself at the end of the test, or of the file. May be asked twice. */
  stop(): Promise<void>;
}

/** How long a server may take until it says that it is ready. */
const READY_MS = 60_000;

/** As whom, and where, a program runs. */
export interface As {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** In a process group of its own: some end by signalling everybody in theirs, and that would be us. */
  readonly detached?: boolean;
  readonly stdin?: "ignore";
}

/** Starts a program and waits until what it prints matches `ready`. `path` where it is not the one that is found. */
export async function daemon(
  program: Program,
  args: readonly string[],
  ready: RegExp,
  { stdin, ...as }: As = {},
  path = pathOf(program),
): Promise<Daemon> {
  const child = spawn(path, args, { ...as, stdio: [stdin ?? "pipe", "pipe", "pipe"] });
  const closed = once(child, "close");
  let printed = "";
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await closed;
  };
  closing(stop);
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${program} ${why}:\n${printed}`));
    const patience = setTimeout(fail, READY_MS, "did not get ready");
    const listen = (chunk: string) => {
      printed += chunk;
      if (!ready.test(printed)) return;
      clearTimeout(patience);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", listen);
    closed.then(() => fail("ended"), reject);
  });
  return { pid: child.pid ?? 0, printed: () => printed, stop };
}

/** An empty folder that goes when the test does. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sonde-"));
  closing(() => rm(path, { recursive: true, force: true }));
  return path;
}
