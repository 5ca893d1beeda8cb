import { describe, expect, test } from "vitest";
import { textOf } from "../../lib/net/content.ts";

const hex = (octets: string) => Buffer.from(octets.replaceAll(" ", ""), "hex");

describe("a body reads as its charset says", () => {
  test.each([
    ["text/plain; charset=utf-8", "66 c3 bc 72", "für"],
    ["text/html; charset=ISO-8859-1", "66 fc 72", "für"],
    ['text/html; charset="windows-1252"', "80 20 66 fc 72", "€ für"],
    ["text/html;charset=Shift_JIS", "93 fa 96 7b", "日本"],
    ["application/xml; charset=utf-16", "66 00 fc 00 72 00", "für"],
    ["application/xml; charset=utf-16be", "00 66 00 fc 00 72", "für"],
    ["text/plain; charset=koi8-r", "d0 d2 c9", "при"],
  ])("%s", (contentType, octets, text) => {
    expect(textOf(hex(octets), contentType)).toBe(text);
  });

  test("which a byte order mark overrules", () => {
    expect(textOf(hex("ff fe 66 00 fc 00"), "text/plain; charset=utf-8")).toBe("fü");
    expect(textOf(hex("fe ff 00 66 00 fc"), "text/plain")).toBe("fü");
    expect(textOf(hex("ef bb bf 7b 7d"), "application/json")).toBe("{}");
  });

  test("and where it says nothing as UTF-8 if it can be, even when a character was cut", () => {
    expect(textOf(hex("66 c3 bc 72"), "text/plain")).toBe("für");
    expect(textOf(hex("66 c3 bc c3"), "")).toMatch(/^fü/);
    expect(textOf(hex("66 fc 72"), "text/html")).toBe("für");
  });

  test("which nobody knows: every octet still shows", () => {
    expect(textOf(hex("66 fc 72"), "text/plain; charset=x-nobody")).toBe("für");
  });

  test("and is empty when it is no text", () => {
    expect(textOf(hex("89 50 4e 47 00 00 00 0d"), "image/png")).toBe("");
    expect(textOf(hex(""), "text/plain")).toBe("");
  });
});
