/** The data of each type, written out by hand from the RFCs. */
import { expect, test } from "vitest";
import { codec } from "../../../lib/protocols/dns/codec.ts";
import { message, record } from "./build.ts";

/** `mail.` and `x.` uncompressed. */
const mail = "04 6d61696c 00";
const x = "01 78 00";

const wellFormed: [type: string, data: string, text: string][] = [
  ["A", "c0000201", "192.0.2.1"],
  ["AAAA", "20010db8 00000000 00000000 00000001", "2001:db8::1"],
  ["AAAA", "20010db8 00000001 00010001 00010001", "2001:db8:0:1:1:1:1:1"],
  ["AAAA", "00000000 00000000 0000ffff c0000201", "::ffff:192.0.2.1"],
  ["AFSDB", `0001 ${mail}`, "1 mail."],
  ["CAA", "80 05 6973737565 63612e5c22", '128 issue "ca.\\\\\\""'],
  ["CAA", "00 05 6973737565", '0 issue ""'],
  ["CDNSKEY", "0000 03 00 00", "0 3 0 AA=="],
  ["CDS", "0000 00 00 00", "0 0 0 00"],
  ["CNAME", mail, "mail."],
  ["DNAME", "00", "."],
  ["DNSKEY", `0101 03 0d ${"00".repeat(43)}`, `257 3 13 ${"A".repeat(56)} AA==`],
  ["DS", `3039 0d 02 ${"ab".repeat(32)}`, `12345 13 2 ${"AB".repeat(28)} ${"AB".repeat(4)}`],
  ["HINFO", "01 61 02 2262", '"a" "\\"b"'],
  ["HTTPS", "0000 04 6d61696c 00", "0 mail."],
  ["HTTPS", "0001 00 0001 0003 02 6832 0003 0002 20fb", '1 . alpn="h2" port=8443'],
  ["HTTPS", "0001 00 0001 000a 09 665c6f6f2c62 6172 22", '1 . alpn="f\\\\\\\\oo\\\\,bar\\""'],
  [
    "HTTPS",
    "0001 00 0000 0004 0001 0004 0001 0003 02 6832 0004 0004 c0000201",
    '1 . mandatory=alpn,ipv4hint alpn="h2" ipv4hint=192.0.2.1',
  ],
  ["HTTPS", "0001 00 0002 0000", "1 . no-default-alpn"],
  ["HTTPS", "0001 00 0005 0003 010203", "1 . ech=AQID"],
  ["KX", `0005 ${mail}`, "5 mail."],
  ["LOC", "00 12 16 13", "\\# 4 00121613"],
  ["MX", `000a ${mail}`, "10 mail."],
  ["NAPTR", `0064 000a 01 53 07 5349502b443255 00 ${x}`, '100 10 "S" "SIP+D2U" "" x.'],
  ["NS", mail, "mail."],
  ["NSEC", `${x} 00 06 400000000003 01 01 40`, "x. A RRSIG NSEC CAA"],
  ["NSEC", x, "x."],
  ["NSEC3", "01 00 000a 02 aabb 05 0011223344 00 01 40", "1 0 10 AABB 008I4CQ4 A"],
  ["NSEC3PARAM", "01 00 0000 00", "1 0 0 -"],
  ["OPENPGPKEY", "010203", "AQID"],
  ["PTR", "03 612e62 00", "a\\.b."],
  ["PTR", "05 200022ff5c 00", '\\032\\000\\"\\255\\\\.'],
  ["RP", `${mail} ${x}`, "mail. x."],
  [
    "RRSIG",
    `0001 0d 02 0000012c 00000000 ffffffff 3039 ${x} 010203`,
    "A 13 2 300 19700101000000 21060207062815 12345 x. AQID",
  ],
  ["SMIMEA", "03 00 01 abcd", "3 0 1 ABCD"],
  [
    "SOA",
    `${mail} ${x} ffffffff 00000001 00000002 00000003 00000004`,
    "mail. x. 4294967295 1 2 3 4",
  ],
  ["SPF", "01 61", '"a"'],
  ["SRV", `000a 003c 13c4 ${mail}`, "10 60 5060 mail."],
  ["SSHFP", "04 02 abcd", "4 2 ABCD"],
  [
    "SVCB",
    "0001 00 0007 0003 2f7122 029b 0002 61d2 029c 0000",
    '1 . dohpath="/q\\"" key667="a\\210" key668',
  ],
  ["TLSA", "03 01 01 abcd", "3 1 1 ABCD"],
  ["TXT", "00", '""'],
  ["TXT", "03 ff0022 02 5c7f", '"\\255\\000\\"" "\\\\\\127"'],
  ["URI", "000a 0001 68747470733a", '10 1 "https:"'],
  ["ZONEMD", "00000001 01 01 abcd", "1 1 1 ABCD"],
  ["TYPE65280", "0a000001", "\\# 4 0A000001"],
  ["TYPE65280", "", "\\# 0"],
];

