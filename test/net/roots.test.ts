/** Who trusts the end of a chain, by the stores of this machine. */
import { readFile } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { endsPublicly, storesFor, trustBeside } from "../../lib/net/roots.ts";
import { issuerTextIn } from "../../lib/protocols/x509-issuer.ts";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";

const parsed = (pem: string) => new X509Certificate(pem);

describe("a root that Node ships", () => {
  test.each([0, 7, 42])(
    "number %d is found by itself, and in the store it came from",
    async (at) => {
      const root = parsed(getCACertificates("bundled")[at] ?? "");
      expect(await storesFor(root, [])).toContain("bundled");
      expect(endsPublicly(root)).toBe(true);
      expect(trustBeside([]).holds(root)).toBe(true);
    },
  );

  test("is its own issuer, by the text that its name is looked for", () => {
    for (const pem of getCACertificates("bundled")) {
      const root = parsed(pem);
      expect(issuerTextIn(root.raw).length, root.subject).toBeGreaterThan(0);
      expect(trustBeside([]).issuerOf(root)?.fingerprint256).toBe(root.fingerprint256);
    }
  });
});

test("a root of the operating system is found there", async () => {
  const [pem] = getCACertificates("system");
  if (pem === undefined)
    return expect(await storesFor(parsed(getCACertificates()[0] ?? ""), [])).not.toContain(
      "system",
    );
  expect(await storesFor(parsed(pem), [])).toContain("system");
});

needs("openssl")("a root of nobody's", () => {
  const read = async (name: "ca" | "good" | "strangerCa") =>
    readFile((await certificates())(name).cert, "utf8");

  test("is trusted when it was given, by the certificate that it issued too", async () => {
    const [ca, good, stranger] = await Promise.all([read("ca"), read("good"), read("strangerCa")]);
    expect(await storesFor(parsed(ca), [ca])).toEqual(["given"]);
    expect(await storesFor(parsed(good), [ca])).toEqual(["given"]);
    expect(await storesFor(parsed(good), [stranger])).toEqual([]);
    expect(trustBeside([ca]).issuerOf(parsed(good))?.subject).toContain("CN=ca");
    expect(trustBeside([]).issuerOf(parsed(good))).toBeUndefined();
  });
});

test.each([[""], ["3000"], ["30820000"], ["ff"]])("octets that are no certificate, %s", (hex) => {
  expect(issuerTextIn(Buffer.from(hex, "hex"))).toHaveLength(0);
});
