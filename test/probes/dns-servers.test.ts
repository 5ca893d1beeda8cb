/** The probe against servers of several schools, and beside other people's clients. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import type { Report } from "../../lib/report.ts";
import { text } from "../../lib/surfaces/text.ts";
import { sheets } from "../../lib/facts/index.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { named } from "../servers/named.ts";
import { needs } from "../servers/needs.ts";
import { nsd } from "../servers/nsd.ts";
import { pathOf } from "../servers/packages.ts";
import { closedPort } from "../servers/ports.ts";
import { unbound, type Unbound } from "../servers/unbound.ts";

const run = promisify(execFile);

const records: readonly (readonly [owner: string, type: string, data: string])[] = [
  ["@", "SOA", "ns hostmaster 1 3600 600 86400 60"],
  ["@", "NS", "ns"],
  ["ns", "A", "127.0.0.1"],
  ["a", "A", "10.0.0.4"],
  ["six", "AAAA", "2001:db8::4"],
  ["alias", "CNAME", "a"],
  ["text", "TXT", '"hello world" "and \\"more\\"" "\\255"'],
  ["_sip._tcp", "SRV", "1 2 5060 a"],
  ["@", "MX", "10 a"],
  ["ptr", "PTR", "a"],
  ["@", "CAA", '0 issue "ca.example.test"'],
  ["web", "HTTPS", '1 . alpn="h2,h3" port=8443 ipv4hint=10.0.0.4'],
  ["svc", "SVCB", "0 web"],
  ["_443._tcp", "TLSA", "3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971"],
  ["naptr", "NAPTR", '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.test!" .'],
  ["secure", "DS", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"],
  ["secure", "NS", "ns"],
  ["key", "DNSKEY", "256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4"],
  ["host", "SSHFP", "2 1 123456789abcdef67890123456789abcdef67890"],
  ["odd", "TYPE65280", "\\# 4 DEADBEEF"],
];

const zone = `$TTL 300\n${records.map((words) => words.join(" ")).join("\n")}
loop1 CNAME loop2
loop2 CNAME loop1
xn--bcher-kva A 10.0.0.7
`;

const queriesOf = (report: Report): readonly Record<string, unknown>[] => {
  const servers = report.result["servers"];
  return Array.isArray(servers) ? servers.map((one) => one.query) : [];
};

const asking = (name: string, server: string, more: Pair[] = []) =>
  ask(dns, [["name", name], ["server", server], ["timeoutMs", "2500"], ...more]);

needs(
  "named",
  "dig",
  "kdig",
)("every record of a zone", () => {
  let port: number;
  beforeAll(async () => {
    ({ port } = await named({ "example.test": zone }, 'server-id "ns-of-test"; version "9.x";'));
  });

  const names = records.map(([owner, type]) => [
    owner === "@" ? "example.test" : `${owner}.example.test`,
    type,
  ]);

  test.each(names)("%s %s reads as dig and kdig have it", async (name = "", type = "") => {
    const [seen] = queriesOf(await asking(name, `127.0.0.1:${port}`, [["type", type]]));
    const lines = [...list(seen?.["answers"]), ...list(seen?.["authority"])].map((one) =>
      [one["name"], one["ttl"], "IN", one["type"], one["data"]].join(" "),
    );
    const options = ["+noall", "+answer", "+authority", "+nosplit"];
    const words = ["@127.0.0.1", "-p", String(port), name, type];
    const { stdout } = await run(pathOf("dig"), [...words, ...options]);
    const dug = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
    const joined = (line: string) => line.replaceAll(/\s/g, "");
    expect(lines.map(joined).toSorted()).toEqual(dug.map(joined).toSorted());
    const json = ["+json", "+noedns"];
    const { stdout: printed } = await run(pathOf("kdig"), [...words, ...json]);
    const other: { RCODE: number; answerRRs?: Record<string, unknown>[] } = JSON.parse(printed);
    expect(seen).toMatchObject({ rcode: other.RCODE === 0 ? "NOERROR" : "other" });
    const told = (other.answerRRs ?? []).map((one) =>
      [one["NAME"], one["TTL"], one["CLASSname"], one["TYPEname"], rdataOf(one)].join(" "),
    );
    const answered = list(seen?.["answers"]).map((one) =>
      // Of a type without a name kdig's JSON holds no data.
      [one["name"], one["ttl"], "IN", type, type.startsWith("TYPE") ? "" : one["data"]].join(" "),
    );
    const bare = (line: string) => joined(line).replaceAll('"', "");
    expect(answered.map(bare).toSorted()).toEqual(told.map(bare).toSorted());
  });

  test("class CH tells version and identity; NSID tells the latter, too", async () => {
    const chaos: Pair[] = [
      ["type", "TXT"],
      ["class", "CH"],
    ];
    const [version] = queriesOf(await asking("version.bind", `127.0.0.1:${port}`, chaos));
    expect(version).toMatchObject({
      question: { class: "CH" },
      answers: [{ class: "CH", data: '"9.x"' }],
    });
    const [seen] = queriesOf(await asking("a.example.test", `127.0.0.1:${port}`, [["nsid", "1"]]));
    expect(seen).toMatchObject({ edns: { nsid: "ns-of-test" } });
  });

  test("a cookie is answered with the server's", async () => {
    const [seen] = queriesOf(
      await asking("a.example.test", `127.0.0.1:${port}`, [["cookie", "1"]]),
    );
    expect(seen).toMatchObject({ rcode: "NOERROR", edns: { cookie: "server cookie" } });
  });

  test("an international name is asked by its A-label, and both are shown", async () => {
    const report = await asking("bücher.example.test", `127.0.0.1:${port}`);
    expect(report.target).toMatchObject({
      input: "bücher.example.test",
      host: "xn--bcher-kva.example.test",
    });
    expect(queriesOf(report)).toMatchObject([
      {
        question: { name: "xn--bcher-kva.example.test.", unicode: "bücher.example.test" },
        addresses: [{ address: "10.0.0.7" }],
      },
    ]);
  });

  test("an edns of 512 octets, and none, are what the server sees", async () => {
    for (const edns of ["512", "off"]) {
      const [seen] = queriesOf(
        await asking("a.example.test", `127.0.0.1:${port}`, [["edns", edns]]),
      );
      expect(seen).toMatchObject({ attempts: [{ edns: edns === "off" ? "off" : 512 }] });
      expect(seen?.["edns"] === undefined).toBe(edns === "off");
    }
  });

  test("do=1 travels in EDNS, rd=0 and cd=1 in the header", async () => {
    const flags: Pair[] = [
      ["rd", "0"],
      ["cd", "1"],
      ["do", "1"],
    ];
    const [seen] = queriesOf(await asking("a.example.test", `127.0.0.1:${port}`, flags));
    expect(seen).toMatchObject({
      flags: { rd: false, cd: true },
      edns: { dnssecOk: true },
    });
  });

  test("the text reads within 100 columns, in ASCII, with the chain in arrows", async () => {
    const report = await asking("alias.example.test", `127.0.0.1:${port}`, [["nsid", "1"]]);
    const printed = text.write(report, sheets);
    expect(printed).toContain("alias.example.test. -> a.example.test. -> 10.0.0.4 (private)");
    expect(printed.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(printed).toMatch(/^[\n -~]*$/);
  });
});

/** `rdataA`, `rdataMX`, …: kdig gives each type a key of its own. */
function rdataOf(one: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(one).find(([key]) => key.startsWith("rdata"))?.[1];
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

needs("nsd")("nsd", () => {
  test("answers a circle of aliases in its own way, and it is still a circle", async () => {
    const { port } = await nsd({ "example.test": zone.replace(/^key .*$/m, "") });
    const report = await asking("loop1.example.test", `127.0.0.1:${port}`);
    expect(report.findings[0]?.code).toMatch(/^dns\.(cname_loop|nodata)$/);
    const good = await asking("alias.example.test", `127.0.0.1:${port}`);
    expect(queriesOf(good)).toMatchObject([{ addresses: [{ address: "10.0.0.4" }] }]);
  });
});

needs("unbound", "openssl")("unbound", () => {
  let server: Unbound;
  beforeAll(async () => {
    const [dead, unsigned] = [
      await closedPort(),
      await named({ "signed.test": "$TTL 300\n@ SOA ns host 1 1 1 1 1\n@ NS ns\n* A 10.0.0.8" }),
    ];
    server = await unbound(
      (await certificates())("good"),
      `  local-zone: "test." nodefault
  local-zone: "example.test." static
  local-data: "a.example.test. 300 IN A 10.0.0.4"
  local-zone: "refused.test." always_refuse
  trust-anchor: "signed.test. DS 60485 8 2 ${"AB".repeat(32)}"
stub-zone:
  name: "signed.test."
  stub-addr: 127.0.0.1@${unsigned.port}
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@${dead}`,
    );
  });

  test.each(["tls", "https"] as const)(
    "over %s: answered, and the certificate judged",
    async (over) => {
      const at = `${over}://127.0.0.1:${server[over]}`;
      const report = await asking("a.example.test", at);
      expect(queriesOf(report)).toMatchObject([
        {
          transport: over,
          rcode: "NOERROR",
          addresses: [{ address: "10.0.0.4" }],
          channel: { protocol: "TLSv1.3", trusted: false },
        },
      ]);
      expect(report.findings.map(({ code }) => code)).toEqual(["dns.untrusted_channel"]);
      expect(report.result["servers"]).toMatchObject([{ on: at }]);
    },
  );

  test("over HTTPS by GET, by HTTP/2", async () => {
    const at = `https://127.0.0.1:${server.https}/dns-query`;
    expect(queriesOf(await asking("a.example.test", at, [["doh", "GET"]]))).toMatchObject([
      { rcode: "NOERROR", channel: { alpn: "h2" } },
    ]);
  });

  test("over HTTPS at another path: the server's own no", async () => {
    const report = await asking("a.example.test", `https://127.0.0.1:${server.https}/nothing`);
    expect(report.findings[0]?.code).toBe("http.client_error");
  });

  test("TLS at a port without it is no TLS", async () => {
    const report = await asking("a.example.test", `tls://127.0.0.1:${server.port}`);
    expect(report.verdict).toBe("fail");
    expect(report.findings[0]?.code).toMatch(/^(tls\.|dns\.)/);
  });

  const codes = async (name: string) =>
    (await asking(name, `127.0.0.1:${server.port}`)).findings.map(({ code }) => code);

  test("a zone that is refused", async () => {
    expect((await codes("a.refused.test"))[0]).toBe("dns.refused");
  });

  test("a zone whose forwarder is dead: the server is alive all the same", async () => {
    const found = await codes("a.dead.test");
    expect(found).toEqual(["dns.timeout", "dns.silent_for_name"]);
  });

  test("a zone whose signatures are missing is bogus, and unchecked it is there", async () => {
    expect(await codes("a.signed.test")).toEqual(
      expect.arrayContaining(["dns.servfail", "dns.dnssec_bogus", "dns.extended_error"]),
    );
    const unchecked = await asking("a.signed.test", `127.0.0.1:${server.port}`, [["cd", "1"]]);
    expect(queriesOf(unchecked)).toMatchObject([{ addresses: [{ address: "10.0.0.8" }] }]);
  });
});

describe("nothing behind a port", () => {
  test.each(["tcp", "tls", "https"])("%s: unreachable", async (over) => {
    const report = await asking("a.example.test", `${over}://127.0.0.1:${await closedPort()}`);
    expect(report.findings[0]?.code).toBe("dns.unreachable");
  });
});
