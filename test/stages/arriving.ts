/** Takes the arrive stage once, as the trail would, and gives the facts it noted. */
import { expect } from "vitest";
import type * as z from "zod";
import type { arriveSheet } from "../../lib/facts/arrive.ts";
import type { Environment } from "../../lib/here.ts";
import { vantageOf } from "../../lib/platform/vantage.ts";
import { arrive, type Arrived } from "../../lib/stages/arrive.ts";
import { host } from "../asking.ts";

export type ArriveFacts = Partial<z.infer<(typeof arriveSheet)["facts"]>>;

export async function arriveWith(
  arrival: Partial<Arrived>,
  environment: Environment = {},
): Promise<ArriveFacts> {
  const noted: ArriveFacts[] = [];
  const usual = {
    method: "GET",
    url: "http://localhost/api/echo",
    headers: [],
    view: "all" as const,
  };
  const whole = { ...usual, ...arrival };
  await arrive.run(whole, {
    signal: AbortSignal.timeout(10_000),
    here: {
      arrival: whole,
      environment,
      host,
      resolvers: [],
      searched: (name) => [name],
      vantage: vantageOf(environment, "0.0.0"),
      loopToken: "",
      // Nothing is dialled, so nothing may be asked of the policy.
      admit: neverAsked,
    },
    note: (facts) => {
      noted.push(facts);
    },
    late() {},
  });
  expect(noted).toHaveLength(1);
  return noted[0] ?? {};
}

function neverAsked(): never {
  throw new Error("the policy was asked");
}
