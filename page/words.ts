/** Words for what a report says in codes. */
import { told } from "./known.ts";
import type { Report, Vantage } from "../lib/report.ts";

const stages: Readonly<Record<string, string>> = {
  resolve: "Look up the name",
  connect: "Open TCP",
  tunnel: "Go through the proxy",
  handshake: "TLS handshake",
  upgrade: "Change to WebSocket",
  request: "HTTP request",
  query: "Ask the name server",
  ntp: "Ask for the time",
  stun: "Ask by which address we come",
  login: "Try a login",
  banner: "Read the greeting",
  own: "Tell the door",
  presented: "See the certificate",
  chain: "Ask the other Sonde",
  sample: "Ask an operator",
  egress: "Weigh the answers",
  locate: "Look around",
  arrive: "Read the request",
};

export function stageName(stage: string): string {
  return told(stages, stage);
}

/** `app orders-diag, elastic-premium, westeurope, instance 0f3a`. */
export function placeOf({ app, platform, plan, region, instance, privateIp }: Vantage): string {
  return [
    app === "local" ? "this computer (local host)" : `app ${app}`,
    ...(app === "local" ? [] : [plan ?? platform]),
    region,
    instance === undefined ? undefined : `instance ${instance}`,
    privateIp,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

const bases: Readonly<Record<string, string>> = {
  "same-site": "it runs inside it",
  "same-plan-subnet": "same plan, same subnet",
  "same-environment": "same Container Apps environment",
  "same-subnet": "same subnet",
};

/** Whom this Sonde stands for. */
export function standing({ app, represents: { app: other, basis } }: Vantage): string {
  if (app === "local") return "It runs on this computer and stands for no app in Azure.";
  if (app === other) return "It stands for itself.";
  return basis === "unknown"
    ? "Whether your app sees the same is not known: the deployment can say so in SONDE_BESIDE."
    : `It stands for ${other}: ${told(bases, basis)}.`;
}

/** In what the app may see something else. */
export function doubts({ represents: { differs, unknown } }: Vantage): string {
  return [
    differs.length > 0 ? `It differs in ${differs.join(", ")}.` : "",
    unknown.length > 0 ? `Not known: ${unknown.join(", ")}.` : "",
  ].join(" ");
}

/** `3.2 ms`, `5.00 s`. */
export function time(ms: number | undefined): string {
  if (ms === undefined) return "";
  return ms < 1000 ? `${Number(ms.toFixed(1))} ms` : `${(ms / 1000).toFixed(2)} s`;
}

const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");

/**
 * `2026-11-28 10:19:38 +01:00`: the time here, that means the same in a ticket read elsewhere. By hand, for
 * the browser's own way with dates takes longer to load than a whole report to draw.
 */
export function clock(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const east = -date.getTimezoneOffset();
  const here = new Date(date.getTime() + east * 60_000).toISOString().slice(0, 19);
  return `${here.replace("T", " ")} ${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}

/** `connectMs` -> `connect`, `daysLeft` -> `days left`, `privateIp` -> `private IP`. */
export function label(name: string): string {
  return name
    .replace(/Ms$/, "")
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replaceAll(/\b(?:ip|dns|tls|sni|alpn|ocsp|crl|url|sha\d+)\b/g, (word) => word.toUpperCase());
}

/** What was asked, as the report names it. */
export function subjectOf({ target, probe }: Report): string {
  if (target === undefined) return probe;
  const { scheme, host, port, input } = target;
  if (port === undefined) return input;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
