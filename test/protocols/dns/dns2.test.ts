/** What is relied upon in dns2, seen in a process of its own where nobody has touched its tables. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { codec } from "../../../lib/protocols/dns/codec.ts";
import { hex, message, record } from "./build.ts";

const script = `
  import { Packet } from "dns2";
  const functions = (value) => Object.keys(value).filter((key) => typeof value[key] === "function").sort();
  const codecs = Object.keys(Packet.Resource).map((key) => [key, Object.keys(Packet.Resource[key])]);
  const shared = Packet.Resource.PTR === Packet.Resource.CNAME && Packet.Resource.SPF === Packet.Resource.TXT;
  const unknown = Packet.parse(Buffer.from("${unknownType().toString("hex")}", "hex")).answers[0];
  console.log(JSON.stringify({
    packet: Object.keys(Packet).sort(), name: functions(Packet.Name), codecs: Object.fromEntries(codecs), shared,
    types: Packet.TYPE_NAME, options: Packet.EDNS_OPTION_NAME,
    unknown: { ...unknown, data: unknown.data.toString("hex") },
    zero: new Packet.Question({ name: "a", type: 0, class: 0 }),
  }));
`;

function unknownType(): Buffer {
  return message({ answers: [record("a", "TYPE65280", "0a0b", { ttl: 5 })] });
}

test("dns2 is pinned to the version that was read", () => {
  const project: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  expect(project).toMatchObject({ dependencies: { dns2: "3.1.1" } });
  const installed: unknown = JSON.parse(readFileSync("node_modules/dns2/package.json", "utf8"));
  expect(installed).toMatchObject({ version: "3.1.1" });
});

test("its tables have the entries that are replaced, and no others", async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
    {
      "codecs": {
        "A": [
          "encode",
          "decode",
        ],
        "AAAA": [
          "decode",
          "encode",
        ],
        "CAA": [
          "encode",
          "decode",
        ],
        "CNAME": [
          "decode",
          "encode",
        ],
        "DNSKEY": [
          "decode",
          "encode",
        ],
        "EDNS": [
          "decode",
          "encode",
          "ECS",
          "EDE",
        ],
        "MX": [
          "encode",
          "decode",
        ],
        "NS": [
          "decode",
          "encode",
        ],
        "PTR": [
          "decode",
          "encode",
        ],
        "RRSIG": [
          "decode",
        ],
        "SOA": [
          "decode",
          "encode",
        ],
        "SPF": [
          "decode",
          "encode",
        ],
        "SRV": [
          "decode",
          "encode",
        ],
        "TXT": [
          "decode",
          "encode",
        ],
        "decode": [],
        "encode": [],
        "parse": [],
      },
      "name": [
        "decode",
        "encode",
      ],
      "options": {
        "15": "EDE",
        "8": "ECS",
      },
      "packet": [
        "CLASS",
        "DecodeError",
        "EDE",
        "EDE_MAX_TEXT",
        "EDE_NAME",
        "EDNS_DEFAULT_UDP_PAYLOAD_SIZE",
        "EDNS_OPTION_CODE",
        "EDNS_OPTION_NAME",
        "HEADER_SIZE",
        "Header",
        "Name",
        "Question",
        "RCODE",
        "Reader",
        "Resource",
        "TYPE",
        "TYPE_NAME",
        "Writer",
        "createErrorResponseFromRequest",
        "createResourceFromQuestion",
        "createResponseFromRequest",
        "fromIPv6",
        "parse",
        "readStream",
        "toIPv6",
        "typeName",
        "uuid",
      ],
      "shared": true,
      "types": {
        "1": "A",
        "10": "NULL",
        "11": "WKS",
        "12": "PTR",
        "13": "HINFO",
        "14": "MINFO",
        "15": "MX",
        "16": "TXT",
        "2": "NS",
        "252": "AXFR",
        "253": "MAILB",
        "254": "MAILA",
        "255": "ANY",
        "257": "CAA",
        "28": "AAAA",
        "3": "MD",
        "33": "SRV",
        "4": "MF",
        "41": "EDNS",
        "46": "RRSIG",
        "48": "DNSKEY",
        "5": "CNAME",
        "6": "SOA",
        "7": "MB",
        "8": "MG",
        "9": "MR",
        "99": "SPF",
      },
      "unknown": {
        "class": 1,
        "data": "0a0b",
        "name": "a",
        "ttl": 5,
        "type": 65280,
      },
      "zero": {
        "class": 255,
        "name": "a",
        "type": 255,
      },
    }
  `);
});

test("our readers are the ones in use: names, data and TTL are as ours alone would have them", async () => {
  const { Packet } = await import("dns2");
  await codec();
  const bytes = message({ answers: [record("a\\.b", "TXT", hex("01ff"), { ttl: 0xffffffff })] });
  expect(Packet.parse(bytes).answers).toMatchObject([{ name: "a\\.b", ttl: 0, data: '"\\255"' }]);
});

test("what dns2 encodes it still encodes: its servers go on working beside us", async () => {
  const { Packet } = await import("dns2");
  const { decode } = await codec();
  const packet = new Packet();
  const of = (type: number, data: object) =>
    packet.answers.push(Object.assign(new Packet.Resource("a.test", type, 1, 60), data));
  of(1, { address: "192.0.2.1" });
  of(5, { domain: "b.test" });
  of(12, { domain: "c.test" });
  of(15, { priority: 10, exchange: "mx.test" });
  of(16, { data: ["one", "two"] });
  of(28, { address: "2001:db8::1" });
  packet.additionals.push(Packet.Resource.EDNS([Packet.Resource.EDNS.EDE(6, "bogus")]));
  const read = decode(packet.toBuffer());
  expect(read.answers.map(({ type, data }) => `${type} ${data}`)).toEqual([
    "A 192.0.2.1",
    "CNAME b.test.",
    "PTR c.test.",
    "MX 10 mx.test.",
    'TXT "one" "two"',
    "AAAA 2001:db8::1",
  ]);
  expect(read.edns?.ede).toEqual([{ code: 6, name: "DNSSEC Bogus", text: "bogus" }]);
});
