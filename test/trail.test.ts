import { describe, expect, test } from "vitest";
import * as z from "zod";
import { startClock } from "../lib/clock.ts";
import { Failure } from "../lib/failure.ts";
import type { Step } from "../lib/report.ts";
import type { At, FactSheet, Stage } from "../lib/stage.ts";
import { follow, type Trail } from "../lib/trail.ts";
import { nowhere } from "./asking.ts";

const facts = z.object({ first: z.string(), second: z.string() });
type Sheet = FactSheet<string, typeof facts>;

function stage(name: string, run: (at: At<Sheet>) => Promise<void>): Stage<void, void, Sheet> {
  const sheet = { name, proves: `${name} works`, facts, lines: [], gauges: [], expect: {} };
  return { ...sheet, silence: "tcp.timeout", run: (_from, at) => run(at) };
}

const passes = (name: string) => stage(name, async ({ note }) => note({ first: "seen" }));
const refuses = (name: string) =>
  stage(name, async ({ note }) => {
    note({ first: "seen before" });
    throw new Failure("tcp.refused", "the connection was refused", { errno: "ECONNREFUSED" });
  });
const hangs = (name: string) =>
  stage(name, ({ note, signal }) => {
    note({ first: "still there" });
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });

async function walk(
  recipe: (trail: Trail) => Promise<unknown>,
  { budgetMs = 2000, patienceMs = 1000, here = nowhere() } = {},
) {
  const steps: Step[] = [];
  const tree: Record<string, unknown> = {};
  const clock = startClock();
  await follow({ here, clock, patienceMs, steps }, tree, budgetMs, recipe);
  clock.stop();
  return { tree, steps: steps.map(({ name, on, verdict, code }) => ({ name, on, verdict, code })) };
}

const twice = async (trail: Trail) => {
  await trail.take(passes("connect"), undefined);
  await trail.take(passes("connect"), undefined);
};

describe("a trail", () => {
  test("keeps what was noted when the stage says no", async () => {
    const { tree, steps } = await walk((trail) => trail.take(refuses("connect"), undefined));
    expect(tree).toEqual({
      connect: { first: "seen before" },
      stopped: {
        stage: "connect",
        code: "tcp.refused",
        message: "the connection was refused",
        detail: { errno: "ECONNREFUSED" },
      },
    });
    expect(steps).toEqual([
      { name: "connect", on: undefined, verdict: "fail", code: "tcp.refused" },
    ]);
  });

  test("lets a bug through: it is no answer of the network", async () => {
    const broken = stage("connect", async () => {
      throw new TypeError("ours");
    });
    await expect(walk((trail) => trail.take(broken, undefined))).rejects.toThrow("ours");
  });

  test("lists what was planned and never begun as skipped", async () => {
    const { steps } = await walk(async (trail) => {
      trail.plan([{ name: "resolve" }, { name: "connect" }]);
      await trail.take(refuses("resolve"), undefined);
    });
    expect(steps.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "resolve fail",
      "connect skip",
    ]);
  });

  test("blames silence on the network when the stage had its full patience", async () => {
    const { tree } = await walk((trail) => trail.take(hangs("connect"), undefined), {
      patienceMs: 30,
    });
    expect(tree).toMatchObject({
      connect: { first: "still there" },
      stopped: { code: "tcp.timeout" },
    });
  });

  test("blames spent time on itself", async () => {
    const { tree } = await walk((trail) => trail.take(hangs("connect"), undefined), {
      budgetMs: 30,
      patienceMs: 1000,
    });
    expect(tree).toMatchObject({ stopped: { code: "sonde.deadline" } });
  });

  test("begins nothing once the time is spent", async () => {
    const { tree } = await walk((trail) => trail.take(hangs("connect"), undefined), {
      budgetMs: 0,
    });
    expect(tree).toMatchObject({ stopped: { code: "sonde.deadline" } });
  });

  test("refuses to take a stage twice: repetition is a fork", async () => {
    await expect(walk(twice)).rejects.toThrow("taken twice");
  });
});

describe("a fork", () => {
  test("gives each subject a branch of its own, and a no ends only that one", async () => {
    const { tree, steps } = await walk(async (trail) => {
      trail.plan([{ name: "connect" }, { name: "handshake" }]);
      await trail.fork(
        "addresses",
        ["good", "bad"],
        (name) => name,
        async (own, name) => {
          await own.take(name === "good" ? passes("connect") : refuses("connect"), undefined);
          await own.take(passes("handshake"), undefined);
        },
      );
    });
    expect(tree["addresses"]).toMatchObject([
      { on: "good", connect: { first: "seen" }, handshake: { first: "seen" } },
      { on: "bad", connect: { first: "seen before" }, stopped: { code: "tcp.refused" } },
    ]);
    expect(steps).toContainEqual({
      name: "handshake",
      on: "bad",
      verdict: "skip",
      code: undefined,
    });
    expect(steps.filter((step) => step.verdict === "skip")).toHaveLength(1);
  });

  test("tells a skip where it belongs, and only there", async () => {
    const { steps } = await walk(async (trail) => {
      trail.plan([{ name: "connect" }, { name: "handshake" }]);
      await trail.fork(
        "addresses",
        ["bad"],
        (name) => name,
        (own) => own.take(refuses("connect"), undefined),
      );
    });
    expect(steps).toEqual([
      { name: "connect", on: "bad", verdict: "fail", code: "tcp.refused" },
      { name: "handshake", on: "bad", verdict: "skip", code: undefined },
    ]);
  });

  test("shares the time: the first silent subjects cannot eat what the last ones need", async () => {
    const subjects = Array.from({ length: 20 }, (_, index) => `${index}`);
    const { tree } = await walk(
      (trail) =>
        trail.fork(
          "addresses",
          subjects,
          (name) => name,
          (own, name) =>
            own.take(Number(name) < 16 ? hangs("connect") : passes("connect"), undefined),
        ),
      { budgetMs: 600, patienceMs: 10_000 },
    );
    expect(tree["addresses"]).toMatchObject(
      subjects.map((name) =>
        Number(name) < 16
          ? { stopped: { code: "sonde.deadline" } }
          : { connect: { first: "seen" } },
      ),
    );
  });

  test("adds to the branches of an earlier fork over the same thing", async () => {
    const { tree } = await walk(async (trail) => {
      for (const url of ["a", "b"]) {
        await trail.fork(
          "hops",
          [url],
          (name) => name,
          (own) => own.take(passes("request"), undefined),
        );
      }
    });
    expect(tree["hops"]).toMatchObject([{ on: "a" }, { on: "b" }]);
  });
});
