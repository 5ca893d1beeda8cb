/** What a probe leaves behind of memory, and takes of it, while it asks servers of the zoo. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";

const megabytes = z.object({
  /** How much more the process holds after a batch of rounds, and how much of that is in use. */
  resident: z.number(),
  heap: z.number(),
  /** How much more than at first it held at most. */
  peak: z.number(),
  /** Questions in a batch. */
  asked: z.int(),
});

const script = fileURLToPath(new URL("./zoo.memory.ts", import.meta.url));

/** Asks all questions at once, round after round, in a process of its own; all sizes in megabytes. */
export async function memoryOf(
  probe: "tcp" | "tls" | "http",
  questions: readonly (readonly (readonly [string, string])[])[],
): Promise<z.infer<typeof megabytes>> {
  const words = ["--expose-gc", script, JSON.stringify({ probe, questions })];
  const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 100_000 });
  return megabytes.parse(JSON.parse(stdout));
}
