import { tunnelSheet as sheet } from "../facts/tunnel.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import type { DialledWire } from "../net/dial.ts";
import type { Peer } from "../policy/peer.ts";
import { endpointOf, placeOf } from "../protocols/authority.ts";
import { writeHead } from "../protocols/http/head.ts";
import type { At, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";
import { connect } from "./connect.ts";
import { exchangeHead } from "./head.ts";
import { refusalIn } from "./refused.ts";
import { resolve } from "./resolve.ts";

export type Proxy = Pick<Target, "host" | "isAddress" | "absolute" | "port">;

export interface Tunnel {
  readonly proxy: Proxy;
  /** The target, resolved and judged by us: the proxy is never handed a name to resolve on its own. */
  readonly peer: Peer;
}

/**
 * Opens a tunnel through an explicit proxy by CONNECT (RFC 9110 §9.3.6). The proxy is a target of its
 * own, resolved and judged like any other; of its addresses the first is taken.
 */
export const tunnel: Stage<Tunnel, DialledWire, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ proxy, peer }, at) {
    const to = endpointOf(peer);
    at.note({ proxy: placeOf(proxy), to });
    const wire = await reach(proxy, at);
    try {
      const asked = performance.now();
      const head = writeHead(`CONNECT ${to}`, {
        host: to,
        "user-agent": agentOf(at.here),
      });
      const answer = await exchangeHead(wire, head, at.signal);
      const { status, statusText, rest } = answer;
      const tunnelMs = performance.now() - asked;
      at.note({ status, statusText });
      if (status < 200 || status > 299) {
        at.note({ refused: refusalIn(answer) });
        const words = `${status} ${statusText}`.trim();
        throw new Failure("http.proxy_refused", `the proxy answers CONNECT with ${words}`, {
          status,
        });
      }
      if (rest > 0) throw new Failure("http.malformed", "the proxy sends more than its answer");
      at.note({ tunnelMs: roundMs(tunnelMs) });
      return { ...wire, connectMs: wire.connectMs + tunnelMs };
    } catch (error) {
      wire[Symbol.dispose]();
      throw error;
    }
  },
};

async function reach(proxy: Proxy, at: At<typeof sheet>): Promise<DialledWire> {
  const { note } = at;
  const wanted = { target: proxy, kind: "http" as const };
  const [first] = await resolve.run(wanted, { ...at, note: () => {} });
  if (first === undefined) throw new Failure("dns.nodata", "the proxy has no addresses");
  const { address, family, class: name } = first;
  note({ through: { address, family, class: name } });
  return connect.run(first, {
    ...at,
    note: ({ connectMs }) => void (connectMs === undefined || note({ connectMs })),
  });
}
