/**
 * Asks the questions it is given again and again, and prints what that left behind and what it took at most.
 * A process of its own (zoo.ts runs it): where the servers are, they would be measured as well.
 */
import { resourceUsage } from "node:process";
import * as z from "zod";
import { http } from "../../lib/probes/http.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { tls } from "../../lib/probes/tls.ts";
import { readyToRequest } from "../../lib/stages/request.ts";
import { ask } from "../asking.ts";

const WARM_UP = 15;
const BATCHES = 3;
const ROUNDS = 5;

const asked = z.object({
  probe: z.enum(["tcp", "tls", "http"]),
  questions: z.array(z.array(z.tuple([z.string(), z.string()]))),
});

const { probe, questions } = asked.parse(JSON.parse(process.argv[2] ?? ""));
const answering = { tcp, tls, http }[probe];

async function rounds(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await Promise.all(questions.map((pairs) => ask(answering, pairs)));
  }
}

/** In megabytes, after everything that can go is gone. */
function held() {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 2 ** 20, heap: (heapUsed + external) / 2 ** 20 };
}

/** maxRSS is in kilobytes: getrusage(2). */
const peak = () => resourceUsage().maxRSS / 1024;

await readyToRequest();
const idle = held().resident;
// What is loaded, compiled and kept for good by the first rounds is no leak.
await rounds(WARM_UP);
const grown = { resident: Infinity, heap: Infinity };
for (let batch = 0; batch < BATCHES; batch += 1) {
  const before = held();
  await rounds(ROUNDS);
  const after = held();
  // The allocator takes a page when it likes; what is really left behind is left behind by every batch.
  grown.resident = Math.min(grown.resident, after.resident - before.resident);
  grown.heap = Math.min(grown.heap, after.heap - before.heap);
}
console.log(JSON.stringify({ ...grown, peak: peak() - idle, asked: questions.length * ROUNDS }));
