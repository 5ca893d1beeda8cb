import { rootCertificates } from "node:tls";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementAt, elementsOf, oidOf, readDer, timeOf } from "../../lib/protocols/der.ts";
import { readOcsp } from "../../lib/protocols/ocsp.ts";
import { nameOf } from "../../lib/protocols/tls/name.ts";
import { revocationOf, timestampsIn } from "../../lib/protocols/x509-extensions.ts";

const roots = rootCertificates.slice(0, 20).map((pem) => new X509Certificate(pem));

describe("DER", () => {
  test("is walked to the subject of every root that Node ships, as Node names it", () => {
    for (const root of roots) {
      const subject = elementAt(root.raw, 0, 5);
      const common = /^CN=(.*)$/m.exec(root.subject)?.[1];
      if (common !== undefined)
        expect(nameOf(subject?.whole ?? new Uint8Array())).toContain(common);
    }
  });

  test.each([
    ["2a864886f70d010101", "1.2.840.113549.1.1.1"],
    ["551d25", "2.5.29.37"],
    ["2b06010401d679020402", "1.3.6.1.4.1.11129.2.4.2"],
  ])("OID %s is %s", (hex, oid) => {
    expect(oidOf(Buffer.from(hex, "hex"))).toBe(oid);
  });

  test("tells times, and nothing that is none", () => {
    expect(timeOf(Buffer.from("20261120182503Z"))?.toISOString()).toBe("2026-11-20T18:25:03.000Z");
    expect(timeOf(Buffer.from("20261120"))).toBeUndefined();
  });

  test.each(["", "30", "3080", "3005aabb", "1f010203", "3084ffffffff"])("%s is not read", (hex) => {
    expect(readDer(Buffer.from(hex, "hex"))).toBeUndefined();
  });

  test("never throws and never reads more than there is, whatever it is given", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(
          elementsOf(noise).reduce((sum, one) => sum + one.whole.length, 0),
        ).toBeLessThanOrEqual(noise.length);
        nameOf(noise);
        readOcsp(noise);
        revocationOf(noise);
        timestampsIn(noise);
      }),
    );
  });

  test("a certificate that was changed anywhere is read as far as it goes", () => {
    const [root] = roots;
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(255), fc.nat(2000), (at, octet, length) => {
        const bytes = Buffer.from(root?.raw.subarray(0, length) ?? []);
        if (at < bytes.length) bytes[at] = octet;
        expect(revocationOf(bytes).crl.length).toBeLessThanOrEqual(8);
        expect(timestampsIn(bytes)).toBeLessThan(1000);
      }),
    );
  });
});
