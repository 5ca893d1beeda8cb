/** What is taken as a name, and the line that puts the question again. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { command } from "../../lib/probes/dns-command.ts";
import { input } from "../../lib/probes/dns-input.ts";

const nameOf = (text: string): string => {
  const { data, error } = input.safeParse({ name: text });
  return data?.name ?? error?.issues[0]?.message ?? "";
};

test.each([
  ["WWW.Example.test", "www.example.test"],
  [".", "."],
  ["_sip._tcp.example.test.", "_sip._tcp.example.test."],
  ["bücher.example", "xn--bcher-kva.example"],
  // Escapes, and characters that mean something in a URL, belong to the name.
  [String.raw`esc\.dot.example.test`, String.raw`esc\.dot.example.test`],
  [String.raw`a\:b.example.test`, String.raw`a\:b.example.test`],
  ["4/25.2.0.192.in-addr.arpa", "4/25.2.0.192.in-addr.arpa"],
  ["10.0.0.4", "4.0.0.10.in-addr.arpa."],
  ["[2001:db8::1]", nameOf("2001:db8::1")],
  ["10.1.", "10.1."],
])("%s asks for %s", (text, name) => {
  expect(nameOf(text)).toBe(name);
});

test.each([
  ["http://www.example.test/", /without scheme, port or path: a : that/],
  ["www.example.test:443", /without scheme, port or path/],
  ["www.example.test/path", /a \/ that belongs to it is written \\\//],
  ["1.2.3.4/24", /without scheme, port or path/],
  ["user@example.test", /without scheme/],
  ["ex%61mple.test", /a % that/],
  ["10.1", /four numbers from 0 to 255/],
  ["256.256.256.256", /four numbers from 0 to 255/],
  ["０x7f.１", /four numbers from 0 to 255/],
  ["a\tb.test", /printable ASCII/],
  ["a b.test", /printable ASCII/],
  [String.raw`b\.ücher.test`, /holds no escapes/],
  ["a..b", /an empty label/],
])("%s is refused", (text, why) => {
  expect(nameOf(text)).toMatch(why);
});

test("a type by its number is the type", () => {
  const { type } = input.parse({ name: "a.test", type: ["TYPE65", "28", "type1", "TYPE65280"] });
  expect(type).toEqual(["HTTPS", "AAAA", "A", "TYPE65280"]);
});

test("what a trace would leave out is refused", () => {
  const wrong = (more: object) =>
    input.safeParse({ name: "a.test", trace: true, ...more }).error?.issues[0]?.path[0];
  expect(wrong({ type: ["A"] })).toBeUndefined();
  expect(wrong({ type: ["A", "AAAA"] })).toBe("type");
  for (const more of [{ watch: "5s" }, { views: "all" }, { control: true }]) {
    expect(wrong(more)).toBe("trace");
  }
});

const lineOf = (name: string, more: object = {}) => command(input.parse({ name, ...more }), "TXT");

test("the line asks what was asked", () => {
  expect(lineOf("a.test")).toBe("dig a.test TXT");
  expect(lineOf("version.bind", { class: "CH", server: ["10.0.0.4"] })).toBe(
    "dig @10.0.0.4 -p 53 version.bind CH TXT",
  );
  const options = { rd: false, cd: true, do: true, edns: 4096, nsid: true };
  expect(lineOf("a.test", options)).toBe(
    "dig a.test TXT +norecurse +cdflag +dnssec +bufsize=4096 +nsid",
  );
  expect(lineOf("a.test", { edns: "off" })).toBe("dig a.test TXT +noedns");
  expect(lineOf("a.test", { server: ["https://dns.test/q?key=1"], doh: "GET" })).toBe(
    "kdig @dns.test -p 443 a.test TXT +https=/q +https-get",
  );
});

test("a shell reads the name as one word, whatever it holds", () => {
  const name = "x;echo$(id)`id`&'.example.test";
  const words = lineOf(name).replace(/^dig/, String.raw`printf '%s\n'`);
  expect(execFileSync("/bin/sh", ["-c", words], { encoding: "utf8" })).toBe(`${name}\nTXT\n`);
});
