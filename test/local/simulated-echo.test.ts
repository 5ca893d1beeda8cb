/** The echo behind each simulated ingress, as `npm start -- --simulate` shows it. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Ingress, ingresses } from "../../local/host/simulate.ts";
import { spawnHost } from "./spawn.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** No platform is around, so every hop is a claim, and the echo says that it was relayed. */
const golden: Readonly<Record<Ingress, object>> = {
  appservice: {
    hops: ["client", "app-service-front-end", "worker"],
    tls: ["none", "tls", "unknown"],
    tlsEnd: "app-service-front-end",
    judged: "127.0.0.1 public",
    findings: ["ingress.relayed"],
  },
  frontdoor: {
    hops: ["client", "front-door", "app-service-front-end", "worker"],
    tls: ["none", "tls", "tls", "unknown"],
    tlsEnd: "front-door",
    judged: "147.243.18.238 public",
    findings: ["ingress.relayed"],
  },
  appgateway: {
    hops: ["client", "application-gateway", "app-service-front-end", "worker"],
    tls: ["none", "tls", "tls", "unknown"],
    tlsEnd: "application-gateway",
    judged: "10.0.1.4 private",
    findings: ["ingress.relayed"],
  },
  containerapps: {
    hops: ["client", "container-apps-envoy", "worker"],
    tls: ["none", "tls", "unknown"],
    tlsEnd: "container-apps-envoy",
    judged: "127.0.0.1 public",
    findings: ["ingress.relayed"],
  },
};

interface Hop {
  readonly kind: string;
  readonly tls: string;
  readonly confidence: string;
}

describe.each(ingresses.map((ingress) => ({ ingress })))("--simulate $ingress", ({ ingress }) => {
  test("reads as that ingress, and nobody left of it is believed", async () => {
    const host = await spawnHost({ root, args: ["--simulate", ingress] });
    try {
      const headers = { "x-forwarded-for": "198.51.100.66" };
      const answer = await fetch(`${host.url}/api/echo`, { headers });
      const { result, findings, verdict } = JSON.parse(await answer.text());
      const { hops, tlsEnd, judged, client, scheme } = result.arrive;
      expect({
        hops: hops.map((hop: Hop) => hop.kind),
        tls: hops.map((hop: Hop) => hop.tls),
        tlsEnd: tlsEnd.at,
        judged: `${judged.address} ${judged.family}`,
        findings: findings.map((one: { code: string }) => one.code),
      }).toEqual(golden[ingress]);
      expect({ verdict, scheme, address: client.address, confidence: client.confidence }).toEqual({
        verdict: "pass",
        scheme: "https",
        address: "127.0.0.1",
        confidence: "claimed",
      });
    } finally {
      await host.stop();
    }
  });
});
