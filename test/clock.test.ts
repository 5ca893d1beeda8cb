import { describe, expect, test } from "vitest";
import { startClock } from "../lib/clock.ts";
import { tcp } from "../lib/probes/tcp.ts";
import { ask } from "./asking.ts";
import { silent } from "./servers/tcp.ts";

/** Keeps the loop busy, as a computation would. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

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
    // It was not this one's: it began afterwards.
    expect(startClock().stop()).toMatchObject({ quality: "good" });
  });

  test("is degraded by a crowd, which delays no timer that anybody looks at", () => {
    const clock = startClock();
    const ends = Array.from({ length: 33 }, () => clock.begin());
    expect(clock.stop()).toMatchObject({ quality: "degraded", inFlight: 33 });
    for (const end of ends) end();
  });

  test("is good for as many as a burst may have", () => {
    const clock = startClock();
    const ends = Array.from({ length: 32 }, () => clock.begin());
    expect(clock.stop()).toMatchObject({ quality: "good", inFlight: 32 });
    for (const end of ends) end();
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
