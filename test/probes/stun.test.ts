/** The stun probe against coturn, and against servers that no real one would be on demand. */
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { stunSheet } from "../../lib/facts/stun.ts";
import { check } from "../../lib/probes/check.ts";
import { stun } from "../../lib/probes/stun.ts";
import { ask } from "../asking.ts";
import { coturn } from "../servers/coturn.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { udpServer, type UdpScript } from "../servers/scripted-udp.ts";
import { attribute, endpoint, mappedTo, response } from "../servers/stun-messages.ts";
import { greeting, tcpServer } from "../servers/tcp.ts";

const branch = z.object({ stun: stunSheet.facts.partial(), stopped: z.unknown().optional() });
const shape = z.object({ addresses: z.tuple([branch]) });

async function askAt(port: number, more: Readonly<Record<string, string>> = {}) {
  const report = await ask(stun, Object.entries({ target: `127.0.0.1:${port}`, ...more }));
  const codes = report.findings.map((one) => one.code);
  return { report, codes, ...shape.parse(report.result).addresses[0] };
}

const here = [127, 0, 0, 1];

async function askScripted(script: UdpScript, more: Readonly<Record<string, string>> = {}) {
  const server = await udpServer(script);
  return { ...(await askAt(server.port, more)), asked: server.asked };
}

needs("turnserver")("coturn", () => {
  let port = 0;
  beforeAll(async () => {
    ({ port } = await coturn());
  });

  test.each(["udp", "tcp"])("says where it sees us over %s", async (transport) => {
    const { report, stun: facts } = await askAt(port, { transport });
    expect(report.verdict).toBe("pass");
    const whole = stunSheet.facts.parse(facts);
    expect(whole).toMatchObject({ transport, translated: false, sent: 1 });
    expect(whole.mapped).toEqual(whole.local);
    expect(whole.software).toMatch(/coturn/i);
    expect(whole.rttMs).toBeTypeOf("number");
    expect(report.summary).toContain(`seen as 127.0.0.1:${whole.local.port} over`);
    expect(report.reproduce).toEqual([
      transport === "udp"
        ? `turnutils_stunclient -p ${port} 127.0.0.1`
        : `stunclient --protocol tcp 127.0.0.1 ${port}`,
    ]);
  });

  test("is found by check through its scheme, and held to what was expected", async () => {
    const target = `stun://127.0.0.1:${port}`;
    const report = await ask(check, [["target", target]]);
    expect(report.steps.map((one) => one.name)).toEqual(["resolve", "stun"]);
    const held = await askAt(port, { "expect.mappedAddress": "203.0.113.9" });
    expect(held.report).toMatchObject({ verdict: "fail", expected: [{ actual: "127.0.0.1" }] });
  });

  test("and another server see the same of one local port: no finding", async () => {
    const other = await coturn();
    const second = `127.0.0.1:${other.port}`;
    const report = await ask(stun, Object.entries({ target: `127.0.0.1:${port}`, second }));
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    const servers = z.object({ servers: z.tuple([branch, branch]) }).parse(report.result).servers;
    const [one, two] = servers.map((each) => stunSheet.facts.parse(each.stun));
    expect(one?.local).toEqual(two?.local);
    expect(one?.server).not.toBe(two?.server);
  });
});

needs("turnserver")("coturn behind a router", () => {
  inNamespaces("of our own", () => {
    test("that translates nothing, that keeps the port, and that draws one for each destination", async () => {
      // IPv6 is what comes first.
      const hosts = "10.9.8.7 both.test\nfd00::9 both.test\n";
      await inNamespace(new URL("./stun.inside.ts", import.meta.url), {
        hosts,
        addresses: ["fd00::9/128", "10.9.8.7/32"],
      });
    }, 120_000);
  });
});

describe("a NAT", () => {
  test("is seen when another address arrives", async () => {
    const { stun: facts } = await askScripted((request) => [
      mappedTo(request, [203, 0, 113, 9], 4),
    ]);
    expect(facts).toMatchObject({ mapped: { address: "203.0.113.9", port: 4 }, translated: true });
  });

  test("that maps anew for each destination is a warning", async () => {
    const one = await udpServer((request) => [mappedTo(request, [203, 0, 113, 9], 4000)]);
    const two = await udpServer((request) => [mappedTo(request, [203, 0, 113, 9], 4001)]);
    const pairs = { target: `127.0.0.1:${one.port}`, second: `127.0.0.1:${two.port}` };
    const report = await ask(stun, Object.entries(pairs));
    expect(report.findings).toMatchObject([{ code: "stun.symmetric_nat", severity: "warn" }]);
  });

  test("is looked for beside the question: a second server saves nothing and fails nothing", async () => {
    const alive = await udpServer((request, _number, port) => [mappedTo(request, here, port)]);
    const [up, down] = [`127.0.0.1:${alive.port}`, `127.0.0.1:${await closedPort()}`];
    const dead = await ask(stun, Object.entries({ target: down, second: up }));
    expect(dead).toMatchObject({ ok: false, verdict: "fail" });
    expect(dead.findings).toMatchObject([{ code: "udp.refused", severity: "fail" }]);
    const compared = await ask(stun, Object.entries({ target: up, second: down }));
    expect(compared).toMatchObject({ ok: true, verdict: "warn" });
    expect(compared.findings).toMatchObject([{ code: "udp.refused", severity: "warn" }]);
  });

  test("is not concluded from the same port of two families, which are two sockets", async () => {
    const one = await udpServer((request) => [mappedTo(request, here, 4000)]);
    const six = [...Array.from({ length: 15 }, () => 0), 1];
    const two = await udpServer((request) => [mappedTo(request, six, 4001)], "::1");
    const pairs = { target: `127.0.0.1:${one.port}`, second: `[::1]:${two.port}` };
    const report = await ask(stun, Object.entries(pairs));
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
  });

  test("an IPv6 address is written as it should be", async () => {
    const address = [0x20, 1, 0x0d, 0xb8, ...Array.from({ length: 11 }, () => 0), 1];
    const { stun: facts } = await askScripted((request) => [mappedTo(request, address, 5)]);
    expect(facts.mapped?.address).toBe("2001:db8::1");
  });
});

