/** The outbound probe against providers on loopback; the fixed ones are never asked. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { pairsOf } from "../../lib/api/body.ts";
import { decodePairs } from "../../lib/api/decode.ts";
import { sheets } from "../../lib/facts/index.ts";
import { egressSheet } from "../../lib/facts/egress.ts";
import type { Environment } from "../../lib/here.ts";
import { outbound } from "../../lib/probes/outbound.ts";
import { surfaces } from "../../lib/surfaces/index.ts";
import { ask, localEdge } from "../asking.ts";
import { record } from "../protocols/dns/build.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { needs } from "../servers/needs.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { a, reply, scriptedDns } from "../servers/scripted-dns.ts";

async function listening(server: Server, host = "127.0.0.1"): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server);
}

const says =
  (text: string, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status).end(text);
  };

const saying = async (...given: Parameters<typeof says>) => listening(createServer(says(...given)));

const url = (port: number, name: string) => `${name}=http://127.0.0.1:${port}/ip`;

function run(
  providers: string,
  pairs: Readonly<Record<string, string>> = {},
  more: Environment = {},
) {
  const environment = {
    SONDE_LOCAL_HOST: "1",
    SONDE_TARGETS: "@loopback",
    SONDE_OUTBOUND_PROVIDERS: providers,
    ...more,
  };
  return ask(outbound, Object.entries(pairs), localEdge(environment));
}

type Report = Awaited<ReturnType<typeof run>>;

const egressOf = ({ result }: Report) => egressSheet.facts.parse(result["egress"]);
const codes = ({ findings }: Report) => findings.map((one) => one.code);

describe("asked over HTTP", () => {
  test("operators that agree give one address, and say that others are possible", async () => {
    const [one, other] = [await saying("20.50.1.2\n"), await saying('{"ip":"20.50.1.2"}')];
    const report = await run(`${url(one, "a")} ${url(other, "b")}`);
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    expect(report.summary).toBe("PASS leaves from 20.50.1.2");
    expect(egressOf(report)).toMatchObject({
      addresses: [{ address: "20.50.1.2", family: 4, seen: 2, operators: ["a", "b"] }],
      verdict: "unjudged",
      agrees: true,
      samples: { planned: 2, counted: 2 },
      snatPorts: 2,
    });
    expect(report.notProved.join()).toContain("other");
  });

  test("operators that see different addresses are set side by side", async () => {
    const [one, other] = [await saying("20.50.1.2"), await saying("20.50.1.3")];
    const report = await run(`${url(one, "a")} ${url(other, "b")}`);
    expect(codes(report)).toEqual(["outbound.differs"]);
    expect(egressOf(report).matrix).toEqual([
      { operator: "a", method: "https", addresses: ["20.50.1.2"] },
      { operator: "b", method: "https", addresses: ["20.50.1.3"] },
    ]);
  });

  test("each sample has a socket of its own, and there are ten at most", async () => {
    const ports = new Set<number | undefined>();
    const port = await listening(
      createServer((request, response) => {
        ports.add(request.socket.remotePort);
        response.end("20.50.1.2");
      }),
    );
    const five = ["a", "b", "c"].map((name) => url(port, name)).join(" ");
    const report = await run(five, { samples: "5" });
    expect(egressOf(report).samples).toEqual({ planned: 10, counted: 10 });
    expect(ports.size).toBe(10);
  });

  test("an artefact is discarded with its reason, and does not count", async () => {
    const [one, other] = [await saying("20.50.1.2"), await saying("10.0.0.4")];
    const report = await run(`${url(one, "a")} ${url(other, "proxied")}`);
    expect(codes(report)).toEqual(["outbound.artefact"]);
    expect(egressOf(report)).toMatchObject({
      addresses: [{ address: "20.50.1.2" }],
      discarded: [{ operator: "proxied", address: "10.0.0.4" }],
    });
  });

  test.each([
    ["<html>sign in</html>".repeat(10), 200, "http.malformed"],
    ["20.50.1.2", 503, "http.status"],
    ["20.50.1.2", 302, "http.client_error"],
  ])("an answer that is none stops its sample: %s %s is %s", async (text, status, code) => {
    const [good, bad] = [await saying("20.50.1.2"), await saying(text, status)];
    const report = await run(`${url(good, "a")} ${url(bad, "b")}`);
    expect(report.verdict).toBe("warn");
    expect(codes(report)).toContain(code);
    expect(egressOf(report).samples).toEqual({ planned: 2, counted: 1 });
  });

  const hasIPv6 = Object.values(networkInterfaces())
    .flat()
    .some((one) => one?.address === "::1");
  test.skipIf(!hasIPv6)("each family is asked on its own", async () => {
    const server = createServer(says("2a01:111::7"));
    const port = await listening(server, "::1");
    const providers = `six=http://[::1]:${port}/ ${url(await saying("20.50.1.2"), "four")}`;
    const both = await run(providers, { family: "both" });
    expect(both).toMatchObject({ verdict: "pass", findings: [] });
    expect(egressOf(both)).toMatchObject({ agrees: true, samples: { counted: 2 } });
    expect(egressOf(await run(providers, { family: "6" })).addresses).toMatchObject([
      { address: "2a01:111::7", family: 6 },
    ]);
    expect(egressOf(await run(providers)).addresses).toMatchObject([{ family: 4 }]);
  });

  needs("openssl")("over TLS that is not trusted", () => {
    test("the address counts, and the issuer is named", async () => {
      const { cert, key } = (await certificates())("untrusted");
      const files = { cert: await readFile(cert), key: await readFile(key) };
      const port = await listening(createSecure(files, says("20.50.1.2")));
      const report = await run(`a=https://127.0.0.1:${port}/`);
      expect(codes(report)).toEqual(["outbound.inspected"]);
      expect(report.findings[0]?.evidence).toContain("strangerCa");
      expect(egressOf(report).addresses).toMatchObject([{ address: "20.50.1.2" }]);
    });

    test("another Sonde's key does not follow to a server that is not trusted", async () => {
      const { cert, key } = (await certificates())("untrusted");
      const files = { cert: await readFile(cert), key: await readFile(key) };
      const urls: (string | undefined)[] = [];
      const port = await listening(
        createSecure(files, (request, response) => {
          urls.push(request.url);
          response.end('{"result":{"arrive":{"client":{"address":"10.0.0.4"}}}}');
        }),
      );
      const asked = (query: string) =>
        run(
          "ipify",
          { method: "echo" },
          { SONDE_OUTBOUND_ECHO: `https://127.0.0.1:${port}/api/echo${query}` },
        );
      const stopped = await asked("?code=PLANTED");
      expect(urls).toEqual([]);
      expect(JSON.stringify(stopped)).toContain("the echo's key is not sent");
      expect(JSON.stringify(stopped)).not.toContain("PLANTED");
      const open = await asked("");
      expect(urls).toEqual(["/api/echo"]);
      expect(codes(open)).not.toContain("outbound.inspected");
    });
  });
});

describe("asked by other means", () => {
  test("DNS: an A record, and a TXT record of class CH", async () => {
    const { port, heard } = await scriptedDns((question) =>
      reply(question, {
        answers: [
          question.type === "A"
            ? a("me.test", "20.50.1.2")
            : record("whoami.test", "TXT", Buffer.from("\x0920.50.1.2"), { kind: 3 }),
        ],
      }),
    );
    const at = `dns://127.0.0.1:${port}`;
    const report = await run(`a=${at}/me.test?type=A b=${at}/whoami.test?type=TXT&class=CH`);
    expect(egressOf(report).matrix).toEqual([
      { operator: "a", method: "dns", addresses: ["20.50.1.2"] },
      { operator: "b", method: "dns", addresses: ["20.50.1.2"] },
    ]);
    expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(["A", "TXT"]));
  });

  test("STUN: address and port", async () => {
    const socket = createSocket("udp4");
    socket.on("message", (asked, from) => {
      // XOR-MAPPED-ADDRESS, RFC 8489 §14.2: 20.50.1.2 port 4711.
      const attribute = Buffer.from([0, 0x20, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0]);
      attribute.writeUInt16BE(4711 ^ 0x2112, 6);
      attribute.writeUInt32BE((0x14320102 ^ 0x2112a442) >>> 0, 8);
      const header = Buffer.from(asked.subarray(0, 20));
      header.writeUInt16BE(0x0101, 0);
      header.writeUInt16BE(attribute.length, 2);
      socket.send(Buffer.concat([header, attribute]), from.port, from.address);
    });
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    closing(() => void socket.close());
    const report = await run(`a=stun://127.0.0.1:${socket.address().port}`);
    expect(report).toMatchObject({
      verdict: "pass",
      result: { samples: [{ sample: { method: "stun", address: "20.50.1.2", port: 4711 } }] },
    });
  });

  test("another Sonde's echo, whose key is shown nowhere", async () => {
    const echoed = { result: { arrive: { client: { address: "20.50.1.2", port: 4711 } } } };
    const urls: (string | undefined)[] = [];
    const port = await listening(
      createServer((request, response) => {
        urls.push(request.url);
        response.end(JSON.stringify(echoed));
      }),
    );
    const echo = `http://127.0.0.1:${port}/api/echo?code=PLANTED`;
    const report = await run("ipify", { method: "echo" }, { SONDE_OUTBOUND_ECHO: echo });
    expect(urls).toEqual(["/api/echo?code=PLANTED"]);
    expect(report).toMatchObject({
      result: { samples: [{ sample: { method: "echo", address: "20.50.1.2", port: 4711 } }] },
    });
    for (const surface of surfaces) {
      expect(surface.write(report, sheets), surface.name).not.toContain("PLANTED");
    }
  });
});

describe("no way out", () => {
  test("closed egress is told by what the echo saw, whatever else was discarded", async () => {
    const [port, proxied] = [await closedPort(), await saying("10.9.9.9")];
    const echo = await saying('{"result":{"arrive":{"client":{"address":"10.0.0.4"}}}}');
    const report = await run(
      `${url(proxied, "b")} ${url(port, "a")}`,
      {},
      { SONDE_OUTBOUND_ECHO: `http://127.0.0.1:${echo}/api/echo` },
    );
    const closed = report.findings.find(({ code }) => code === "outbound.closed");
    expect(closed?.evidence).toContain("the echo saw 10.0.0.4");
  });

  test("leads, with causes, and is an answer and not an error", async () => {
    const port = await closedPort();
    const report = await run(`${url(port, "a")} b=dns://127.0.0.1:${port}/me.test`);
    expect(report.verdict).toBe("fail");
    expect(codes(report)).toEqual(["outbound.no_egress", expect.any(String), expect.any(String)]);
    expect(report.findings[0]?.rivals.length).toBeGreaterThan(3);
    expect(egressOf(report)).toMatchObject({ addresses: [], verdict: "none" });
  });

  test("is not claimed while one sample got through, also by a proxy", async () => {
    const [port, proxied] = [await closedPort(), await saying("10.0.0.4")];
    const report = await run(`${url(port, "a")} ${url(proxied, "b")}`);
    expect(codes(report)).not.toContain("outbound.no_egress");
  });

  test("is not claimed when nobody was asked", async () => {
    const report = await run("ipify", { method: "stun" });
    expect(codes(report)).toEqual(["outbound.nobody_to_ask"]);
  });

  test("what the policy refuses is refused, and settings that cannot be read", async () => {
    const port = await saying("20.50.1.2");
    const closed = await run(url(port, "a"), {}, { SONDE_TARGETS: "!*" });
    expect(closed).toMatchObject({
      verdict: "error",
      findings: [{ code: expect.stringMatching(/^policy\./) }],
    });
    for (const words of [
      "nonsense",
      "dns://127.0.0.1/me.test?type=TXTT",
      "dns://127.0.0.1/me.test?class=HS",
    ]) {
      const unread = await run(words);
      expect(unread.findings[0]?.code, words).toBe("policy.invalid");
    }
  });
});

describe("expected", () => {
  test.each([
    ["nat=20.50.1.0/29", "nat-gateway", []],
    ["outbound=20.50.1.2", "platform", []],
    ["nat=20.60.0.1", "unexpected", ["outbound.unexpected"]],
  ])("%s is %s", async (expected, verdict, found) => {
    const port = await saying("20.50.1.2");
    const asked = await run(url(port, "a"), { expect: expected });
    const set = await run(url(port, "a"), {}, { SONDE_EXPECTED_OUTBOUND: expected });
    for (const report of [asked, set]) {
      expect(egressOf(report).verdict).toBe(verdict);
      expect(codes(report)).toEqual(found);
    }
    // What a parameter states must hold, as everywhere; a setting demands nothing.
    expect(asked.expected.map(({ key, ok }) => [key, ok])).toEqual([
      ["egress", verdict !== "unexpected"],
    ]);
    expect(set.expected).toEqual([]);
  });

  test.each([
    ["x", /^expect: /],
    ["nat=20.1.1.1/33", /^expect: /],
    [",", /^expect: /],
    [" ", /^expect: /],
    ["nat=, 20.1.1.1", /^expect: /],
  ])("expect=%s is refused by its name", (expected, why) => {
    const decoded = decodePairs(outbound, [["expect", expected]]);
    expect(decoded).toMatchObject({ problem: { detail: expect.stringMatching(why) } });
  });

  test("a misspelt name is told", () => {
    const near = decodePairs(outbound, [["expected", "20.1.1.1"]]);
    expect(near).toMatchObject({ problem: { detail: expect.stringContaining("mean expect?") } });
  });

  test.each([
    ["expect", "20.1.1.1"],
    ["method", "dns"],
    ["samples", "3"],
    ["family", "6"],
  ])("beside a source, which takes no sample, %s is refused", (name, value) => {
    const decoded = decodePairs(outbound, [
      ["source", "127.0.0.1:9"],
      [name, value],
    ]);
    const problem = {
      status: 400,
      detail: `${name}: source asks nobody, so ${name} has nothing to say: leave one of them out`,
    };
    expect(decoded).toMatchObject({ problem });
  });

  test("in a body it is a text, a list, or the object of what is demanded", () => {
    for (const body of [
      { expect: "20.50.1.2" },
      { expect: ["20.50.1.2", "nat=20.60.0.0/29"] },
      { expect: { egress: "20.50.1.2" } },
    ]) {
      const decoded = decodePairs(outbound, pairsOf(body));
      expect(decoded).toMatchObject({ question: { demands: { facts: [{ key: "egress" }] } } });
    }
  });

  test.each([
    ["20.50.1.0/29", true],
    ["20.60.0.0/29", false],
  ])("expect.egress=%s holds: %s", async (wanted, ok) => {
    const port = await saying("20.50.1.2");
    const report = await run(url(port, "a"), { "expect.egress": wanted });
    expect(report.expected).toMatchObject([{ key: "egress", ok, actual: "20.50.1.2" }]);
  });
});

describe("source", () => {
  test("is what the kernel picks, with its interface, and nothing is sent", async () => {
    const canary = createSocket("udp4");
    let heard = 0;
    canary.on("message", () => (heard += 1));
    canary.bind(0, "127.0.0.1");
    await once(canary, "listening");
    closing(() => void canary.close());
    const report = await run("ipify", { source: `127.0.0.1:${canary.address().port}` });
    expect(report).toMatchObject({
      verdict: "pass",
      result: {
        addresses: [{ source: { localAddress: "127.0.0.1", class: "loopback", interface: "lo" } }],
      },
    });
    expect(heard).toBe(0);
  });
});
