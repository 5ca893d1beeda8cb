/**
 * What an Azure ingress would have added on the way, for a look at the echo without Azure.
 *
 * Shapes follow requests seen behind each ingress. Names and addresses are invented; the client is
 * the real peer, and its own Host is kept so that links still lead back here.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { type Arrived } from "./request.ts";

export interface Peer {
  readonly address: string;
  readonly port: number;
}

export const ingresses = ["appservice", "containerapps", "frontdoor", "appgateway"] as const;
export type Ingress = (typeof ingresses)[number];

const app = "sonde-local";
const site = `${app}.azurewebsites.net`;

/** Changes `arrived` into what `ingress` would have passed on for a client at `peer`. */
export function simulate(ingress: Ingress, arrived: Arrived, peer: Peer): void {
  passages[ingress](arrived, peer);
}

const passages: Readonly<Record<Ingress, (arrived: Arrived, peer: Peer) => void>> = {
  appservice: frontEnd,
  containerapps: envoy,
  frontdoor: (arrived, peer) => frontEnd(arrived, frontDoor(arrived, peer)),
  appgateway: (arrived, peer) => frontEnd(arrived, applicationGateway(arrived, peer)),
};

/** The App Service front end over TLS, then the fix-up that the Functions host does for it. */
function frontEnd(arrived: Arrived, peer: Peer): void {
  const { headers } = arrived;
  const host = headers.get("host") ?? [];
  forwardedFor(arrived, `${bracketed(peer.address)}:${peer.port}`);
  set(arrived, {
    "client-ip": `${bracketed(peer.address)}:${peer.port}`,
    "x-client-ip": peer.address,
    "x-client-port": String(peer.port),
    "max-forwards": "10",
    "x-arr-log-id": randomUUID(),
    "x-arr-ssl":
      "2048|256|CN=Microsoft Azure RSA TLS Issuing CA 03, O=Microsoft Corporation, C=US" +
      "|CN=*.azurewebsites.net, O=Microsoft Corporation, L=Redmond, S=WA, C=US",
    "x-appservice-proto": "https",
    "x-forwarded-proto": "https",
    "x-forwarded-tlsversion": "1.3",
    "disguised-host": host.join(","),
    "was-default-hostname": site,
    "x-site-deployment-id": app,
    "x-original-url": arrived.path + arrived.query,
    "x-waws-unencoded-url": arrived.path + arrived.query,
  });
  // AppServiceHeaderFixupMiddleware: Host from DISGUISED-HOST, scheme from X-Forwarded-Proto.
  headers.set("host", headers.get("disguised-host") ?? host);
  arrived.scheme = headers.get("x-forwarded-proto")?.[0] ?? arrived.scheme;
}

/** Front Door Standard. The peer that the origin sees is one of its backend addresses. */
function frontDoor(arrived: Arrived, peer: Peer): Peer {
  // Clients cannot send these: Front Door removes the whole X-FD- family.
  for (const name of arrived.headers.keys()) {
    if (name.startsWith("x-fd-")) arrived.headers.delete(name);
  }
  // X-Azure-ClientIP is derived from what the client wrote, X-Azure-SocketIP is not.
  const claimed = arrived.headers.get("x-forwarded-for")?.[0]?.split(",")[0]?.trim();
  forwardedFor(arrived, peer.address);
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  set(arrived, {
    via: "HTTP/1.1 Azure",
    "x-azure-clientip": claimed ?? peer.address,
    "x-azure-socketip": peer.address,
    "x-azure-fdid": "00000000-0000-4000-8000-000000000fd0",
    "x-azure-ref": `${stamp}-${randomBytes(16).toString("hex")}`,
    "x-azure-requestchain": "hops=1",
    "x-forwarded-host": (arrived.headers.get("host") ?? []).join(","),
    "x-forwarded-proto": "https",
  });
  return { address: "147.243.18.238", port: 45498 };
}

/** Application Gateway v2 with an HTTPS listener, reaching the site from its own subnet. */
function applicationGateway(arrived: Arrived, peer: Peer): Peer {
  forwardedFor(arrived, `${bracketed(peer.address)}:${peer.port}`);
  set(arrived, {
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
    "x-original-host": (arrived.headers.get("host") ?? []).join(","),
    "x-appgw-trace-id": randomBytes(16).toString("hex"),
  });
  return { address: "10.0.1.4", port: 38214 };
}

/** The Envoy of Container Apps: what the client wrote into X-Forwarded-For is lost. No fix-up. */
function envoy(arrived: Arrived, peer: Peer): void {
  set(arrived, {
    "x-forwarded-for": peer.address,
    "x-envoy-external-address": peer.address,
    "x-envoy-expected-rq-timeout-ms": "1800000",
    "x-forwarded-proto": "https",
    "x-forwarded-host": (arrived.headers.get("host") ?? []).join(","),
    "x-request-id": randomUUID(),
    "x-arr-ssl": "true",
    "x-k8se-app-name": `${app}--0000001`,
    "x-k8se-app-namespace": "k8se-apps",
    "x-k8se-app-kind": "web",
    "x-k8se-protocol": "http1",
    "x-ms-containerapp-name": app,
    "x-ms-containerapp-revision-name": `${app}--0000001`,
  });
}

function forwardedFor(arrived: Arrived, token: string): void {
  const before = arrived.headers.get("x-forwarded-for") ?? [];
  arrived.headers.set("x-forwarded-for", [[...before, token].join(", ")]);
}

function set(arrived: Arrived, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) arrived.headers.set(name, [value]);
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
