/**
 * Asks the servers on the ports it is given again and again, and prints by how much the resident memory
 * has grown meanwhile: tcp-zoo.test.ts runs it by itself, since there the servers would be measured as well.
 */
import { tcp } from "../../lib/probes/tcp.ts";
import { ask } from "../asking.ts";

const [, , ...ports] = process.argv;

async function round(): Promise<void> {
  const one = (port: string) =>
    ask(tcp, [
      ["target", `127.0.0.1:${port}`],
      ["banner", "1"],
      ["timeoutMs", 200],
    ]);
  await Promise.all(ports.map(one));
}

async function rounds(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await round();
}

/** In megabytes, after everything that can go is gone. */
function resident(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
}

// What is loaded, compiled and kept for good by the first rounds is no leak.
await rounds(30);
const grown: number[] = [];
for (let batch = 0; batch < 3; batch += 1) {
  const before = resident();
  await rounds(10);
  grown.push(resident() - before);
}
// The allocator takes a page when it likes; what is really left behind is left behind by every batch.
console.log(JSON.stringify({ megabytes: Math.min(...grown), asked: ports.length * 10 }));
