/** What follows from headers: who judges, where TLS ended, who signed in, to whom a client is tied. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { arriveSheet } from "../../lib/facts/arrive.ts";
import { clientPem } from "../ingress/certificate.ts";
import { containerApp, site } from "../ingress/walking.ts";
import { arriveWith } from "./arriving.ts";

const sent = (headers: Readonly<Record<string, string>>, environment = site) =>
  arriveWith({ headers: Object.entries(headers) }, environment);

const frontEnd = { "x-arr-log-id": "1", "x-appservice-proto": "https" };

describe("what an access restriction judges", () => {
  test.each([
    ["203.0.113.5:1234", "public", ["ip", "service-tag", "header"], undefined],
    ["10.1.0.4:5555", "private", ["vnet", "header"], undefined],
    [
      "[fde4:8dba:1f00:8ef5:6c1f:100:c0a8:fa06]:1",
      "service-endpoint",
      ["vnet", "header"],
      "192.168.250.6",
    ],
  ])("%s is %s, for rules of kind %j", async (address, family, rules, embedded) => {
    const { judged } = await sent({ ...frontEnd, "client-ip": address });
    expect(judged).toMatchObject({
      by: "app-service-front-end",
      family,
      rules,
      confidence: "proven",
    });
    expect(judged?.embedded).toBe(embedded);
  });

  test.each(["127.0.0.1:5000", "[fe80::1]:5000", "100.64.0.9:5000", "[fd00::1]:5000"])(
    "%s came neither over the internet nor from a subnet, as far as can be told",
    async (address) => {
      const { judged } = await sent({ ...frontEnd, "client-ip": address });
      expect(judged).toMatchObject({ family: "unknown", rules: [] });
      const lines = arriveSheet.lines.find(({ label }) => label === "Judged");
      expect([lines?.say({ judged })].flat().join()).not.toContain("no kind of rule");
      const ingress = { "x-k8se-app-name": "contoso--a", "x-envoy-external-address": address };
      expect((await sent(ingress, containerApp)).judged?.family).toBe("unknown");
    },
  );

  test("behind a gateway it is the gateway, whatever the caller wrote to the left", async () => {
    const { client, judged } = await sent({
      ...frontEnd,
      "x-appgw-trace-id": "ca99b77c0afee96d6a12bff457f7be09",
      "client-ip": "10.1.0.4:5555",
      "x-forwarded-for": "198.51.100.9, 203.0.113.9:4444, 10.1.0.4:5555",
    });
    expect(client?.address).toBe("203.0.113.9");
    expect(judged?.address).toBe("10.1.0.4");
    expect(judged?.reasons.join()).toContain("X-Forwarded-For is met by any entry");
  });

  test("private addresses are matched by rules on addresses in an environment of one's own", async () => {
    const { judged } = await sent(
      { ...frontEnd, "client-ip": "10.1.0.4:5555" },
      { ...site, WEBSITE_SKU: "IsolatedV2" },
    );
    expect(judged?.rules).toEqual(["ip", "header"]);
  });

  test("Container Apps compares the peer of its ingress", async () => {
    const ingress = { "x-k8se-app-name": "contoso--a", "x-envoy-external-address": "203.0.113.9" };
    expect((await sent(ingress, containerApp)).judged).toMatchObject({
      by: "container-apps-envoy",
      address: "203.0.113.9",
      rules: ["ip"],
    });
  });

  test("nobody judges where no such ingress is a hop", async () => {
    expect(await sent({ "x-forwarded-for": "203.0.113.9" }, {})).not.toHaveProperty("judged");
  });
});

describe("where TLS ended", () => {
  test("is not for the caller's own X-Forwarded-Proto to say", async () => {
    const { tlsEnd, hops } = await sent({
      "x-arr-log-id": "1",
      "client-ip": "203.0.113.5:1234",
      "x-forwarded-proto": "https",
    });
    expect(tlsEnd?.at).toBe("unknown");
    expect(hops?.[1]?.tls).toBe("unknown");
  });

  test("is told with the command that reads the leg which no request shows", async () => {
    const { tlsEnd } = await sent(frontEnd, { ...site, WEBSITE_RESOURCE_GROUP: "rg-1" });
    expect(tlsEnd).toMatchObject({ at: "app-service-front-end", again: [], clear: [] });
    expect(tlsEnd?.unseen).toContain("front end");
    expect(tlsEnd?.command).toBe(
      "az webapp show -g rg-1 -n contoso --query endToEndEncryptionEnabled",
    );
  });

  test("the commands name the slot, whose settings are its own", async () => {
    const slot = { ...site, WEBSITE_RESOURCE_GROUP: "rg-1", WEBSITE_SLOT_NAME: "staging" };
    const headers = { ...frontEnd, "x-arr-clientcert": encodeURIComponent(clientPem) };
    const { tlsEnd, clientCertificate } = await sent(headers, slot);
    for (const one of [tlsEnd, clientCertificate]) {
      expect(one?.command).toContain("-g rg-1 -n contoso --slot staging --query");
    }
    const production = { ...slot, WEBSITE_SLOT_NAME: "Production" };
    expect((await sent(headers, production)).tlsEnd?.command).not.toContain("--slot");
  });

  test("text says how sure the hop is at which it ended", async () => {
    const { tlsEnd, hops } = await sent({ "x-azure-fdid": "a", "x-forwarded-proto": "https" });
    const lines = arriveSheet.lines.find(({ label }) => label === "TLS ended");
    expect([lines?.say({ tlsEnd, hops })].flat()[0]).toBe(
      "the client's TLS ended at front-door, claimed",
    );
  });

  test("goes on behind a gateway, or is dropped there", async () => {
    const behind = { ...frontEnd, "x-azure-fdid": "a", "x-forwarded-proto": "https" };
    expect((await sent(behind)).tlsEnd).toMatchObject({
      at: "front-door",
      again: ["app-service-front-end"],
    });
    expect((await sent({ ...behind, "x-appservice-proto": "http" })).tlsEnd).toMatchObject({
      at: "front-door",
      clear: ["app-service-front-end"],
    });
  });

  test("is asked of the environment on Container Apps", async () => {
    const { tlsEnd } = await sent(
      { "x-k8se-app-name": "contoso--a", "x-arr-ssl": "true" },
      containerApp,
    );
    expect(tlsEnd).toMatchObject({ at: "container-apps-envoy" });
    expect(tlsEnd?.command).toMatch(/^az containerapp env show /);
  });
});

describe("who signed in", () => {
  const principal = (value: unknown) => ({
    "x-ms-client-principal": Buffer.from(JSON.stringify(value)).toString("base64"),
  });

  test("Easy Auth: provider and kinds of claims, and nobody's name", async () => {
    const facts = await sent(
      {
        ...principal({
          auth_typ: "aad",
          claims: [
            {
              typ: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
              val: "PLANTED",
            },
            { typ: "roles", val: "PLANTED" },
          ],
        }),
        "x-ms-client-principal-name": "PLANTED",
        "x-ms-token-aad-access-token": "PLANTED",
      },
      { ...site, WEBSITE_AUTH_ENABLED: "true" },
    );
    expect(facts.signedIn).toEqual({
      by: "easy-auth",
      provider: "aad",
      claims: ["emailaddress", "roles"],
      roles: [],
      tokens: ["aad-access-token"],
      believed: true,
    });
    expect(JSON.stringify(facts)).not.toContain("PLANTED");
  });

  test("Static Web Apps has another shape under the same name", async () => {
    const { signedIn } = await sent(
      principal({
        identityProvider: "github",
        userId: "PLANTED",
        userDetails: "PLANTED",
        userRoles: ["anonymous", "authenticated"],
      }),
    );
    expect(signedIn).toMatchObject({
      by: "static-web-apps",
      provider: "github",
      roles: ["anonymous", "authenticated"],
      believed: false,
    });
  });

  test.each([
    "%%%",
    "bnVsbA==",
    Buffer.from('{"claims":1}').toString("base64"),
    "A".repeat(99_999),
  ])("a principal that cannot be read is said to be one", async (value) => {
    const { signedIn } = await sent({ "x-ms-client-principal": value });
    expect(signedIn).toMatchObject({ by: "unknown", problem: "the principal cannot be read" });
  });

  test("nobody, when no header says so", async () => {
    expect(await sent(frontEnd)).not.toHaveProperty("signedIn");
  });
});

describe("affinity, cold start and purpose", () => {
  test.each([
    ["ARRAffinity=" + "f".repeat(64), { cookies: ["ARRAffinity"], instance: "this" }],
    [
      "a=b; ARRAffinitySameSite=" + "a".repeat(64),
      { cookies: ["ARRAffinitySameSite"], instance: "another" },
    ],
    ["ASLBSA=zzz", { cookies: ["ASLBSA"] }],
    ["arraffinity=x; other=y", undefined],
  ])("%s", async (cookie, expected) => {
    expect((await sent({ cookie })).affinity).toEqual(expected);
  });

  test("the platform's mark, and no other value", async () => {
    expect((await sent({ "x-ms-coldstart": "1" })).coldStart).toBe(true);
    expect((await sent({ "x-ms-coldstart": "0" })).coldStart).toBe(false);
  });

  test("probes name themselves; an empty header is none", async () => {
    const url = "http://127.0.0.1:8020/robots933456.txt";
    expect((await arriveWith({ url }, site)).purpose).toBe("warm-up");
    expect((await sent({ "user-agent": "HealthCheck/1.0" })).purpose).toBe("health-check");
    expect((await sent({ "x-fd-healthprobe": "1" })).purpose).toBe("front-door-probe");
    expect(await sent({ "x-fd-healthprobe": "" })).not.toHaveProperty("purpose");
  });
});

describe("expectations", () => {
  const headers = {
    ...frontEnd,
    "client-ip": "147.243.2.10:4000",
    "x-forwarded-for": "203.0.113.1, 147.243.2.10:4000",
    "x-azure-fdid": "ee9655cc-0000-4000-8000-000000000000",
    "x-azure-socketip": "203.0.113.1",
    "ssl-client-cert": encodeURIComponent(clientPem),
  };
  const sha256 = "ddb484787c2db45582770febb6d899606fbdd32099386d85a73a17f9ffce9627";

  test.each<[keyof typeof arriveSheet.expect, string, string]>([
    ["clientAddress", "203.0.113.0/24", "198.51.100.0/24"],
    ["clientAddress", "198.51.100.1,203.0.113.1", "203.0.113.2"],
    ["clientThumbprint", sha256, "ab".repeat(20)],
    ["clientThumbprint", sha256.toUpperCase().replaceAll(/(..)(?=.)/g, "$1:"), "ab".repeat(32)],
    ["fdid", "EE9655CC-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000"],
    ["judgedAs", "public", "service-endpoint"],
  ])("%s=%s holds, and %s does not", async (key, met, missed) => {
    const facts = await sent(headers);
    const holds = [met, missed].map((text) => {
      const demand = arriveSheet.expect[key].read(text);
      return "wrong" in demand ? demand.wrong : demand.holds(facts);
    });
    expect(holds).toEqual([true, false]);
  });

  test.each<[keyof typeof arriveSheet.expect, string]>([
    ["clientThumbprint", "xyz"],
    ["clientThumbprint", "abcd"],
    ["clientAddress", "somewhere"],
  ])("%s=%s cannot be read", (key, text) => {
    expect(arriveSheet.expect[key].read(text)).toHaveProperty("wrong");
  });
});
