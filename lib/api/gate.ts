/** Who may come in: what is judged before a question is even read. */
import { hash, randomBytes } from "node:crypto";
import type { Edge } from "./edge.ts";
import { headerOf, queryOf, type Request } from "./http.ts";
import type { Problem } from "./problem.ts";

/** A page of another site must not use a browser that is signed in here, or sits in this network. */
export function refuseCrossSite(request: Request): Problem | undefined {
  const site = headerOf(request, "sec-fetch-site");
  if (site !== "cross-site" && site !== "same-site") return undefined;
  return {
    status: 403,
    code: "request.cross_site",
    title: "Cross-site request",
    detail: "probes are not for pages of other sites",
  };
}

/** Names by which the local host is asked. Any other is a name rebound to this machine. */
const localNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Everything that closes Sonde as a whole; `undefined` when it is open. */
export function refuseEntry(edge: Edge, request: Request): Problem | undefined {
  return (
    refuseLoop(edge, request) ??
    refuseStrangeHost(edge, request) ??
    refuseClosed(edge) ??
    (edge.settings.auth === "easyauth" ? refuseUnsigned(edge.environment, request) : undefined)
  );
}

function refuseLoop({ loopToken }: Edge, request: Request): Problem | undefined {
  if (headerOf(request, "cdn-loop")?.includes(loopToken) !== true) return undefined;
  const detail = "this request was sent by this very deployment";
  return { status: 508, code: "sonde.loop", title: "Loop detected", detail };
}

function refuseStrangeHost({ settings, environment }: Edge, request: Request): Problem | undefined {
  const host = headerOf(request, "host") ?? new URL(request.url).host;
  if (!settings.local || localNames.test(host) || host === environment["WEBSITE_HOSTNAME"]) {
    return undefined;
  }
  const detail = "the local host answers to localhost, 127.0.0.1 and [::1] only";
  return { status: 421, code: "request.host", title: "Misdirected request", detail };
}

/** Closed by its own settings, whoever asks. */
export function refuseClosed({ settings: { expires, problem } }: Edge): Problem | undefined {
  if (expires !== undefined && expires.getTime() < Date.now()) {
    const detail = `SONDE_EXPIRES closed this Sonde on ${expires.toISOString()}`;
    return { status: 410, code: "sonde.expired", title: "Expired", detail };
  }
  if (problem === undefined) return undefined;
  return {
    status: 503,
    code: "sonde.settings",
    title: "A setting cannot be read",
    detail: problem,
  };
}

/** The headers of Easy Auth are the platform's word only where Easy Auth is on. */
function refuseUnsigned(environment: Edge["environment"], request: Request): Problem | undefined {
  const on = environment["WEBSITE_AUTH_ENABLED"]?.toLowerCase() === "true";
  if (!on) {
    const detail = "SONDE_AUTH=easyauth needs the platform's authentication, and it is off";
    return { status: 503, code: "sonde.settings", title: "Easy Auth is off", detail };
  }
  if (headerOf(request, "x-ms-client-principal-id") !== undefined) return undefined;
  return { status: 401, code: "request.sign_in", title: "Sign in", detail: "nobody is signed in" };
}

/** Of this process: what it names cannot be guessed by trying, nor compared with another process. */
const salt = randomBytes(32).toString("hex");

/** Whom quotas and the audit count: never a secret, never a value that a caller can choose freely. */
export function callerOf({ environment }: Edge, request: Request): string {
  const on = environment["WEBSITE_AUTH_ENABLED"]?.toLowerCase() === "true";
  const principal = on ? headerOf(request, "x-ms-client-principal-id") : undefined;
  if (principal !== undefined) return `user:${digest(principal)}`;
  const key = headerOf(request, "x-functions-key") ?? queryOf(request).get("code");
  if (key !== null && key !== "") return `key:${digest(key)}`;
  const lastHop = headerOf(request, "x-forwarded-for")?.split(",").at(-1)?.trim();
  return `from:${digest(lastHop ?? "here")}`;
}

function digest(text: string): string {
  return hash("sha256", salt + text, "hex").slice(0, 12);
}
