import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { dns } from "../../lib/probes/dns.ts";
import { ask, localEdge } from "../asking.ts";
import { named } from "../servers/named.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";

const zone = `$TTL 300
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
a IN A 10.0.0.4
aaaa IN AAAA 2001:db8::4
@ IN MX 10 a
text IN TXT "hello world" "and \\"more\\""
_sip._tcp IN SRV 1 2 5060 a
chain1 IN CNAME chain2
chain2 IN CNAME a
gone IN CNAME nowhere
loop1 IN CNAME loop2
loop2 IN CNAME loop1
big IN TXT ( ${Array.from({ length: 12 }, (_, i) => `"${"x".repeat(200)}${i}"`).join(" ")} )
mixed IN A 10.0.0.5
mixed IN A 8.8.8.8
`;

const queryOf = (report: { result: object }) => {
  const servers: unknown = Reflect.get(report.result, "servers");
  return Array.isArray(servers) ? servers[0].query : undefined;
};

const start = () => named({ "example.test": zone });

const at = async (name: string, ...more: [string, string][]) => {
  const { port } = await start();
  return ask(dns, [["name", name], ["server", `127.0.0.1:${port}`], ...more]);
};

needs("named")("the dns probe against named", () => {
  test("shows answer, flags and class", async () => {
    const report = await at("a.example.test");
    expect(report.verdict).toBe("pass");
    expect(report.summary).toMatch(/^PASS a\.example\.test NOERROR 10\.0\.0\.4/);
    expect(queryOf(report)).toMatchObject({
      rcode: "NOERROR",
      transport: "udp",
      flags: { qr: true, aa: true, ra: false },
      answers: [{ name: "a.example.test.", type: "A", ttl: 300, data: "10.0.0.4" }],
      addresses: [{ address: "10.0.0.4", class: "private" }],
    });
  });

  test.each([
    ["aaaa.example.test", "AAAA", "2001:db8::4"],
    ["example.test", "MX", "10 a.example.test."],
    ["example.test", "NS", "ns.example.test."],
    ["example.test", "SOA", "ns.example.test. hostmaster.example.test. 1 3600 600 86400 60"],
    ["_sip._tcp.example.test", "SRV", "1 2 5060 a.example.test."],
    ["text.example.test", "TXT", '"hello world" "and \\"more\\""'],
  ])("%s %s reads as dig prints it", async (name, type, data) => {
    expect(queryOf(await at(name, ["type", type]))).toMatchObject({ answers: [{ type, data }] });
  });

  test("a type by its number is answered as the type", async () => {
    const report = await at("example.test", ["type", "TYPE15"]);
    expect(report.verdict).toBe("pass");
    expect(queryOf(report)).toMatchObject({ question: { type: "MX" }, answers: [{ type: "MX" }] });
  });

  test("follows the chain in order", async () => {
    expect(queryOf(await at("chain1.example.test"))).toMatchObject({
      chain: ["chain2.example.test.", "a.example.test."],
      addresses: [{ address: "10.0.0.4" }],
    });
  });

  test("asks again over TCP when the answer was cut", async () => {
    const seen = queryOf(await at("big.example.test", ["type", "TXT"]));
    expect(seen).toMatchObject({ transport: "tcp", flags: { tc: false } });
    expect(seen.attempts).toMatchObject([
      { transport: "udp", outcome: "truncated" },
      { transport: "tcp", outcome: "answered" },
    ]);
  });

  test.each([
    ["nothere.example.test", "A", "dns.nxdomain"],
    ["a.example.test", "AAAA", "dns.nodata"],
    ["gone.example.test", "A", "dns.cname_dangling"],
    ["other.test", "A", "dns.refused"],
  ])("%s %s: %s, with the authority that said so", async (name, type, code) => {
    const report = await at(name, ["type", type]);
    expect(report).toMatchObject({ verdict: "fail" });
    expect(report.findings[0]?.code).toBe(code);
    expect(queryOf(report).rcode).toBeDefined();
  });

  test("a mixture of private and public addresses is a warning", async () => {
    const report = await at("mixed.example.test");
    expect(report).toMatchObject({ verdict: "warn", findings: [{ code: "dns.mixed_answers" }] });
  });

  test("an address asks for its PTR", async () => {
    const report = await at("192.0.2.1");
    expect(report.target).toMatchObject({ host: "1.2.0.192.in-addr.arpa." });
    expect(queryOf(report).question.type).toBe("PTR");
  });

  test("TCP can be asked for at once", async () => {
    const { port } = await start();
    const report = await ask(dns, [
      ["name", "a.example.test"],
      ["server", `tcp://127.0.0.1:${port}`],
    ]);
    expect(queryOf(report)).toMatchObject({ transport: "tcp", rcode: "NOERROR" });
  });

  test("one dead server beside a living one is a warning, and both are shown", async () => {
    const { port } = await start();
    const report = await ask(dns, [
      ["name", "a.example.test"],
      ["server", `127.0.0.1:${port}`],
      ["server", `127.0.0.1:${await closedPort()}`],
    ]);
    expect(report).toMatchObject({ verdict: "warn" });
    expect(report.findings[0]?.code).toBe("dns.unreachable");
  });
});

