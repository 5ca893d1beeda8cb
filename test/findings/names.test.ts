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

  test("5671: the same service may be let through on 443", () => {
    expect(drawn(to(5671, "private"), "tcp.timeout")).toEqual(["tcp.timeout", "tcp.port_5671"]);
    expect(drawn(to(5671, "public"), "tcp.refused")).toEqual(["tcp.refused"]);
    expect(drawn(to(5672, "public"), "tcp.timeout")).toEqual(["tcp.timeout"]);
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

describe("tcp.leads_here", () => {
  const leading = (host: string, where: string, resolver: "system" | "literal" = "system") =>
    drawn({ resolve: { host, resolver }, connect: { address: "127.0.0.2", class: where } });

  test("where a name of another host is loopback here", () => {
    expect(leading("onprem.example.test", "loopback")).toEqual(["tcp.leads_here"]);
  });

  test("not for this host's own names, an address that was given, or a name that leads away", () => {
    expect(leading("localhost", "loopback")).toEqual([]);
    expect(leading("app.localhost.", "loopback")).toEqual([]);
    expect(leading("127.0.0.2", "loopback", "literal")).toEqual([]);
    expect(leading("onprem.example.test", "private")).toEqual([]);
  });
});

describe("tcp.answered_on_the_way", () => {
  const to = (where: string, connectMs: number): LeafFacts => ({
    connect: { address: "198.51.100.7", class: where, connectMs },
  });

  test("where a public address connects at once and is then silent", () => {
    expect(drawn(to("public", 0.4), "tls.closed", "handshake")).toEqual([
      "tls.closed",
      "tcp.answered_on_the_way",
    ]);
  });

  test.each([
    ["a target at a distance", to("public", 12), "tls.closed", "handshake"],
    ["a private one", to("private", 0.4), "tls.closed", "handshake"],
    ["one that answered", to("public", 0.4), "tls.expired", "handshake"],
    ["a connect that failed", to("public", 0.4), "tcp.reset", "connect"],
  ])("not for %s", (_, facts, code, stage) => {
    expect(drawn(facts, code, stage)).toEqual([code]);
  });
});

describe("ports of App Service", () => {
  const at = (port: number, host = "app.scm.ase1.appserviceenvironment.net"): LeafFacts => ({
    resolve: { host, resolver: "system" },
    connect: { address: "10.20.0.6", class: "private", port },
  });

  test.each([
    [8172, "Web Deploy"],
    [4020, "remote debugging"],
    [4026, "remote debugging"],
    [454, "management"],
    [455, "management"],
    [16_001, "load balancer"],
    [12_000, "monitoring"],
  ])("%d is named in words, shut or open", (port, words) => {
    expect(drawn(at(port), "tcp.timeout")).toEqual(["tcp.timeout", "tcp.app_service_port"]);
    const [open] = conclude([{ facts: at(port), depth: 2 }]);
    expect(open?.evidence).toContain(words);
  });

  test("those of the app itself, and the same ports of others, are not", () => {
    expect(drawn(at(443), "tcp.timeout")).toEqual(["tcp.timeout"]);
    expect(drawn(at(4021), "tcp.timeout")).toEqual(["tcp.timeout"]);
    expect(drawn(at(8172, "build.example.test"), "tcp.timeout")).toEqual(["tcp.timeout"]);
  });
});

describe("ports of Azure SQL", () => {
  const at = (host: string, port: number): LeafFacts => ({
    resolve: { host, resolver: "system" },
    connect: { address: "10.0.0.4", class: "private", port },
  });
  const instance = "mi.public.abc123.database.windows.net";

  test("the public endpoint of a managed instance on another port, and the administrator's port", () => {
    expect(drawn(at(instance, 1433), "tcp.timeout")).toContain("sql.public_port");
    expect(drawn(at("db.database.windows.net", 1434), "tcp.timeout")).toContain("sql.admin_port");
  });

  test("not on their right ports, where an answer came, or for other names", () => {
    for (const facts of [at(instance, 3342), at("db.database.windows.net", 1433)]) {
      expect(drawn(facts, "tcp.timeout")).toEqual(["tcp.timeout", "sql.error_10060"]);
    }
    expect(drawn(at(instance, 1433))).toEqual([]);
    expect(drawn(at("db.example.test", 1434), "tcp.timeout")).toEqual(["tcp.timeout"]);
  });

  test("a connection that nothing answers is what clients call 10060; one that is refused is not", () => {
    const server = at("db.database.windows.net", 1433);
    const [, finding] = conclude([
      { facts: server, depth: 1, stopped: { stage: "connect", code: "tcp.timeout", message: "" } },
    ]);
    expect(finding).toMatchObject({ code: "sql.error_10060", severity: "info" });
    expect(drawn(at("box.example.test", 1433), "tcp.timeout")).toContain("sql.error_10060");
    expect(drawn(at("box.example.test", 5432), "tcp.timeout")).toEqual(["tcp.timeout"]);
    expect(drawn(server, "tcp.refused")).toEqual(["tcp.refused"]);
    expect(drawn(server, "service.timeout")).toEqual(["service.timeout"]);
  });
});
