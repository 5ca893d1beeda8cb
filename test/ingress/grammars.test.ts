import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddressList } from "../../lib/ingress/addresses.ts";
import { parseArrSsl } from "../../lib/ingress/arrssl.ts";
import { parseAzureRef } from "../../lib/ingress/azureref.ts";
import { clientCertificateOf } from "../../lib/ingress/certificates.ts";
import { parseForwarded } from "../../lib/ingress/forwarded.ts";
import { headerRows, rowOf } from "../../lib/ingress/headers.ts";
import { parseVia } from "../../lib/ingress/via.ts";
import { parseXfcc } from "../../lib/ingress/xfcc.ts";

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

const now = Date.UTC(2026, 0, 1);

describe("Forwarded", () => {
  test("the examples of RFC 7239 §4 and §7", () => {
    const read = parseForwarded(
      'For="[2001:db8:cafe::17]:4711", for=192.0.2.60;proto=HTTP;by=203.0.113.43;host="a.example:80", for=unknown, for="_gazonk"',
    );
    expect(read.map((element) => element.for?.address ?? element.for?.kind)).toEqual([
      "2001:db8:cafe::17",
      "192.0.2.60",
      "unknown",
      "obfuscated",
    ]);
    expect(read[0]?.for?.port).toBe(4711);
    expect(read[1]).toMatchObject({
      proto: "http",
      by: { address: "203.0.113.43" },
      host: "a.example:80",
    });
  });

  test("an address with a port is read without the quotes it should have", () => {
    expect(parseForwarded("for=1.2.3.4:80")[0]?.for).toMatchObject({
      address: "1.2.3.4",
      port: 80,
    });
  });

  test("what is quoted comes back as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (hosts) => {
        const value = hosts.map((host) => `for=unknown;host=${quoted(host)}`).join(", ");
        expect(parseForwarded(value).map((element) => element.host)).toEqual(hosts);
      }),
    );
  });
});

describe("Via", () => {
  test.each([
    ["1.1 Azure", [{ protocol: "HTTP", version: "1.1", by: "Azure" }]],
    ["HTTP/1.1 Azure", [{ protocol: "HTTP", version: "1.1", by: "Azure" }]],
    [
      "1.0 fred, 2 p.example:8080 (Apache/1.1, really (it is))",
      [
        { protocol: "HTTP", version: "1.0", by: "fred" },
        {
          protocol: "HTTP",
          version: "2",
          by: "p.example:8080",
          comment: "Apache/1.1, really (it is)",
        },
      ],
    ],
    ["nonsense", []],
    ["", []],
  ])("%s", (value, entries) => {
    expect(parseVia(value)).toEqual(entries);
  });
});

describe("X-Forwarded-Client-Cert", () => {
  test("Envoy's documented forms", () => {
    const [far, near] = parseXfcc(
      'By=http://frontend.lyft.com;Hash=468ED33BE74EEE6556D90C0149C1309E9BA61D6425303443C0748A02DD8DE688;Subject="/C=US/ST=CA/L=San, Francisco;OU=Lyft/CN=Test \\"Client\\"";URI=http://testclient.lyft.com,BY=http://backend.lyft.com;hash=9ba6;URI="";DNS=a.example;DNS=b.example',
    );
    expect(far).toEqual({
      by: ["http://frontend.lyft.com"],
      hash: "468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688",
      subject: '/C=US/ST=CA/L=San, Francisco;OU=Lyft/CN=Test "Client"',
      uris: ["http://testclient.lyft.com"],
      names: [],
    });
    expect(near).toMatchObject({ hash: "9ba6", uris: [], names: ["a.example", "b.example"] });
  });
});

describe("X-ARR-SSL and X-Azure-Ref", () => {
  test("fields are split at bars, so a quoted comma in a name stays", () => {
    expect(parseArrSsl('2048|256|CN=CA, O="DigiCert, Inc.", C=US|CN=smee.io')).toEqual({
      keyBits: 2048,
      cipherBits: 256,
      issuer: 'CN=CA, O="DigiCert, Inc.", C=US',
      subject: "CN=smee.io",
    });
  });

  test.each(["true", "", "(removed)", "1|2|3", "a|b|c|d", "1|2|c|d|e"])(
    "%s has not four fields",
    (text) => {
      expect(parseArrSsl(text)).toBeUndefined();
    },
  );

  test("a date that does not exist is no reference", () => {
    expect(parseAzureRef("20240711T031409Z-16f8")).toEqual({ at: "2024-07-11T03:14:09.000Z" });
    expect(parseAzureRef("20249911T031409Z-16f8")).toBeUndefined();
    expect(parseAzureRef(`0${"A".repeat(60)}`)).toBeUndefined();
  });
});

test("no grammar throws, whatever it is given", () => {
  const piece = fc.constantFrom(
    ",",
    ";",
    "=",
    '"',
    "\\",
    "[",
    "]",
    "%",
    "%zz",
    "|",
    ":",
    "(",
    ")",
    "for",
    "Cert",
    "-----BEGIN CERTIFICATE-----",
    "10.0.0.1",
    "::1",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 30 })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (value) => {
      parseAddressList(value);
      parseForwarded(value);
      parseVia(value);
      parseXfcc(value);
      parseArrSsl(value);
      parseAzureRef(value);
      for (const { name } of headerRows) clientCertificateOf([[name, value]], now);
    }),
    { numRuns: 500 },
  );
});

test("the table has one row per name, in lower case, and the longest one wins", () => {
  const names = headerRows.map((row) => row.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(names.map((name) => name.toLowerCase()));
  expect(rowOf("X-MS-TOKEN-AAD-ID-TOKEN")?.mask).toBe("secret");
  expect(rowOf("X-Client-Certificate")?.grammar).toBe("certificate");
  expect(rowOf("X-Client-Certificate-Subject")?.grammar).toBe("text");
  expect(rowOf("x-envoy-external-address")?.grammar).toBe("addresses");
  expect(rowOf("x-nobody-knows")).toBeUndefined();
});
