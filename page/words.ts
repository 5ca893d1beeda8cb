/** Words for what a report says in codes. */
import type { Report, Vantage } from "../lib/report.ts";

const stages: Readonly<Record<string, string>> = {
  resolve: "Look up the name",
  connect: "Open TCP",
  handshake: "TLS handshake",
  request: "HTTP request",
  query: "Ask the name server",
  ntp: "Ask for the time",
  arrive: "Read the request",
};

export function stageName(stage: string): string {
  return Object.hasOwn(stages, stage) ? (stages[stage] ?? stage) : stage;
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

/** Whom this Sonde stands for. */
export function standing({ app, represents }: Vantage): string {
  const { basis, differs, unknown } = represents;
  if (app === represents.app) return "It stands for itself.";
  const doubts = [
    differs.length > 0 ? ` Differs in ${differs.join(", ")}.` : "",
    unknown.length > 0 ? ` Unknown: ${unknown.join(", ")}.` : "",
  ].join("");
  return basis === "unknown"
    ? `Whether your app sees the same is not known.${doubts}`
    : `It stands for ${represents.app} (${basis.replaceAll("-", " ")}).${doubts}`;
}

/** `3.2 ms`, `5.00 s`. */
export function time(ms: number | undefined): string {
  if (ms === undefined) return "";
  return ms < 1000 ? `${Number(ms.toFixed(1))} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** `connectMs` -> `connect`, `daysLeft` -> `days left`. */
export function label(name: string): string {
  return name
    .replace(/Ms$/, "")
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** What was asked, as the report names it. */
export function subjectOf({ target, probe }: Report): string {
  if (target === undefined) return probe;
  const { scheme, host, port, input } = target;
  if (port === undefined) return input;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
