import { identitySheet as sheet } from "../facts/identity.ts";
import { Failure } from "../failure.ts";
import { maskText } from "../ingress/mask.ts";
import { request } from "../net/request.ts";
import type { SocketWire } from "../net/wire.ts";
import { parseJson } from "../protocols/json.ts";
import type { Stage } from "../stage.ts";
import { agentOf } from "./agent.ts";

export interface AskedIdentity {
  readonly wire: SocketWire;
  /** The endpoint as the platform names it. */
  readonly endpoint: URL;
  /** Asks for a token for this, with the secret that the platform gave the app; without it nothing secret is sent. */
  readonly resource: string | undefined;
}

/** Errors of the endpoint are short, a token is some two thousand octets. */
const MOST = 64 * 1024;

/**
 * One request to the endpoint of the managed identity. What it answers is read and dropped here: whether a
 * token came, and how long it would hold, is all that is kept.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const identity: Stage<AskedIdentity, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, endpoint, resource }, { signal, here, note }) {
    const query = new URLSearchParams({ "api-version": "2019-08-01" });
    if (resource !== undefined) query.set("resource", resource);
    const secret = here.environment["IDENTITY_HEADER"];
    const credential =
      resource === undefined || secret === undefined ? {} : { "x-identity-header": secret };
    const asked = {
      origin: endpoint.origin,
      method: "GET",
      path: `${endpoint.pathname}?${query.toString()}`,
      headers: { "user-agent": agentOf(here), accept: "*/*", ...credential },
      mostBytes: MOST,
      signal,
    } as const;
    const { status = 0, body } = await request(wire, asked, () => {});
    note({ status });
    if (resource === undefined) return;
    const issued = readToken(Buffer.from(body).toString("utf8"));
    note({ resource, ...issued });
    if (issued.issued) return;
    const why = issued.said === undefined ? "" : `: ${issued.said}`;
    throw new Failure("identity.no_token", `HTTP ${status} and no token${why}`, { status });
  },
};

/** What may be told of the answer. */
function readToken(text: string): {
  readonly issued: boolean;
  readonly expiresInSeconds?: number;
  readonly said?: string;
} {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) return { issued: false };
  const { access_token: token, expires_on: expires, message } = { ...blank, ...value };
  if (typeof token === "string" && token !== "") {
    const left = Math.round(Number(expires) - Date.now() / 1000);
    return { issued: true, ...(Number.isInteger(left) ? { expiresInSeconds: left } : {}) };
  }
  if (typeof message !== "string") return { issued: false };
  return { issued: false, said: maskText(message.slice(0, 300)) };
}

const blank: Readonly<Record<string, unknown>> = {
  access_token: undefined,
  expires_on: undefined,
  message: undefined,
};