describe("loss", () => {
  test("the request is repeated, always the same, and no round trip is claimed", async () => {
    const { stun: facts, asked } = await askScripted((request, number, port) =>
      number < 1 ? [] : [mappedTo(request, here, port)],
    );
    expect(facts).toMatchObject({ sent: 2, translated: false });
    expect(facts.rttMs).toBeUndefined();
    expect(asked[0]).toEqual(asked[1]);
  });

  test("silence is what the deadline ends", async () => {
    const { codes, stun: facts, report } = await askScripted(() => [], { timeoutMs: "700" });
    expect(codes).toEqual(["stun.timeout"]);
    expect(facts.sent).toBe(2);
    expect(report.findings[0]?.rivals.length).toBeGreaterThan(0);
  });

  test("a closed port says so at once", async () => {
    expect((await askAt(await closedPort())).codes).toEqual(["udp.refused"]);
  });
});

describe("a server that lies or says no", () => {
  const good = (request: Buffer, port: number) => mappedTo(request, here, port);

  test.each<[string, (request: Buffer, port: number) => Buffer, RegExp]>([
    [
      "another transaction",
      (request, port) => {
        const bytes = good(request, port);
        bytes[19] = (bytes[19] ?? 0) ^ 1;
        return bytes;
      },
      /transaction/,
    ],
    ["our own request", (request) => request, /type 0x1/],
    ["an octet too few", (request, port) => good(request, port).subarray(0, -1), /announced/],
    ["nothing", () => Buffer.alloc(0), /0 octets/],
    ["a wrong fingerprint", (request) => fingerprinted(request, Buffer.alloc(4)), /fingerprint/],
  ])("%s is dropped, and the true answer counts", async (_, lie, why) => {
    const { report, stun: facts } = await askScripted((request, _number, port) => [
      lie(request, port),
      good(request, port),
    ]);
    expect(facts.dropped).toEqual([expect.stringMatching(why)]);
    expect(report.verdict).toBe("pass");
  });

  const fingerprinted = (request: Buffer, value: Buffer) =>
    response(request, 0x0101, attribute(1, endpoint(here, 1)), attribute(0x8028, value));

  test("an error is told, and where it points is shown and not followed", async () => {
    const error = attribute(
      9,
      Buffer.concat([Buffer.of(0, 0, 3, 0), Buffer.from("Try Alternate")]),
    );
    const alternate = attribute(0x8023, endpoint([169, 254, 169, 254], 80));
    const { codes, stopped } = await askScripted((request) => [
      response(request, 0x0111, error, alternate),
    ]);
    expect(codes).toEqual(["stun.refused"]);
    expect(stopped).toMatchObject({
      detail: { number: 300, alternate: "169.254.169.254 port 80" },
    });
  });

  test.each([
    ["no address", attribute(0x8022, Buffer.from("x"))],
    ["an address of no family", attribute(0x0020, Buffer.of(0, 9, 0, 0, 1, 2, 3, 4))],
    ["an address that is too short", attribute(0x0020, Buffer.of(0, 1, 0, 0, 1))],
  ])("%s is malformed", async (_, value) => {
    const { codes } = await askScripted((request) => [response(request, 0x0101, value)]);
    expect(codes).toEqual(["stun.malformed"]);
  });

  test("over TCP another protocol is named, and a foreign transaction refused", async () => {
    const { port } = await greeting("SSH-2.0-OpenSSH_9.2\r\n");
    expect((await askAt(port, { transport: "tcp" })).codes).toEqual(["service.wrong_protocol"]);
    const forged = await tcpServer((socket) =>
      socket.once("data", (request: Buffer) => {
        request[19] = (request[19] ?? 0) ^ 1;
        socket.write(mappedTo(request, here, 1));
      }),
    );
    expect((await askAt(forged.port, { transport: "tcp" })).codes).toEqual(["stun.malformed"]);
  });

  test("a second server over TCP is refused as input", async () => {
    await expect(askAt(1, { transport: "tcp", second: "127.0.0.1:2" })).rejects.toThrow(/second/);
  });
});
