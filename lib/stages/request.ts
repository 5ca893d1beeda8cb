import { requestSheet as sheet } from "../facts/request.ts";
import { roundMs } from "../clock.ts";
import { maskText } from "../ingress/mask.ts";
import { loadClient } from "../net/client.ts";
import type { Exchanged } from "../net/collect.ts";
import { request as exchange } from "../net/request.ts";
import type { SocketWire } from "../net/wire.ts";
import { decodeContent, textOf } from "../net/content.ts";
import { placeOf } from "../protocols/authority.ts";
import { shownHeaders } from "../protocols/http/answered.ts";
import { seenAsOf, signInOf } from "../protocols/http/witness.ts";
import type { At, FactsOf, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { agentOf } from "./agent.ts";

export interface HttpRequest {
  readonly wire: SocketWire;
  readonly target: Target;
  readonly method: "GET" | "HEAD" | "OPTIONS";
  /** What is sent beside or instead of Sonde's own headers; lower-case names, judged by who filled them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The Host that is sent, where it is not the target's. */
  readonly hostHeader?: string;
  /** What the head of the answer means to who asked: noted beside it. */
  readonly judge?: (head: Head) => Partial<FactsOf<typeof sheet>>;
  /** Asked where a redirect points: whether that is where the walk goes on. */
  readonly follows?: (location: URL) => boolean;
  /** Milliseconds that the stages before took, for the phases. */
  readonly before: Readonly<Partial<Record<"dns" | "connect" | "tls", number>>>;
}

export interface Head {
  readonly status: number;
  /** As they came, secrets and all: for judging, never for a report. */
  readonly headers: NonNullable<Exchanged["headers"]>;
  /** With secrets withheld. */
  readonly shown: Readonly<Record<string, string | string[]>>;
}

/** Loads what the stage speaks HTTP with, so that no deadline of a first request pays for it. */
export const readyToRequest = (): Promise<unknown> => loadClient();

type Note = At<typeof sheet>["note"];

/** What is read of a body, on the wire and again after decoding. */
const MOST = 64 * 1024;

/** Of the text that a report carries; more belongs into a download, not into a diagnosis. */
const EXCERPT = 4096;

/** Sends one request and reads the answer. Whether to go where a redirect points is the walk's to say. */
export const request: Stage<HttpRequest, void, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, target, method, before, ...more }, { signal, here, note, late }) {
    const url = urlOf(target);
    const version =
      "alpnProtocol" in wire.socket && wire.socket.alpnProtocol === "h2" ? "2" : "1.1";
    const { hostHeader } = more;
    const host = hostHeader === undefined ? {} : { host: hostHeader };
    note({ method, url: maskText(url.href), version });
    if (hostHeader !== undefined) note({ hostHeader });
    const headers = {
      "user-agent": agentOf(here),
      accept: "*/*",
      ...more.headers,
      ...host,
      "accept-encoding": "gzip, deflate, br",
      "cdn-loop": here.loopToken,
    };
    const asked = {
      origin: url.origin,
      method,
      path: target.path,
      headers,
      mostBytes: MOST,
      signal,
    };
    let known: Exchanged | undefined;
    const seen = (exchanged: Exchanged) => {
      noteTimings(exchanged, before, note);
      // The head stays what it was while the body grows.
      if (exchanged.headers !== known?.headers) noteHead(exchanged, more.judge, note);
      known = exchanged;
    };
    const exchanged = await exchange(wire, asked, seen).catch(async (error: unknown) => {
      if (known !== undefined && known.body.length > 0) await noteBody(known, note);
      throw error;
    });
    late(exchanged.mostLateMs ?? 0);
    await noteBody(exchanged, note);
    const location = locationOf(exchanged, url);
    if (location === undefined) return;
    noteLocation(location, note);
    if (more.follows?.(location) === true) note({ followed: true });
  },
};

/** Of a target that is spoken to in HTTP, whatever it becomes then. */
export function urlOf(target: Target): URL {
  const { scheme, path } = target;
  const known: Readonly<Record<string, string>> = {
    http: "http",
    ws: "ws",
    wss: "wss",
    grpc: "http",
  };
  return new URL(`${known[scheme] ?? "https"}://${placeOf(target)}${path}`);
}

function noteTimings(exchanged: Exchanged, before: HttpRequest["before"], note: Note): void {
  const phases = { ...before, ...phasesOf(exchanged) };
  const total = roundMs(Object.values(phases).reduce((sum, ms) => sum + ms, 0));
  note(
    exchanged.endAt === undefined
      ? { timings: phases }
      : { timings: { ...phases, total }, totalMs: total },
  );
}

function noteHead(exchanged: Exchanged, judge: HttpRequest["judge"], note: Note): void {
  const { status, statusText = "", headers = {}, version = "1.1" } = exchanged;
  if (status === undefined) return;
  const shown = shownHeaders(headers);
  note({ version, status, statusText, headers: shown });
  if (judge !== undefined) note(judge({ status, headers, shown }));
}

function noteLocation(location: URL, note: Note): void {
  const signIn = signInOf(location);
  note({
    location: maskText(location.href),
    ...(signIn === undefined ? {} : { signIn }),
  });
}

/** Each phase on its own; one that was not reached is missing. */
function phasesOf({ sentAt, firstByteAt, endAt }: Exchanged) {
  return {
    ...(sentAt === undefined ? {} : { request: roundMs(sentAt) }),
    ...(firstByteAt === undefined ? {} : { firstByte: roundMs(firstByteAt - (sentAt ?? 0)) }),
    ...(endAt === undefined ? {} : { download: roundMs(endAt - (firstByteAt ?? 0)) }),
  };
}

async function noteBody(exchanged: Exchanged, note: Note): Promise<void> {
  const { status = 0, headers = {}, body, truncated } = exchanged;
  const content = await decodeContent(body, String(headers["content-encoding"] ?? ""), MOST);
  const text = textOf(content.bytes, String(headers["content-type"] ?? ""));
  const seenAs = seenAsOf({ status, headers, text });
  note({
    ...(seenAs === undefined ? {} : { seenAs }),
    body: {
      text: maskText(text.slice(0, EXCERPT)),
      bytes: body.length,
      decodedBytes: content.bytes.length,
      truncated: truncated || content.truncated,
      ...(content.problem === undefined ? {} : { problem: content.problem }),
    },
  });
}

/** RFC 9110 §10.2.2. A Location that is no URL is shown among the headers and leads nowhere. */
function locationOf({ status = 0, headers = {} }: Exchanged, base: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== "string") return undefined;
  return location.length > 2048 ? undefined : (URL.parse(location, base.href) ?? undefined);
}
