import { expect, test } from "vitest";
import { arriveSheet } from "../../lib/facts/arrive.ts";
import { traceOf } from "../../lib/ingress/trace.ts";
import { arriveWith } from "../stages/arriving.ts";

// The examples of W3C Trace Context §3.2.2.5.
const id = "4bf92f3577b34da6a3ce929d0e0e4736";
const parent = "00f067aa0ba902b7";
const trace = (text: string) => traceOf([["traceparent", text]]);

test.each([
  [`00-${id}-${parent}-01`, true],
  [`00-${id}-${parent}-00`, false],
  [`00-${id}-${parent}-03`, true],
  // A later version is read as far as it is known.
  [`cc-${id}-${parent}-01-what-the-future-will-be-like`, true],
])("%s", (text, sampled) => expect(trace(text)).toEqual({ id, parent, sampled }));

test.each([
  ["PLANTED", "form"],
  [`00-${id.toUpperCase()}-${parent}-01`, "form"],
  [`ff-${id}-${parent}-01`, "forbidden"],
  [`00-${id}-${parent}-01-more`, "four fields"],
  [`00-${"0".repeat(32)}-${parent}-01`, "zeros"],
  [`00-${id}-${"0".repeat(16)}-01`, "zeros"],
])("%j is invalid, and not repeated", (text, why) => {
  expect(Object.keys(trace(text) ?? {})).toEqual(["problem"]);
  expect(trace(text)?.problem).toContain(why);
});

test("the echo tells it, and nothing of it where none came", async () => {
  const facts = await arriveWith({ headers: [["traceparent", `00-${id}-${parent}-01`]] });
  expect(facts.trace).toEqual({ id, parent, sampled: true });
  const line = arriveSheet.lines.find(({ label }) => label === "Trace");
  expect(line?.say(facts)).toBe(`${id}, sent by span ${parent}, sampled`);
  expect(await arriveWith({})).not.toHaveProperty("trace");
});
