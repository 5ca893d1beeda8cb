import { randomBytes } from "node:crypto";
import { sampleSheet as sheet } from "../facts/sample.ts";
import { Failure } from "../failure.ts";
import { exchange } from "../net/datagram.ts";
import { dial } from "../net/dial.ts";
import { request } from "../net/request.ts";
import { secure } from "../net/secure.ts";
import type { SocketWire } from "../net/wire.ts";
import { artefact } from "../platform/egress.ts";
import type { Method, Provider } from "../platform/providers.ts";
import type { Peer } from "../policy/peer.ts";
import { placeOf } from "../protocols/authority.ts";
import * as stun from "../protocols/stun.ts";
import { readWhoami, type Whoami } from "../protocols/whoami.ts";
import { faultsOf } from "../protocols/x509.ts";
import type { At, Stage } from "../stage.ts";
import { agentOf } from "./agent.ts";
import { converse } from "./dialogue.ts";

export interface SampleQuestion {
  readonly provider: Provider;
  readonly peer: Peer;
  readonly timeoutMs: number;
}

export interface Sampled {
  readonly method: Method;
  readonly operator: string;
  readonly address: string;
  readonly discarded: string | undefined;
}

type Asking = At<typeof sheet>;

/** An echo lists every header of the request. */
const MOST = 64 * 1024;

/** Asks one operator from which address it sees this host, over a socket of its own. */
export const sample: Stage<SampleQuestion, Sampled, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run(asked, at) {
    const { method, operator, scheme, path } = asked.provider;
    const shown = scheme.startsWith("http") ? path.replace(/\?.*$/s, "") : "";
    const destination = `${scheme}://${placeOf(asked.provider)}${shown}`;
    at.note({ method, operator, destination, family: asked.peer.family });
    const { address, port: seenPort, doubt } = await whoami(asked, at);
    const discarded = doubt ?? artefact(address, operator, method === "echo");
    at.note({
      address,
      ...(seenPort === undefined ? {} : { port: seenPort }),
      ...(discarded === undefined ? {} : { discarded }),
    });
    return { method, operator, address, discarded };
  },
};

function whoami(asked: SampleQuestion, at: Asking): Promise<Whoami> {
  if (asked.provider.question !== undefined) return overDns(asked, asked.provider.question, at);
  return asked.provider.method === "stun" ? overStun(asked, at) : overHttp(asked, at);
}

async function overHttp({ provider, peer }: SampleQuestion, at: Asking): Promise<Whoami> {
  const { scheme, path } = provider;
  using plain = await dial(peer, at.signal);
  using wire = scheme === "https" ? await secured(plain, provider, at) : undefined;
  const { status = 0, body } = await request(
    wire ?? plain,
    {
      origin: `${scheme}://${placeOf(provider)}`,
      method: "GET",
      path,
      headers: {
        "user-agent": agentOf(at.here),
        accept: "text/plain, application/json",
        "cdn-loop": at.here.loopToken,
      },
      mostBytes: MOST,
      signal: at.signal,
    },
    () => {},
  );
  if (status !== 200) {
    const code = status >= 500 ? "http.status" : "http.client_error";
    throw new Failure(code, `HTTP status ${status}`, { status });
  }
  return read(new TextDecoder().decode(body), "http.malformed");
}

/**
 * An address is as true over a connection that is inspected; that it was is worth knowing. The key of another
 * Sonde's echo does not follow there.
 */
async function secured(plain: SocketWire, provider: Provider, { signal, note }: Asking) {
  const { host: name, method, path } = provider;
  const isAddress = /^[\d.]+$|:/.test(name);
  const session = await secure(plain, { name, isAddress, alpn: ["http/1.1"], signal });
  const [fault] = faultsOf({ ...session, now: Date.now() });
  const issuer = session.chain[0]?.issuer.replaceAll("\n", ", ");
  note({
    trusted: fault === undefined,
    ...(fault === undefined || issuer === undefined ? {} : { issuer }),
  });
  if (fault !== undefined && method === "echo" && path.includes("?")) {
    session.wire[Symbol.dispose]();
    throw new Failure(fault, "the echo's key is not sent to a server that is not trusted");
  }
  return session.wire;
}

async function overDns(
  { provider, peer, timeoutMs }: SampleQuestion,
  question: NonNullable<Provider["question"]>,
  { signal, note }: Asking,
): Promise<Whoami> {
  const { host, port, path } = provider;
  const isAddress = /^[\d.]+$|:/.test(host);
  const { answers, rcode } = await converse({
    peer,
    target: { host, port, path, isAddress },
    question: {
      ...question,
      transport: provider.scheme === "https" ? "https" : "udp",
      rd: true,
      cd: false,
      edns: { udpSize: 1232, dnssecOk: false, nsid: false },
      cookie: false,
      doh: "POST",
      tries: 2,
      timeoutMs,
      searched: false,
    },
    signal,
    attempts: [],
    secured: ({ trusted }) => note({ trusted }),
  });
  const data = answers.find(({ type }) => type === question.type)?.data;
  if (data === undefined)
    throw new Failure("dns.nodata", `the answer is ${rcode}, without an address`);
  return read(data.replaceAll('"', ""), "dns.malformed");
}

async function overStun({ peer, timeoutMs }: SampleQuestion, { signal }: Asking): Promise<Whoami> {
  const transaction = randomBytes(stun.TRANSACTION);
  const { bytes } = await exchange(peer, {
    payload: stun.encodeBinding(transaction),
    screen: (heard) => stun.whyNotTheAnswer(Buffer.from(heard), transaction),
    waitMs: Math.ceil(timeoutMs * 0.9),
    signal,
  });
  if (bytes === undefined) throw new Failure("stun.timeout", "the server did not answer");
  return stun.decodeBinding(Buffer.from(bytes)).mapped;
}

function read(text: string, code: "http.malformed" | "dns.malformed"): Whoami {
  const found = readWhoami(text);
  if (found === undefined) throw new Failure(code, "the reply holds no address");
  return found;
}