test.each(wellFormed)("%s %s reads %s", async (type, data, text) => {
  const read = await answer(record("x.test", type, data));
  expect(read.defects).toEqual([]);
  expect(read.answers).toEqual([{ name: "x.test.", type, class: "IN", ttl: 300, data: text }]);
});

const malformed: [type: string, data: string, fault: string][] = [
  ["A", "c00002", "a field runs past the end"],
  ["A", "c0000201 00", "1 octets are left over"],
  ["AAAA", "20010db8", "a field runs past the end"],
  ["CAA", "00 ff 69", "a field runs past the end"],
  ["CAA", "00 00 69", "a property tag is not made of letters and digits"],
  ["CAA", "00 02 693d", "a property tag is not made of letters and digits"],
  ["CNAME", "04 6d61", "a name runs past the end"],
  ["CNAME", "04 6d61696c", "a name runs past the end"],
  ["CNAME", "41 00", "a label has the reserved type 1"],
  ["CNAME", "80 00", "a label has the reserved type 2"],
  ["CNAME", "c0", "a name runs past the end"],
  ["CNAME", "", "a name runs past the end"],
  ["DNSKEY", "0101 03", "a field runs past the end"],
  ["HTTPS", "0001 00 0001 0000", "a field runs past the end"],
  ["HTTPS", "0001 00 0003 0003 000102", "the service parameter port is too long"],
  ["HTTPS", "0001 00 0002 0001 00", "the service parameter no-default-alpn is too long"],
  [
    "HTTPS",
    "0001 00 0003 0002 0001 0003 0002 0001",
    "service parameters are not in ascending order",
  ],
  ["HTTPS", "0001 00 0004 0005 c000020100", "a field runs past the end"],
  ["HTTPS", "0001 00 0003 ffff 0001", "a field runs past the end"],
  ["MX", "00", "a field runs past the end"],
  ["NSEC", `${x} 00 21 ${"00".repeat(33)}`, "a type bitmap is longer than 32 octets"],
  ["NSEC", `${x} 01 01 40 00 01 40`, "the windows of a type bitmap are not in ascending order"],
  ["SOA", `${mail} ${x} 00000001`, "a field runs past the end"],
  ["TXT", "", "a field runs past the end"],
  ["TXT", "05 61", "a field runs past the end"],
];

test.each(malformed)("%s %s is kept as octets: %s", async (type, data, fault) => {
  const good = record("y.test", "A", "c0000202");
  const read = await answer(record("x.test", type, data), good);
  expect(read.defects).toEqual([`${type} record of x.test.: ${fault}`]);
  expect(read.answers[0]?.data).toMatch(
    new RegExp(`^\\\\# ${data.replaceAll(" ", "").length / 2}\\b`),
  );
  expect(read.answers[1]?.data).toBe("192.0.2.2");
});

test("an A record of Chaosnet is no IPv4 address", async () => {
  const read = await answer(record("x.test", "A", "c0000201", { kind: 3 }));
  expect(read.answers).toMatchObject([{ class: "CH", type: "A", data: "\\# 4 C0000201" }]);
});

test.each([
  [0, 0],
  [0x7fffffff, 0x7fffffff],
  [0x80000000, 0],
  [0xffffffff, 0],
])("a TTL of %i counts as %i", async (sent, ttl) => {
  expect((await answer(record("x.test", "A", "c0000201", { ttl: sent }))).answers).toMatchObject([
    { ttl },
  ]);
});

async function answer(...answers: Buffer[]) {
  return (await codec()).decode(message({ answers }));
}