/** A name server that answers as it is told. */
async function scripted(answer: (query: Buffer) => Buffer[]): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => {
    for (const reply of answer(message)) socket.send(reply, port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return socket.address().port;
}

const patched = (query: Buffer, patches: Record<number, number>) => {
  const reply = Buffer.from(query);
  reply[2] = (reply[2] ?? 0) | 0x80;
  for (const [place, value] of Object.entries(patches)) reply[Number(place)] = value;
  return reply;
};

const asking = (port: number) =>
  ask(dns, [
    ["name", "a.example.test"],
    ["server", `127.0.0.1:${port}`],
    ["timeoutMs", "600"],
    ["tries", "1"],
  ]);

describe("servers that lie", () => {
  test("forgeries are dropped and shown, and the true answer counts", async () => {
    const port = await scripted((message) => [
      patched(message, { 0: (message[0] ?? 0) ^ 1 }),
      Buffer.from(message),
      patched(message, { 14: 0x7a }),
      patched(message, { 3: 3 }),
    ]);
    const seen = queryOf(await asking(port));
    expect(seen).toMatchObject({ rcode: "NXDOMAIN" });
    expect(seen.attempts[0].dropped).toEqual(["id", "not-a-response", "question"]);
  });

  test("only forgeries are silence: dns.timeout, with the evidence", async () => {
    const port = await scripted((message) => [patched(message, { 0: (message[0] ?? 0) ^ 1 })]);
    const report = await asking(port);
    expect(report.findings[0]?.code).toBe("dns.timeout");
    expect(queryOf(report).attempts[0]).toMatchObject({ outcome: "timeout", dropped: ["id"] });
  });

  test("SERVFAIL is no word about the name", async () => {
    const port = await scripted((message) => [patched(message, { 3: 2 })]);
    expect((await asking(port)).findings[0]?.code).toBe("dns.servfail");
  });

  test("truncated without TCP keeps what UDP said", async () => {
    const port = await scripted((message) => [patched(message, { 2: 0x83 })]);
    const report = await asking(port);
    expect(queryOf(report)).toMatchObject({ truncated: true, transport: "udp" });
    expect(queryOf(report).attempts).toMatchObject([
      { outcome: "truncated" },
      { transport: "tcp" },
    ]);
  });

  test("a closed port says so at once: dns.unreachable", async () => {
    expect((await asking(await closedPort())).findings[0]?.code).toBe("dns.unreachable");
  });
});

test("the configured servers are asked, with the place they were configured in", async () => {
  const port = await closedPort();
  const edge = localEdge({
    SONDE_LOCAL_HOST: "1",
    SONDE_TARGETS: "@private @public @loopback",
    WEBSITE_DNS_SERVER: "127.0.0.1",
  });
  const report = await ask(
    dns,
    [
      ["name", "example.test"],
      ["type", "TXT"],
    ],
    edge,
  );
  expect(port).toBeGreaterThan(0);
  expect(report.result["servers"]).toMatchObject([
    { on: "127.0.0.1:53", query: { origin: "WEBSITE_DNS_SERVER" } },
  ]);
});
