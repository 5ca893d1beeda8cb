import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { tcp } from "../lib/probes/tcp.ts";
import { ask } from "./asking.ts";
import { silent } from "./servers/tcp.ts";

test("what a probe has to load is loaded before the clock of its run starts", async () => {
  const { port } = await silent();
  const LOADING_MS = 1000;
  let loaded = false;
  const loading: typeof tcp = {
    ...tcp,
    ready: () => pause(LOADING_MS).then(() => void (loaded = true)),
    run: (asked, trail, demands) => {
      expect(loaded).toBe(true);
      return tcp.run(asked, trail, demands);
    },
  };
  const began = Date.now();
  const report = await ask(loading, [["target", `127.0.0.1:${port}`]]);
  expect(report).toMatchObject({ verdict: "pass" });
  expect(report.ms).toBeLessThan(LOADING_MS);
  expect(Date.parse(report.at) - began).toBeGreaterThanOrEqual(LOADING_MS - 10);
});
