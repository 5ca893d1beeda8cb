/** Deadlines on a machine that has other things to do: what its loop was late by is not the product's. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect } from "vitest";

/** How long after its deadline a run may end. */
const GRACE_MS = 250;

/** Runs `work`, and holds it to its deadline: 250 ms later at most, and what the loop was held up by others. */
export async function inTime<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const start = performance.now();
  try {
    return await work();
  } finally {
    const ms = performance.now() - start;
    loop.disable();
    const lateMs = 2 * (loop.max / 1e6);
    expect(ms, `the loop was late by ${lateMs} ms`).toBeLessThan(deadlineMs + GRACE_MS + lateMs);
  }
}
