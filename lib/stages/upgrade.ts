import { upgradeSheet as sheet } from "../facts/upgrade.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { maskText } from "../ingress/mask.ts";
import type { SocketWire } from "../net/wire.ts";
import { writeHead } from "../protocols/http/head.ts";
import { closeFrame, newKey, upgradeHeaders, whyNotOpen } from "../protocols/http/websocket.ts";
import type { Wire } from "../protocols/wire.ts";
import type { Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";
import { exchangeHead } from "./head.ts";
import { messagesOver, streamOver, type Messages } from "./messages.ts";
import { refusalIn } from "./refused.ts";
import { urlOf } from "./request.ts";

export interface Upgrade {
  readonly wire: SocketWire;
  readonly target: Target;
  /** As for a request: lower-case names, judged by who filled them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly hostHeader?: string;
  /** Told of the answer, whatever it is. */
  readonly answered?: (status: number) => void;
  /** Takes the WebSocket over as a stream of octets: it stays open. */
  readonly takenOver?: (stream: Wire) => void;
  /** Holds a conversation before the WebSocket is closed. */
  readonly converse?: (messages: Messages) => Promise<void>;
}

/** Opens a WebSocket by HTTP/1.1 and closes it in good order: nothing is sent over it by itself. */
export const upgrade: Stage<Upgrade, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, target, headers = {}, hostHeader, ...more }, { signal, here, note }) {
    const url = urlOf(target);
    note({ asked: maskText(url.href) });
    const key = newKey();
    const head = writeHead(`GET ${url.pathname}${url.search}`, {
      host: hostHeader ?? url.host,
      "user-agent": agentOf(here),
      ...headers,
      "cdn-loop": here.loopToken,
      ...upgradeHeaders(key),
    });
    const start = performance.now();
    const answer = await exchangeHead(wire, head, signal);
    more.answered?.(answer.status);
    const subprotocol = answer.headers.get("sec-websocket-protocol");
    const server = answer.headers.get("server");
    note({
      answer: answer.status,
      answerText: answer.statusText,
      upgradeMs: roundMs(performance.now() - start),
      ...(subprotocol === undefined ? {} : { subprotocol }),
      ...(server === undefined ? {} : { server }),
    });
    const why = whyNotOpen(key, answer.status, answer.headers);
    if (why !== undefined) {
      note({ refused: refusalIn(answer) });
      throw new Failure("http.not_upgraded", why, { status: answer.status });
    }
    if (more.takenOver !== undefined) return more.takenOver(streamOver(wire, answer.after));
    await more.converse?.(messagesOver(wire, answer.after, signal));
    wire.write(closeFrame());
  },
};
