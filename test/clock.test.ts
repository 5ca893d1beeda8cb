import { describe, expect, test } from "vitest";
import { startClock } from "../lib/clock.ts";
import type { Timing } from "../lib/report.ts";
import { tcp } from "../lib/probes/tcp.ts";
import { ask } from "./asking.ts";
import { silent } from "./servers/tcp.ts";

/** Keeps the loop busy, as a computation would. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** What the figures are worth of a run with so many stages under way. */
function withUnderWay(stages: number): Timing {
  const clock = startClock();
  const ends = Array.from({ length: stages }, () => clock.begin());
  const timing = clock.stop();
  for (const end of ends) end();
  return timing;
}

/** On a shared machine a run may be late through no fault of its own, but not every one of so many. */
const SHARED = 20;

const turn = (ms = 0) => new Promise((done) => setTimeout(done, ms));

describe("the quality of figures", () => {
  test("is degraded by a loop that was busy elsewhere", async () => {
    const clock = startClock();
    await turn(10);
    block(30);
    await turn(10);
    const { quality, loopDelayMs } = clock.stop();
    expect(quality).toBe("degraded");
    expect(loopDelayMs).toBeGreaterThan(10);
  });

  test("is degraded by a loop that is still busy when a short run ends", () => {
    const clock = startClock();
    block(30);
    const { quality, loopDelayMs } = clock.stop();
    expect(quality).toBe("degraded");
    expect(loopDelayMs).toBeGreaterThan(10);
    // It was not another's: that one began afterwards.
    const later = Array.from({ length: SHARED }, () => startClock().stop());
    expect(later).toContainEqual(expect.objectContaining({ quality: "good" }));
  });

  test("is degraded by a figure that may be late, though no look at the loop was", () => {
    const qualityWith = (mostLateMs: number) => {
      const clock = startClock();
      clock.late(mostLateMs);
      clock.late(0);
      return clock.stop();
    };
    expect(qualityWith(0.7)).toMatchObject({ quality: "degraded", loopDelayMs: 0.7 });
    const tries = Array.from({ length: SHARED }, () => qualityWith(0.3).quality);
    expect(tries).toContain("good");
  });

  test("is degraded by whatever this process did between a SYN and its answer", async () => {
    const target = `127.0.0.1:${(await silent()).port}`;
    let isOver = false;
    const hog = () => {
      block(1);
      if (!isOver) setImmediate(hog);
    };
    hog();
    const { timing } = await ask(tcp, [["target", target]]).finally(() => (isOver = true));
    expect(timing).toMatchObject({ quality: "degraded" });
    expect(timing.loopDelayMs).toBeGreaterThan(0.5);
  });

  test("is degraded by a crowd, which delays no timer that anybody looks at", () => {
    expect(withUnderWay(33)).toMatchObject({ quality: "degraded", inFlight: 33 });
  });

  test("is good for as many as a burst may have", () => {
    const tries = Array.from({ length: SHARED }, () => withUnderWay(32));
    expect(tries).toContainEqual(expect.objectContaining({ quality: "good", inFlight: 32 }));
    expect(startClock().stop().inFlight).toBe(0);
  });

  test("tells of a run how many of its stages were under way at once", async () => {
    const target = `127.0.0.1:${(await silent()).port}`;
    const many = await ask(tcp, [
      ["target", target],
      ["parallel", 16],
    ]);
    expect(many.timing.inFlight).toBe(16);
    expect((await ask(tcp, [["target", target]])).timing.inFlight).toBe(1);
  });
});
