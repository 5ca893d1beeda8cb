import { describe, expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Leaf } from "../../lib/leaves.ts";
import { leavesOf } from "../../lib/leaves.ts";

const draw = (...leaves: Leaf[]) => conclude(leaves).map((one) => `${one.severity} ${one.code}`);
const stopped = (stage: string, code: string) => ({ stage, code, message: "seen" });
const query = (addresses: { address: string; class: string }[], chain: string[] = []) => ({
  facts: { query: { rcode: "NOERROR", addresses, chain } },
  depth: 1,
});

const refusedOn = (name: string): Leaf => ({
  facts: {},
  on: name,
  depth: 1,
  stopped: stopped("connect", "tcp.refused"),
});

describe("what leads", () => {
  test("is the branch that got furthest", () => {
    const refused = {
      facts: { connect: {} },
      depth: 2,
      stopped: stopped("connect", "tcp.refused"),
    };
    const expired = {
      facts: { connect: {}, handshake: {} },
      depth: 3,
      stopped: stopped("handshake", "tls.expired"),
    };
    expect(draw(refused, expired)).toEqual(["fail tls.expired", "fail tcp.refused"]);
  });

  test("is a warning at most when another branch answered", () => {
    const answered = { facts: {}, on: "a", depth: 2 };
    const silent = { facts: {}, on: "b", depth: 1, stopped: stopped("connect", "tcp.timeout") };
    expect(draw(answered, silent)).toEqual(["warn tcp.timeout"]);
  });

  test("names each branch once, under one finding", () => {
    expect(conclude([refusedOn("a"), refusedOn("b")])).toMatchObject([
      { code: "tcp.refused", on: ["a", "b"] },
    ]);
  });

  test("of a certificate follows the pinned order, and nothing is wiped", () => {
    const faults = ["tls.expired", "tls.name_mismatch", "tls.self_signed"] as const;
    const leaf: Leaf = {
      facts: { handshake: { faults: [...faults] } },
      depth: 2,
      stopped: stopped("handshake", "tls.expired"),
    };
    expect(draw(leaf)).toEqual([
      "fail tls.expired",
      "fail tls.name_mismatch",
      "fail tls.self_signed",
    ]);
  });
});

describe("dns.private_link_public", () => {
  const pub = [{ address: "203.0.113.4", class: "public" }];
  test("is drawn when a privatelink chain ends at a public address", () => {
    expect(draw(query(pub, ["x.privatelink.database.windows.net."]))).toEqual([
      "info dns.private_link_public",
    ]);
  });
  test("is not drawn when it ends private, or when no label is privatelink", () => {
    const priv = [{ address: "10.0.0.4", class: "private" }];
    expect(draw(query(priv, ["x.privatelink.database.windows.net."]))).toEqual([]);
    expect(draw(query(pub, ["notprivatelink.example."]))).toEqual([]);
  });
});

describe("dns.mixed_answers", () => {
  const mixed = [
    { address: "203.0.113.4", class: "public" },
    { address: "10.0.0.4", class: "private" },
  ];
  test("is drawn for a private and a public address in one answer", () => {
    expect(draw(query(mixed))).toEqual(["warn dns.mixed_answers"]);
  });
  test("is not drawn for two of the same kind", () => {
    expect(
      draw(
        query([
          { address: "10.0.0.4", class: "private" },
          { address: "10.0.0.5", class: "private" },
        ]),
      ),
    ).toEqual([]);
  });
});

describe("dns.servers_disagree", () => {
  const one = query([{ address: "10.0.0.4", class: "private" }]);
  const other = query([{ address: "10.0.0.5", class: "private" }]);
  test("is drawn once when two servers give different addresses", () => {
    expect(draw({ ...one, on: "a" }, { ...other, on: "b" })).toEqual(["warn dns.servers_disagree"]);
  });
  test("is not drawn when the order alone differs, or when one gave no answer", () => {
    const silent: Leaf = {
      facts: { query: {} },
      depth: 1,
      on: "c",
      stopped: stopped("query", "dns.timeout"),
    };
    expect(draw({ ...one, on: "a" }, { ...one, on: "b" }, silent)).toEqual(["warn dns.timeout"]);
  });
});

