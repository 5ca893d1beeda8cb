import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  embeddedAddress,
  parseAddressList,
  parseAddressToken,
} from "../../lib/ingress/addresses.ts";
import { parseArrSsl } from "../../lib/ingress/arrssl.ts";
import { parseAzureRef } from "../../lib/ingress/azureref.ts";
import { clientCertificateOf } from "../../lib/ingress/certificates.ts";
import { parseForwarded } from "../../lib/ingress/forwarded.ts";
import { headerRows, rowOf } from "../../lib/ingress/headers.ts";
import { parseVia } from "../../lib/ingress/via.ts";
import { parseXfcc } from "../../lib/ingress/xfcc.ts";
import { clientPem } from "./certificate.ts";

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

const now = Date.UTC(2026, 0, 1);

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

describe("client certificates", () => {
  const body = clientPem.replaceAll(/-----[A-Z ]+-----|\s/g, "");

  test.each([
    ["x-arr-clientcert", body, "base64 of DER"],
    ["x-arr-clientcert", clientPem, "PEM"],
    ["ssl-client-cert", encodeURIComponent(clientPem), "percent-encoded PEM"],
    ["client-cert", `:${body}:`, "RFC 9440"],
    [
      "x-forwarded-tls-client-cert",
      `${encodeURIComponent(body)},${encodeURIComponent(body)}`,
      "Traefik",
    ],
    ["x-forwarded-client-cert", `Hash=00;Cert="${encodeURIComponent(clientPem)}"`, "Envoy"],
    ["x-our-own-name", encodeURIComponent(clientPem), "PEM under an unknown name"],
  ])("%s as %#", (header, value) => {
    const found = clientCertificateOf([[header, value]], now);
    expect(found).toMatchObject({
      header,
      subject: "O=example, OU=users, CN=user",
      issuer: "CN=client-ca",
      validTo: "2025-03-14T13:35:12.000Z",
      sha256: "ddb484787c2db45582770febb6d899606fbdd32099386d85a73a17f9ffce9627",
    });
    expect(found?.sha1).toMatch(/^[0-9a-f]{40}$/);
    expect(found?.daysLeft).toBeLessThan(0);
  });

  test("a hash that is not the certificate's is told", () => {
    const value = `Hash=${"0".repeat(64)};Cert="${encodeURIComponent(clientPem)}"`;
    expect(clientCertificateOf([["x-forwarded-client-cert", value]], now)?.hashMatches).toBe(false);
  });

  test("what cannot be parsed is present all the same", () => {
    const found = clientCertificateOf([["x-arr-clientcert", "bm90IGEgY2VydA=="]], now);
    expect(found?.problem).toContain("cannot be parsed");
    expect(clientCertificateOf([["accept", "*/*"]], now)).toBeUndefined();
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
