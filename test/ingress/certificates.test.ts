import { describe, expect, test } from "vitest";
import { clientCertificateOf } from "../../lib/ingress/certificates.ts";
import { arriveWith } from "../stages/arriving.ts";
import { clientPem } from "./certificate.ts";
import { site } from "./walking.ts";

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
    ["x-client-certificate-data", encodeURIComponent(clientPem), "the gateway's, under its prefix"],
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

  test("what the gateway says stands beside the certificate that it passed on", () => {
    const headers = [
      ["x-client-certificate-verification", "SUCCESS"],
      ["x-our-own-name", encodeURIComponent(clientPem)],
    ] as const;
    expect(clientCertificateOf(headers, now)).toMatchObject({
      header: "x-our-own-name",
      verification: "SUCCESS",
      subject: "O=example, OU=users, CN=user",
    });
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

describe("how far it is to be believed", () => {
  const standing = async (
    header: string,
    place: Parameters<typeof arriveWith>[1],
    more: readonly (readonly [string, string])[] = [],
  ) =>
    (await arriveWith({ headers: [[header, encodeURIComponent(clientPem)], ...more] }, place))
      .clientCertificate;

  test("is for a command to tell behind the front end, whose word it is", async () => {
    const found = await standing(
      "x-arr-clientcert",
      { ...site, WEBSITE_SITE_NAME: "orders", WEBSITE_RESOURCE_GROUP: "rg" },
      [
        ["client-ip", "203.0.113.9:50123"],
        ["x-arr-log-id", "00000000-0000-4000-8000-000000000001"],
        ["disguised-host", "orders.azurewebsites.net"],
      ],
    );
    expect(found).toMatchObject({
      standing: expect.stringContaining("validates nothing"),
      command: "az webapp show -g rg -n orders --query '[clientCertEnabled, clientCertMode]'",
    });
  });

  test.each(["x-arr-clientcert", "ssl-client-cert"])(
    "of %s without such a hop it is the proxy's word or anybody's",
    async (header) => {
      const found = await standing(header, {});
      expect(found).toMatchObject({ standing: expect.stringMatching(/^a claim unless the proxy/) });
      expect(found).not.toHaveProperty("command");
    },
  );
});
