import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { afterTheTurn, atTheEdge, startWait } from "../../lib/net/turns.ts";

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("what came in is dealt with before anything goes out", async () => {
  const order: string[] = [];
  const out = atTheEdge().then(() => order.push("out"));
  const received = afterTheTurn().then(() => order.push("in"));
  await Promise.all([out, received]);
  expect(order).toEqual(["in", "out"]);
});

test("what goes out together goes out in the order in which it came", async () => {
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((one) => atTheEdge().then(() => order.push(one))));
  expect(order).toEqual([1, 2, 3]);
});

test("between those that go out together the loop looks for answers", async () => {
  let turn = 0;
  const count = () => {
    turn += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const turns = await Promise.all([1, 2, 3, 4].map(() => atTheEdge().then(() => turn)));
  clearImmediate(counting);
  expect(new Set(turns).size).toBe(3);
});

test("answers that never cease do not hold a departure for good", async () => {
  const order: string[] = [];
  const out = atTheEdge().then(() => order.push("out"));
  for (let turn = 0; turn < 10; turn += 1) await afterTheTurn().then(() => order.push("in"));
  expect(order).toContain("out");
  await out;
});

test("an answer may be late by what the loop did meanwhile, and by no more than the wait", () => {
  const wait = startWait();
  block(3);
  const { ms, mostLateMs } = wait.end();
  expect(mostLateMs).toBeGreaterThanOrEqual(3);
  expect(mostLateMs).toBeLessThanOrEqual(ms);
});

test("an answer that comes while the loop waits is not late by the wait", async () => {
  // A shared machine may be busy in one of them, but not in every one.
  const shares: number[] = [];
  for (let left = 20; left > 0; left -= 1) {
    const wait = startWait();
    await delay(5);
    const { ms, mostLateMs } = wait.end();
    shares.push(mostLateMs / ms);
  }
  expect(Math.min(...shares)).toBeLessThan(0.5);
});

test("a long wait is left to the clock", async () => {
  const late: number[] = [];
  for (let left = 5; left > 0; left -= 1) {
    const wait = startWait();
    block(3);
    await delay(60);
    late.push(wait.end().mostLateMs);
  }
  expect(Math.min(...late)).toBe(0);
});
