/** Log lines of the app and of the host, on standard error. */
import { type Level } from "./rpc.ts";

const silent: ReadonlySet<Level> = new Set(["trace", "debug", "none"]);

export function log(level: Level, message: string): void {
  if (!silent.has(level)) process.stderr.write(`[${level}] ${message}\n`);
}
