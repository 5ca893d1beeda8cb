/**
 * The floor, through the real connectors: every spelling that must be denied is asked of every probe
 * that connects. The code is asserted, no socket may be made, and a canary shows that the same address
 * would have been reached with the floor taken out.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodePairs } from "../../lib/api/decode.ts";
import type { AnyProbe } from "../../lib/probe.ts";
import { dial } from "../../lib/net/dial.ts";
import { exchange } from "../../lib/net/datagram.ts";
import { productionFloor } from "../../lib/policy/classes.ts";
import { judged } from "../../lib/policy/peer.ts";
import { makePolicy } from "../../lib/policy/policy.ts";
import { dns } from "../../lib/probes/dns.ts";
import { http } from "../../lib/probes/http.ts";
import { ntp } from "../../lib/probes/ntp.ts";
import { check } from "../../lib/probes/check.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { tls } from "../../lib/probes/tls.ts";
import { run } from "../../lib/run.ts";
import addresses from "../policy/addresses.json" with { type: "json" };
import { localEdge, nowhere } from "../asking.ts";
import { tcpServer, type TcpServer } from "../servers/tcp.ts";

const place = (input: string, port: number) =>
  `${input.includes(":") && !input.startsWith("[") ? `[${input}]` : input}:${port}`;

/** Every way to a socket that a caller has, and the pair that aims it. */
const ways: readonly [name: string, probe: AnyProbe, pairs: (at: string) => [string, string][]][] =
  [
    ["tcp", tcp, (at) => [["target", at]]],
    ["tls", tls, (at) => [["target", at]]],
    ["http", http, (at) => [["target", `http://${at}/`]]],
    ["https", http, (at) => [["target", `https://${at}/`]]],
    ["ws", http, (at) => [["target", `ws://${at}/`]]],
    [
      "http to another place",
      http,
      (at) => [
        ["target", "http://app.example.test/"],
        ["connectTo", at],
      ],
    ],
    [
      "http through a proxy",
      http,
      (at) => [
        ["target", "http://10.0.0.1/"],
        ["proxy", at],
      ],
    ],
    ["check", check, (at) => [["target", `tcp://${at}`]]],
    ["ntp", ntp, (at) => [["target", at]]],
    [
      "dns over UDP",
      dns,
      (at) => [
        ["name", "a.test"],
        ["server", at],
      ],
    ],
    [
      "dns over TCP",
      dns,
      (at) => [
        ["name", "a.test"],
        ["server", `tcp://${at}`],
      ],
    ],
  ];

/** As deployed with a key: nothing of the floor is open. */
const deployed = localEdge({});

let sockets = 0;
const count = () => void (sockets += 1);
let canary: TcpServer;

beforeAll(async () => {
  canary = await tcpServer((socket) => socket.end());
  subscribe("net.client.socket", count);
  subscribe("udp.socket", count);
});
afterAll(() => {
  unsubscribe("net.client.socket", count);
  unsubscribe("udp.socket", count);
});

const codes = (report: unknown) =>
  [...JSON.stringify(report).matchAll(/"code":"(policy\.\w+)"/g)].map(([, code]) => code);

describe.each(ways)("%s", (_name, probe, pairs) => {
  test.each(addresses.must_deny.map((row) => [row.input, row.why] as const))(
    "denies %s (%s)",
    async (input) => {
      const before = sockets;
      const decoded = decodePairs(probe, pairs(place(input, canary.port)));
      if ("problem" in decoded) {
        expect(decoded.problem.status).toBe(400);
      } else {
        const report = await run(decoded.question, deployed.hereFor(nowhere().arrival, "test"));
        expect(report.verdict).toBe("error");
        expect(codes(report)).toContain("policy.floor");
      }
      expect(sockets).toBe(before);
      expect(canary.accepted()).toBe(0);
    },
  );
});

test("nearly every spelling is understood and judged, not merely refused as malformed", () => {
  const refused = addresses.must_deny.filter(
    ({ input }) => "problem" in decodePairs(tcp, [["target", place(input, 80)]]),
  );
  // A zone id means something on one machine only: that is bad input, not a target.
  expect(refused.map(({ input }) => input)).toEqual(["fe80::1%eth0"]);
});

describe("with the floor taken out", () => {
  const open = makePolicy(
    {
      targets: "",
      auth: "key",
      local: false,
      ownAddresses: () => [],
      resolvers: [],
      relays: [],
      azure: false,
    },
    [],
  );
  const here = { ...nowhere(), admit: open.admit.bind(open) };

  test.each(["127.0.0.1", "0x7f000001", "2130706433", "127.1", "[::ffff:127.0.0.1]"])(
    "the canary is reached by %s: the floor is what refuses",
    async (input) => {
      const target = await tcpServer((socket) => socket.end());
      const decoded = decodePairs(tcp, [["target", `${input}:${target.port}`]]);
      if ("problem" in decoded) throw new Error(decoded.problem.detail);
      expect(await run(decoded.question, here)).toMatchObject({ verdict: "pass" });
      expect(target.accepted()).toBe(1);
    },
  );

  test("so is one that listens on UDP", async () => {
    const server = createSocket("udp4").bind(0, "127.0.0.1");
    await once(server, "listening");
    let heard = 0;
    server.on("message", () => void (heard += 1));
    const decoded = decodePairs(dns, [
      ["name", "a.test"],
      ["server", `127.0.0.1:${server.address().port}`],
      ["timeoutMs", "200"],
    ]);
    if ("problem" in decoded) throw new Error(decoded.problem.detail);
    await run(decoded.question, here);
    server.close();
    expect(heard).toBeGreaterThan(0);
  });
});

const mistaken = (port: number) =>
  judged({
    address: "127.0.0.1",
    family: 4,
    port,
    class: "loopback",
    host: "127.0.0.1",
    kind: "tcp",
    blocked: productionFloor
      .filter((block) => block.only === undefined)
      .map((block) => block.prefix),
  });

describe("the connector's own block list, under a judgement gone wrong", () => {
  const { signal } = new AbortController();

  test("stops TCP before a packet is sent", async () => {
    const target = await tcpServer((socket) => socket.end());
    await expect(dial(mistaken(target.port), signal)).rejects.toMatchObject({
      code: "policy.floor",
    });
    expect(target.accepted()).toBe(0);
  });

  test("stops UDP before a packet is sent", async () => {
    const server = createSocket("udp4").bind(0, "127.0.0.1");
    await once(server, "listening");
    let heard = 0;
    server.on("message", () => void (heard += 1));
    const payload = Buffer.from("hello");
    const asked = { payload, screen: () => undefined, waitMs: 100, signal };
    await expect(exchange(mistaken(server.address().port), asked)).rejects.toMatchObject({
      code: "policy.floor",
    });
    server.close();
    expect(heard).toBe(0);
  });
});
