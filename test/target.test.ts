import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { urlHost } from "../lib/protocols/authority.ts";
import { parseTarget } from "../lib/target.ts";
import { schemePorts } from "../lib/walks.ts";

const rules = { schemes: schemePorts, otherwise: "https" };
const read = (input: string) => parseTarget(input, rules);

describe("a target", () => {
  test.each([
    ["db.example:5432", { scheme: "postgres", host: "db.example", port: 5432, path: "/" }],
    ["db.example", { scheme: "https", host: "db.example", port: 443 }],
    ["example:80", { scheme: "http", port: 80 }],
    ["tcp://10.0.0.4:1433", { scheme: "tcp", host: "10.0.0.4", port: 1433, isAddress: true }],
    ["[2001:db8::1]:8443", { host: "2001:db8::1", port: 8443, isAddress: true }],
    ["2001:db8::1", { host: "2001:db8::1", port: 443, isAddress: true }],
    ["https://[::1]", { host: "::1", port: 443 }],
    ["HTTPS://Example.COM/A?b=c#d", { scheme: "https", host: "example.com", path: "/A?b=c" }],
    ["example.com?x", { path: "/?x" }],
    ["bücher.example:443", { host: "xn--bcher-kva.example" }],
    ["example.com.:443", { host: "example.com", absolute: true }],
    ["0x7f.1:80", { host: "127.0.0.1", isAddress: true }],
    ["2852039166:80", { host: "169.254.169.254", isAddress: true }],
    ["  example.com:443  ", { host: "example.com" }],
  ])("%s is read", (input, wanted) => {
    expect(read(input)).toMatchObject(wanted);
  });

  test.each([
    ["", "no host"],
    ["://x", "port"],
    ["gopher://example.com", "gopher"],
    ["tcp://example.com", "a port is needed"],
    ["example.com:0", "1 to 65535"],
    ["example.com:65536", "1 to 65535"],
    ["example.com:1e3", "1 to 65535"],
    ["example.com:", "1 to 65535"],
    ["user:pw@example.com:443", "user name"],
    ["exa mple.com:443", ""],
    ["[::1:443", ""],
    ["fe80::1%eth0", ""],
    ["a..b:443", ""],
    ["ssh://-x.example.com", "hyphen"],
    ["-oproxycommand:22", "hyphen"],
    [`${"a".repeat(3000)}:443`, "2048"],
  ])("%s is refused", (input, why) => {
    const target = read(input);
    expect(target).toHaveProperty("wrong");
    expect("wrong" in target && target.wrong).toContain(why);
  });

  test("never throws, and what it accepts reads the same again", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl(), fc.ipV6(), fc.string({ unit: "binary" })),
        (text) => {
          const target = read(text);
          if ("wrong" in target) return;
          const again = read(
            `${target.scheme}://${urlHost(target.host)}:${target.port}${target.path}`,
          );
          expect(again).toMatchObject({ host: target.host, port: target.port, path: target.path });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("agrees with URL on what a URL leads to", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (text) => {
        const url = new URL(text);
        const target = read(text);
        if ("wrong" in target) return;
        expect(target.host).toBe(url.hostname.replace(/\.$/, ""));
        expect(target.path.split("?")[0]).toBe(
          /^https?:\/\/[^/?#]*([^?#]*)/.exec(text)?.[1] || "/",
        );
      }),
    );
  });
});
