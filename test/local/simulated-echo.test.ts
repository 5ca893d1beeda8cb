/** The echo behind each simulated ingress, as `npm start -- --simulate` shows it. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Ingress, ingresses } from "../../local/host/simulate.ts";
import { spawnHost } from "./spawn.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Each hop with how the request came into it, where TLS ended, and whom a firewall would judge. */
const golden: Readonly<Record<Ingress, object>> = {
  appservice: {
    hops: ["client none", "app-service-front-end tls", "worker unknown"],
    tlsEnd: "app-service-front-end",
    judged: "127.0.0.1 unknown",
  },
  frontdoor: {
    hops: ["client none", "front-door tls", "app-service-front-end tls", "worker unknown"],
    tlsEnd: "front-door",
    judged: "147.243.18.238 public",
  },
  appgateway: {
    hops: ["client none", "application-gateway tls", "app-service-front-end tls", "worker unknown"],
    tlsEnd: "application-gateway",
    judged: "10.0.1.4 private",
  },
  containerapps: {
    hops: ["client none", "container-apps-envoy tls", "worker unknown"],
    tlsEnd: "container-apps-envoy",
    judged: "127.0.0.1 unknown",
  },
};

interface Hop {
  readonly kind: string;
  readonly tls: string;
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
        hops: hops.map(({ kind, tls }: Hop) => `${kind} ${tls}`),
        tlsEnd: tlsEnd.at,
        judged: `${judged.address} ${judged.family}`,
      }).toEqual(golden[ingress]);
      expect({ verdict, scheme, address: client.address, confidence: client.confidence }).toEqual({
        verdict: "pass",
        scheme: "https",
        address: "127.0.0.1",
        confidence: "claimed",
      });
      // No platform is around, so every hop is a claim, and the echo says that it was relayed.
      const codes = findings.map((one: { code: string }) => one.code);
      expect(codes).toEqual(["ingress.relayed"]);
    } finally {
      await host.stop();
    }
  });
});
