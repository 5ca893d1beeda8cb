import { describe, expect, test } from "vitest";
import { clientCertificateOf } from "../../lib/ingress/certificates.ts";
import { clientPem } from "./certificate.ts";

const now = Date.UTC(2026, 0, 1);

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
