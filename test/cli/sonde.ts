/** The command line as it ships: one file, started in an empty folder. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { bundle } from "../../local/bundle.ts";
import { folder } from "../servers/daemon.ts";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Sonde {
  /** The bundle. */
  readonly file: string;
  /** Runs it to its end. */
  run(words: readonly string[], env?: Environment): Promise<Ended>;
  start(words: readonly string[], env?: Environment, stdin?: Stdin): ChildProcess;
}

type Environment = Readonly<Record<string, string>>;

type Stdin = "ignore" | "pipe";

const source = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Built away from dist/: other tests may be building theirs. */
export async function build(): Promise<Sonde> {
  const home = await folder();
  await bundle({ entries: { sonde: source }, outdir: home, splitting: false });
  const cwd = join(home, "empty");
  await mkdir(cwd);
  const file = join(home, "sonde.mjs");
  const start = (words: readonly string[], env: Environment = {}, stdin: Stdin = "ignore") =>
    spawn(process.execPath, [file, ...words], {
      cwd,
      env: { PATH: process.env["PATH"], ...env },
      stdio: [stdin, "pipe", "pipe"],
    });
  return { file, start, run: (words, env) => end(start(words, env)) };
}

/** What a child printed until it ended. */
async function end(child: ReturnType<Sonde["start"]>): Promise<Ended> {
  const [out, err] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    once(child, "close"),
  ]);
  return { code: child.exitCode, out, err };
}