const answered = (status: number): Leaf => ({
  facts: { request: { status, statusText: "X" } },
  depth: 3,
});

describe("http.status", () => {
  test.each([
    [503, ["fail http.status"]],
    [500, ["fail http.status"]],
    [404, ["warn http.client_error"]],
    [399, []],
    [200, []],
  ])("%d", (status, findings) => {
    expect(draw(answered(status))).toEqual(findings);
  });
});

test("leaves carry the facts of every branch above them", () => {
  const leaves = leavesOf({
    resolve: { host: "a" },
    addresses: [
      { on: "1", connect: { address: "1" } },
      { on: "2", connect: {}, stopped: { stage: "connect", code: "tcp.refused", message: "" } },
    ],
  });
  expect(leaves).toMatchObject([
    { on: "1", facts: { resolve: { host: "a" }, connect: { address: "1" } }, depth: 2 },
    { on: "2", stopped: { code: "tcp.refused" } },
  ]);
  expect(leaves).toHaveLength(2);
});

describe("tcp.lost_syn", () => {
  const connected = (connectMs: number): Leaf => ({ facts: { connect: { connectMs } }, depth: 2 });
  test.each([1003, 3050, 7001])("%d ms is a retransmission", (ms) => {
    expect(draw(connected(ms))).toEqual(["warn tcp.lost_syn"]);
  });
  test.each([20, 990, 1300, 2500])("%d ms is not", (ms) => {
    expect(draw(connected(ms))).toEqual([]);
  });
});

describe("tcp.first_slow", () => {
  const tallied = (firstMs: number, medianMs: number, count = 5): Leaf => ({
    facts: { tally: { firstMs, medianMs, answered: count } },
    depth: 3,
  });
  test("is drawn once for all attempts of an address", () => {
    const leaf = tallied(300, 10);
    expect(conclude([leaf, { ...leaf, on: "2" }])).toMatchObject([
      { code: "tcp.first_slow", on: [] },
    ]);
  });
  test("is not drawn for a first attempt that is only a little slower, or for too few", () => {
    expect(draw(tallied(30, 10))).toEqual([]);
    expect(draw(tallied(19, 1))).toEqual([]);
    expect(draw(tallied(300, 10, 2))).toEqual([]);
  });
});

describe("several addresses", () => {
  const living = (address: string, family: 4 | 6): Leaf => ({
    facts: { connect: { address, family } },
    on: address,
    depth: 2,
  });
  const dead = (address: string, family: 4 | 6): Leaf => ({
    ...living(address, family),
    stopped: stopped("connect", "tcp.timeout"),
  });

  test("tcp.ipv6_dead: IPv6 first and dead, IPv4 alive", () => {
    expect(draw(dead("2001:db8::1", 6), living("10.0.0.1", 4))).toContain("warn tcp.ipv6_dead");
  });
  test("is not drawn when IPv4 comes first, or when both are dead", () => {
    expect(draw(living("10.0.0.1", 4), dead("2001:db8::1", 6))).not.toContain("warn tcp.ipv6_dead");
    expect(draw(dead("2001:db8::1", 6), dead("10.0.0.1", 4))).not.toContain("warn tcp.ipv6_dead");
  });
  test("tcp.some_dead: one of three front ends", () => {
    const leaves = [living("10.0.0.1", 4), dead("10.0.0.2", 4), living("10.0.0.3", 4)];
    const found = conclude(leaves).find((one) => one.code === "tcp.some_dead");
    expect(found).toMatchObject({
      evidence: "no connection to 1 of 3 IPv4 addresses: 10.0.0.2 (tcp.timeout)",
      on: ["10.0.0.2"],
    });
  });
  test("is not drawn when all of a family are dead, or none", () => {
    expect(draw(dead("10.0.0.1", 4), dead("10.0.0.2", 4))).not.toContain("warn tcp.some_dead");
    expect(draw(living("10.0.0.1", 4), living("10.0.0.2", 4))).toEqual([]);
  });
});

