/**
 * Overhears a TLS handshake. Node tells neither the chain as it was sent nor whether a client
 * certificate was asked for, so the octets are kept while they pass, and read when the handshake is over.
 */
import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { startWait, type Waited } from "./turns.ts";
import { readFlight, type Flight } from "../protocols/tls/flight.ts";

export interface Tap {
  /** Takes the place of the socket under TLS. */
  readonly stream: Duplex;
  /** Listens for the secret that opens a TLS 1.3 handshake. */
  listenTo(socket: TLSSocket): void;
  /** From our first octet to the end of the handshake, in this protocol as Node names it. */
  readonly took: (protocol: string | null) => Waited;
  /** What was overheard, read once; nothing is kept from here on. */
  finish(): Flight;
}

/** Octets kept of each side: more than OpenSSL accepts of certificates. */
const MOST_RECEIVED = 160 * 1024;
const MOST_SENT = 32 * 1024;

export function tapOver(raw: Duplex): Tap {
  const received = keep(MOST_RECEIVED);
  const sent = keep(MOST_SENT);
  const times = stopwatch();
  let secret: Buffer | undefined;
  const stream = overheard(raw, {
    sending(octets) {
      times.sending();
      sent.add(octets);
    },
    receiving(octets) {
      times.receiving();
      received.add(octets);
    },
  });
  return {
    stream,
    listenTo(socket) {
      socket.on("keylog", (line) => {
        // One line, `LABEL client-random secret`, in the format of NSS key logs.
        const [label, , hex = ""] = line.toString("latin1").trim().split(" ");
        if (label === "SERVER_HANDSHAKE_TRAFFIC_SECRET") secret = Buffer.from(hex, "hex");
      });
      socket.once("secureConnect", times.established);
    },
    took: times.took,
    finish: () => readFlight({ sent: sent.take(), received: received.take(), secret }),
  };
}

interface Ears {
  readonly sending: (octets: Buffer) => void;
  readonly receiving: (octets: Buffer) => void;
}

function overheard(raw: Duplex, { sending, receiving }: Ears): Duplex {
  const send = (octets: Buffer, done: () => void) => {
    sending(octets);
    raw.write(octets, done);
  };
  const stream = new Duplex({
    read: () => void raw.resume(),
    write: (chunk: Buffer, _encoding, done) => send(chunk, done),
    // OpenSSL hands out one record in several pieces: they leave together, in as few packets as without us.
    writev(pieces: readonly { readonly chunk: Buffer }[], done) {
      send(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
    },
    final: (done) => void raw.end(done),
    destroy(error, done) {
      raw.destroy();
      done(error);
    },
  });
  raw.on("data", (chunk: Buffer) => {
    receiving(chunk);
    if (!stream.push(chunk)) raw.pause();
  });
  raw.on("end", () => void stream.push(null));
  raw.on("error", (error) => stream.destroy(error));
  raw.on("close", () => stream.destroy());
  return stream;
}

/** When octets passed: setting TLS up, and hearing that it stands, cost time of ours that is not the network's. */
function stopwatch() {
  let begunAt: number | undefined;
  let sentAt = 0;
  let receivedAt = 0;
  let heardAt = 0;
  let wait = startWait();
  let lateMs = 0;
  return {
    sending() {
      sentAt = performance.now();
      begunAt ??= sentAt;
      wait = startWait();
    },
    receiving() {
      receivedAt = performance.now();
      lateMs = wait.end().mostLateMs;
    },
    established: () => void (heardAt = receivedAt),
    took(this: void, protocol: string | null): Waited {
      // The last word is ours in TLS 1.3; before, it is the server's, and may be heard late. RFC 8446 §2, RFC 5246 §7.3.
      const isOurs = protocol === "TLSv1.3";
      const end = isOurs ? sentAt : heardAt;
      return { ms: Math.max(0, end - (begunAt ?? end)), mostLateMs: isOurs ? 0 : lateMs };
    },
  };
}

/** Keeps octets up to a limit, until they are taken. */
function keep(most: number) {
  let chunks: Buffer[] = [];
  let room = most;
  return {
    add(chunk: Buffer) {
      if (room <= 0) return;
      chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
    },
    take() {
      const all = Buffer.concat(chunks);
      chunks = [];
      room = 0;
      return all;
    },
  };
}
