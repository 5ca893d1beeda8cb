/** What names, ports and places of revocation say, from facts alone, each beside a case that almost looks the same. */
import { describe, expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import type { LeafFacts } from "../../lib/leaves.ts";

const drawn = (facts: LeafFacts, code?: string, stage = "connect") =>
  conclude([
    {
      facts,
      depth: 2,
      ...(code === undefined ? {} : { stopped: { stage, code, message: "no answer" } }),
    },
  ]).map((one) => one.code);

describe("a port that is treated differently", () => {
  const to = (port: number, where: "public" | "private"): LeafFacts => ({
    connect: { address: "198.51.100.7", port, class: where },
  });

  test.each([
    [25, "tcp.port_25"],
    [445, "tcp.port_445"],
  ])("%d: silence of a public address", (port, code) => {
    expect(drawn(to(port, "public"), "tcp.timeout")).toEqual(["tcp.timeout", code]);
  });

  test.each([
    ["a private relay", to(25, "private"), "tcp.timeout"],
    ["a server that refuses", to(25, "public"), "tcp.refused"],
    ["the submission port", to(587, "public"), "tcp.timeout"],
    ["a share that refuses", to(445, "public"), "tcp.refused"],
    ["a private share", to(445, "private"), "tcp.timeout"],
  ])("not for %s", (_, facts, code) => {
    expect(drawn(facts, code)).toEqual([code]);
  });
});

describe("tls.revocation_blocked", () => {
  const places = (...codes: (string | undefined)[]): LeafFacts => ({
    revocation: {
      places: codes.map((code) => ({
        url: "http://crl.example.test/a.crl",
        kind: "crl",
        reachable: code === undefined,
        ...(code === undefined ? {} : { code }),
      })),
    },
  });

  test("where one of the places cannot be connected to", () => {
    expect(drawn(places(undefined, "tcp.timeout"))).toEqual(["tls.revocation_blocked"]);
  });

  test("not where all answer, none is named, or the policy is what keeps us from asking", () => {
    for (const facts of [places(undefined), places(), places("policy.floor")]) {
      expect(drawn(facts)).toEqual([]);
    }
  });
});
