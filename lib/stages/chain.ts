import { chainSheet as sheet } from "../facts/chain.ts";
import { Failure } from "../failure.ts";
import type { Here } from "../here.ts";
import { readEchoed } from "../ingress/echoed.ts";
import { request } from "../net/request.ts";
import type { SocketWire } from "../net/wire.ts";
import { placeOf } from "../protocols/authority.ts";
import { seenAsOf } from "../protocols/http/witness.ts";
import type { Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";

export interface Link {
  readonly wire: SocketWire;
  readonly target: Target;
  /** The function key of the other Sonde: sent in a header, and shown nowhere. */
  readonly key: string | undefined;
}

/** A report lists every header of the request; an answer of Sonde is no longer than this. */
const MOST = 256 * 1024;

/** Sends one request to another Sonde's echo, and reads what it says of it. */
export const chain: Stage<Link, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, target, key }, { signal, here, note }) {
    const origin = `${target.scheme}://${placeOf(target)}`;
    note({ url: origin + target.path });
    // A socket that has ended does not know it any more.
    const { localAddress } = wire.socket;
    const exchanged = await request(
      wire,
      {
        origin,
        method: "GET",
        path: `${target.path}?format=json`,
        headers: headersFor(here, key),
        mostBytes: MOST,
        signal,
      },
      () => {},
    );
    const { status = 0, headers = {}, body } = exchanged;
    const text = new TextDecoder().decode(body);
    const refused = seenAsOf({ status, headers, text });
    note({
      status,
      ...(refused === undefined ? {} : { seenAs: { address: refused, confidence: "proven" } }),
    });
    if (status !== 200) throw refusal(status, text);
    const said = repeats(text, key) ? undefined : readEchoed(text);
    if (said === undefined) {
      throw new Failure("chain.not_sonde", "the answer is not the report of a Sonde's echo");
    }
    note({ ...said, ...translation(localAddress, said.seenAs?.address) });
  },
};

function headersFor(here: Here, key: string | undefined): Record<string, string> {
  return {
    "user-agent": agentOf(here),
    accept: "application/json",
    ...(key === undefined ? {} : { "x-functions-key": key }),
    "cdn-loop": loopOf(here),
  };
}

/** A socket for both families writes IPv4 as `::ffff:1.2.3.4`. */
function translation(from: string | undefined, seen: string | undefined) {
  return from === undefined || seen === undefined
    ? {}
    : { translated: from.replace(/^::ffff:(?=\d+\.)/, "") !== seen };
}

/** An echo of somebody else's may show the key: nothing of such an answer is kept. */
function repeats(text: string, key: string | undefined): boolean {
  return key !== undefined && text.includes(key);
}

/** Whom this request passed already, and this deployment: RFC 8586 has each of them append itself. */
function loopOf({ arrival, loopToken }: Here): string {
  const before = arrival.headers.find(([name]) => name.toLowerCase() === "cdn-loop")?.[1] ?? "";
  const passed = before
    .split(",")
    .map((part) => part.trim())
    .filter((part) => /^[\w.:;= -]{1,128}$/.test(part))
    .slice(-20);
  return [...passed, loopToken].join(", ");
}

function refusal(status: number, text: string): Failure {
  if (status === 508 && /"code":\s*"sonde\.loop"/.test(text)) {
    return new Failure("chain.loop", "it answered that it sent this request itself", { status });
  }
  if (status === 401 || status === 403) {
    return new Failure("chain.refused", `HTTP status ${status}`, { status });
  }
  if (status === 404) {
    return new Failure("chain.not_sonde", "HTTP status 404: there is no echo at this path", {
      status,
    });
  }
  const code = status >= 500 ? "http.status" : "http.client_error";
  return new Failure(code, `HTTP status ${status}`, { status });
}
