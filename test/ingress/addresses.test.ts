import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  embeddedAddress,
  parseAddressList,
  parseAddressToken,
} from "../../lib/ingress/addresses.ts";

describe("address tokens", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7", undefined, undefined],
    ["203.0.113.7:50123", "203.0.113.7", 50123, undefined],
    ["2001:DB8::1", "2001:db8::1", undefined, undefined],
    ["[2001:db8::1]", "2001:db8::1", undefined, undefined],
    ["[2001:db8::1]:443", "2001:db8::1", 443, undefined],
    ["[fe80::1%6]:63354", "fe80::1", 63354, "6"],
    ["fe80::1%eth0", "fe80::1", undefined, "eth0"],
    ["[::ffff:10.1.2.3]:80", "10.1.2.3", 80, undefined],
    ["10.10.0.5:0", "10.10.0.5", 0, undefined],
  ])("%s is an address", (text, address, port, zone) => {
    const { kind, ...token } = parseAddressToken(text);
    expect(kind).toBe("address");
    expect([token.address, token.port, token.zone]).toEqual([address, port, zone]);
  });

  test.each([
    ["unknown", "unknown"],
    ["UNKNOWN", "unknown"],
    ["_hidden", "obfuscated"],
    ["*******", "masked"],
    ["203.0.113.***", "other"],
    ["xxx.xxx.xxx.xxx", "masked"],
    ["010.0.0.1", "other"],
    ["1.2.3", "other"],
    ["0x7f.1", "other"],
    ["256.1.1.1", "other"],
    ["1.2.3.4:70000", "other"],
    ["::ffff:1.2.3.4:12345", "other"],
    ["<script>", "other"],
  ])("%s is %s", (text, kind) => {
    expect(parseAddressToken(text)).toEqual({ kind, text });
  });

  test("a list is split with and without space, and empty members are dropped", () => {
    const list = parseAddressList("203.0.113.230,147.243.18.238:45498, ,unknown,");
    expect(list.map((token) => token.text)).toEqual([
      "203.0.113.230",
      "147.243.18.238:45498",
      "unknown",
    ]);
  });

  test("every address comes back from any of its spellings", () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(fc.ipV4(), port, (address, number) => {
        expect(parseAddressToken(`${address}:${number}`)).toMatchObject({ address, port: number });
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), port, (written, number) => {
        const bare = parseAddressToken(written);
        expect(bare.kind).toBe("address");
        const again = parseAddressToken(
          `[${bare.address?.includes(":") ? bare.address : written}]:${number}`,
        );
        expect(again).toMatchObject({ address: bare.address, port: number });
      }),
    );
  });

  test("a private address is found inside a unique-local one, and only there", () => {
    expect(embeddedAddress("fd40:de3d:12:8cd8:6a12:100:a0a:5")).toBe("10.10.0.5");
    expect(embeddedAddress("fde4:8dba:1f00:8ef5:6c1f:100:c0a8:fa06")).toBe("192.168.250.6");
    expect(embeddedAddress("fd00::808:808")).toBeUndefined();
    expect(embeddedAddress("2001:db8::a0a:5")).toBeUndefined();
    expect(embeddedAddress("10.10.0.5")).toBeUndefined();
  });
});
