/** Each conclusion about the way in: headers that draw it, and the same but for one that must not. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Environment } from "../../lib/here.ts";
import { ingressRules } from "../../lib/findings/ingress.ts";
import { leavesOf } from "../../lib/leaves.ts";
import { clientPem } from "../ingress/certificate.ts";
import { containerApp, site } from "../ingress/walking.ts";
import { arriveWith } from "../stages/arriving.ts";

type Sent = Readonly<Record<string, string>>;

async function codes(sent: Sent, environment: Environment = site): Promise<readonly string[]> {
  const arrive = await arriveWith({ headers: Object.entries(sent) }, environment);
  return conclude(leavesOf({ arrive })).map((one) => one.code);
}

const frontEnd = {
  "x-arr-log-id": "00000000-0000-4000-8000-000000000001",
  "client-ip": "203.0.113.5:1234",
  "x-forwarded-for": "203.0.113.5:1234",
  "x-appservice-proto": "https",
  "x-forwarded-proto": "https",
  "disguised-host": "orders.azurewebsites.net",
};
const without = (name: keyof typeof frontEnd): Sent =>
  Object.fromEntries(Object.entries(frontEnd).filter(([each]) => each !== name));

const envoy = { "x-k8se-app-name": "contoso--a", "x-envoy-external-address": "203.0.113.92" };
const fdid = { "x-azure-fdid": "ee9655cc-0000-4000-8000-000000000000" };
const fromFrontDoor = {
  ...frontEnd,
  ...fdid,
  "client-ip": "147.243.2.10:4000",
  "x-forwarded-for": "203.0.113.1, 147.243.2.10:4000",
};
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64");
const easyAuth = {
  "x-ms-client-principal": encoded({ auth_typ: "aad", claims: [{ typ: "name", val: "PLANTED" }] }),
};
const signInOn = { ...site, WEBSITE_AUTH_ENABLED: "True" };
const gateway = { "x-appgw-trace-id": "ca99b77c0afee96d6a12bff457f7be09" };
const xfcc = (hash: string) => ({
  "x-forwarded-client-cert": `Hash=${hash};Cert="${encodeURIComponent(clientPem)}"`,
});
const rightHash = "ddb484787c2db45582770febb6d899606fbdd32099386d85a73a17f9ffce9627";
const cookie = (first: string) => ({ cookie: `ARRAffinity=${first.repeat(64)}` });

interface Case {
  readonly code: string;
  readonly drawn: Sent;
  readonly nearMiss: Sent;
  readonly on?: Environment;
  readonly nearMissOn?: Environment;
}

const cases: readonly Case[] = [
  {
    code: "ingress.around_front_door",
    drawn: { ...frontEnd, ...fdid },
    nearMiss: fromFrontDoor,
  },
  {
    // Behind an Application Gateway the peer is that gateway, whatever stands in front of it.
    code: "ingress.around_front_door",
    drawn: { ...frontEnd, ...fdid },
    nearMiss: { ...frontEnd, ...fdid, ...gateway },
  },
  {
    code: "ingress.around_front_door",
    drawn: { ...frontEnd, ...fdid },
    nearMiss: { ...frontEnd, ...fdid },
    nearMissOn: {},
  },
  {
    code: "ingress.around_front_door",
    drawn: { ...envoy, ...fdid },
    nearMiss: { ...envoy, ...fdid, "x-envoy-external-address": "147.243.2.10" },
    on: containerApp,
  },
  {
    code: "ingress.tls_dropped",
    drawn: { ...fromFrontDoor, "x-appservice-proto": "http" },
    nearMiss: fromFrontDoor,
  },
  {
    code: "ingress.plain_http",
    drawn: { ...without("x-appservice-proto"), "x-forwarded-proto": "http" },
    nearMiss: frontEnd,
  },
  {
    code: "ingress.plain_http",
    drawn: { ...without("x-appservice-proto"), "x-forwarded-proto": "http" },
    nearMiss: { ...fromFrontDoor, "x-appservice-proto": "http" },
  },
  {
    code: "ingress.address_disagrees",
    drawn: { ...frontEnd, "x-forwarded-for": "203.0.113.9" },
    nearMiss: { ...frontEnd, "x-forwarded-for": "203.0.113.9, 203.0.113.5:1234, 127.0.0.1" },
  },
  {
    // A second pass inside the platform writes an address of its own.
    code: "ingress.address_disagrees",
    drawn: { ...frontEnd, "x-forwarded-for": "203.0.113.9" },
    nearMiss: { ...frontEnd, "client-ip": "10.0.128.5:1", "max-forwards": "9" },
  },
  {
    code: "ingress.list_consumed",
    drawn: without("x-forwarded-for"),
    nearMiss: without("client-ip"),
  },
  {
    code: "ingress.list_short",
    drawn: { ...frontEnd, ...gateway },
    nearMiss: { ...frontEnd, ...gateway, "x-forwarded-for": "203.0.113.9:1, 203.0.113.5:1234" },
  },
  {
    code: "ingress.public_host",
    drawn: { ...fromFrontDoor, "x-forwarded-host": "shop.example" },
    nearMiss: { ...fromFrontDoor, "x-forwarded-host": "ORDERS.azurewebsites.net:443" },
  },
  { code: "ingress.relayed", drawn: frontEnd, nearMiss: frontEnd, on: {}, nearMissOn: site },
  {
    code: "ingress.relayed",
    drawn: { "x-k8se-app-name": "contoso--a" },
    nearMiss: { "x-k8se-app-name": "contoso--a" },
    on: site,
    nearMissOn: containerApp,
  },
  {
    code: "ingress.front_door_twice",
    drawn: { ...fromFrontDoor, "x-azure-requestchain": "hops=2" },
    nearMiss: { ...fromFrontDoor, "x-azure-requestchain": "hops=1" },
  },
  {
    code: "ingress.instance_changed",
    drawn: { ...frontEnd, ...cookie("a") },
    nearMiss: { ...frontEnd, ...cookie("f") },
  },
  {
    code: "ingress.sign_in_forgeable",
    drawn: { ...frontEnd, ...easyAuth },
    nearMiss: { ...frontEnd, ...easyAuth },
    nearMissOn: signInOn,
  },
  {
    code: "ingress.sign_in_host",
    drawn: { ...fromFrontDoor, ...easyAuth, "x-forwarded-host": "shop.example" },
    nearMiss: { ...fromFrontDoor, ...easyAuth, "x-forwarded-host": "orders.azurewebsites.net" },
    on: signInOn,
    nearMissOn: signInOn,
  },
  {
    code: "ingress.certificate_of_gateway",
    drawn: { ...fromFrontDoor, "x-arr-clientcert": "MIIB" },
    nearMiss: { ...frontEnd, "x-arr-clientcert": "MIIB" },
  },
  {
    code: "ingress.certificate_hash",
    drawn: xfcc("ab".repeat(32)),
    nearMiss: xfcc(rightHash),
  },
  {
    code: "ingress.certificate_refused",
    drawn: { "x-client-certificate-verification": "FAILED:certificate has expired" },
    nearMiss: { "x-client-certificate-verification": "SUCCESS" },
  },
  {
    code: "ingress.certificate_expired",
    drawn: { "x-client-certificate-end-date": "May 30 15:32:00 2023 GMT" },
    nearMiss: { "x-client-certificate-end-date": "May 30 15:32:00 2053 GMT" },
  },
  {
    code: "ingress.key_in_url",
    drawn: { ...frontEnd, referer: "https://a.example/?code=S3cr3tS3cr3t" },
    nearMiss: { ...frontEnd, referer: "https://a.example/?page=2" },
  },
  {
    code: "ingress.identity_secret",
    drawn: { ...frontEnd, "x-identity-header": "PLANTED" },
    nearMiss: { ...frontEnd, "x-identity-headers": "PLANTED" },
  },
];

describe.each(cases)("$code", ({ code, drawn, nearMiss, on, nearMissOn = site }) => {
  test("is drawn", async () => {
    expect(await codes(drawn, on)).toContain(code);
  });

  test("is not drawn from the near miss", async () => {
    expect(await codes(nearMiss, nearMissOn)).not.toContain(code);
  });
});

test("every rule of this area has such a case", () => {
  expect(new Set(cases.map(({ code }) => code))).toEqual(
    new Set(ingressRules.map(({ code }) => code)),
  );
});

test("a request as it should be draws nothing", async () => {
  expect(await codes(frontEnd)).toEqual([]);
  expect(await codes({ host: "localhost" }, {})).toEqual([]);
});