describe("tcp.snat_shape", () => {
  const tally = { sent: 4, answered: 3 };
  const attempt = (silent: boolean, kind = "public"): Leaf => ({
    facts: { tally, connect: { address: "20.30.40.50", class: kind } },
    fork: "attempts",
    depth: 3,
    ...(silent ? { stopped: stopped("connect", "tcp.timeout") } : {}),
  });
  const control: Leaf = { facts: { connect: { address: "10.0.0.1" } }, fork: "controls", depth: 2 };
  const codesOf = (...leaves: Leaf[]) => conclude(leaves).map((one) => one.code);

  test("is drawn when some of a burst to a public target are silent and the controls answer", () => {
    expect(codesOf(attempt(true), attempt(false), control)).toContain("tcp.snat_shape");
  });
  test("is not drawn for a private target, without controls, or when a control fails too", () => {
    expect(codesOf(attempt(true, "private"), attempt(false, "private"), control)).not.toContain(
      "tcp.snat_shape",
    );
    expect(codesOf(attempt(true), attempt(false))).not.toContain("tcp.snat_shape");
    const dead = { ...control, stopped: stopped("connect", "tcp.timeout") };
    expect(codesOf(attempt(true), attempt(false), dead)).not.toContain("tcp.snat_shape");
  });
});

describe("tcp.all_targets_fail", () => {
  const tally = { sent: 4, answered: 2 };
  const silent = stopped("connect", "tcp.timeout");
  const attempts = [silent, undefined].map((end, index): Leaf => ({
    facts: { tally, connect: { address: "10.0.0.1" } },
    fork: "attempts",
    on: `${index}`,
    depth: 3,
    ...(end === undefined ? {} : { stopped: end }),
  }));
  const control: Leaf = { facts: {}, fork: "controls", aside: true, on: "c:443", depth: 1 };
  const codesOf = (...leaves: Leaf[]) => conclude(leaves).map((one) => one.code);

  test("is drawn when the controls fail at the same time", () => {
    expect(codesOf(...attempts, { ...control, stopped: silent })).toContain("tcp.all_targets_fail");
  });
  test("is not drawn without controls, when one answers, or when one is only closed", () => {
    const refused = { ...control, stopped: stopped("connect", "tcp.refused") };
    for (const more of [[], [control], [refused], [control, { ...control, stopped: silent }]]) {
      expect(codesOf(...attempts, ...more)).not.toContain("tcp.all_targets_fail");
    }
  });
});

describe("what stands beside the question", () => {
  const silent = {
    on: "10.0.0.1",
    stopped: { stage: "connect", code: "tcp.timeout", message: "" },
  };
  const alive = { on: "10.0.0.2:443", connect: {} };
  const drawn = (result: Parameters<typeof leavesOf>[0]) =>
    conclude(leavesOf(result)).map((one) => `${one.severity} ${one.code}`);

  test("does not soften a target that fails, however well the controls do", () => {
    expect(drawn({ addresses: [silent], controls: [alive] })).toEqual(["fail tcp.timeout"]);
    expect(drawn({ addresses: [silent, { on: "10.0.0.2" }] })).toContain("warn tcp.timeout");
  });

  test("never fails it either, and comes after what is as grave", () => {
    const dead = { on: "a:443", stopped: { stage: "connect", code: "tcp.refused", message: "" } };
    expect(drawn({ addresses: [{ on: "10.0.0.2" }], controls: [dead] })).toEqual([
      "warn tcp.refused",
    ]);
    expect(drawn({ addresses: [silent], controls: [dead] })).toEqual([
      "fail tcp.timeout",
      "warn tcp.refused",
    ]);
  });

  test("is who else was asked for a name that was resolved, and not who was asked for a name", () => {
    const no = { stage: "query", code: "dns.nxdomain", message: "" };
    const servers = [
      { on: "a", stopped: no },
      { on: "b", query: { rcode: "NOERROR" } },
    ];
    expect(drawn({ servers })).toContain("warn dns.nxdomain");
    const root = { resolve: { host: "x" }, stopped: { ...no, stage: "resolve" } };
    expect(drawn({ ...root, servers })).toContain("fail dns.nxdomain");
    expect(leavesOf({ ...root, servers }).map(({ on, aside }) => [on, aside])).toEqual([
      [undefined, undefined],
      ["a", true],
      ["b", true],
    ]);
  });
});
