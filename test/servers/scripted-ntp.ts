/** A time server that does as it is told, for what no real one does on demand. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { timestampOf } from "../../lib/protocols/ntp-time.ts";

/** A healthy server of stratum 2 that knows no time. Precision as log2 of seconds. */
const healthy = {
  leap: 0,
  version: 4,
  mode: 4,
  stratum: 2,
  precision: -20,
  rootDelay: 0,
  rootDispersion: 0,
  referenceId: 0x7f000001,
  reference: 0n,
  originate: 0n,
  receive: 0n,
  transmit: 0n,
};

export type Fields = Readonly<
  Partial<Omit<typeof healthy, "referenceId"> & { referenceId: number | string }>
>;

/** The 48 octets of RFC 5905 §7.3: those of a healthy server, but for what is given. */
export function packet(fields: Fields = {}): Buffer {
  const all = { ...healthy, ...fields };
  const bytes = Buffer.alloc(48);
  bytes[0] = (all.leap << 6) | (all.version << 3) | all.mode;
  bytes[1] = all.stratum;
  bytes.writeInt8(all.precision, 3);
  bytes.writeInt32BE(all.rootDelay, 4);
  bytes.writeUInt32BE(all.rootDispersion, 8);
  if (typeof all.referenceId === "string") bytes.write(all.referenceId, 12, 4, "latin1");
  else bytes.writeUInt32BE(all.referenceId, 12);
  bytes.writeBigUInt64BE(all.reference, 16);
  bytes.writeBigUInt64BE(all.originate, 24);
  bytes.writeBigUInt64BE(all.receive, 32);
  bytes.writeBigUInt64BE(all.transmit, 40);
  return bytes;
}

/** The answer of a healthy server whose clock is ahead by so much, but for what is given. */
export function answer(request: Buffer, fields: Fields = {}, aheadMs = 0): Buffer {
  const now = timestampOf(Date.now() + aheadMs);
  const times = { receive: now, transmit: now, reference: now };
  return packet({ originate: request.readBigUInt64BE(40), ...times, ...fields });
}

/** What to send for the question with this number, counted from 0. */
export type Script = (request: Buffer, number: number) => readonly Buffer[] | Promise<Buffer[]>;

export interface Scripted extends AsyncDisposable {
  readonly port: number;
  /** Every question that came. */
  readonly asked: readonly Buffer[];
}

export async function startScripted(script: Script): Promise<Scripted> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  const asked: Buffer[] = [];
  socket.on("message", (request, from) => {
    const sendAll = (datagrams: readonly Buffer[]) => {
      for (const datagram of datagrams) socket.send(datagram, from.port, from.address);
    };
    const answers = script(request, asked.push(request) - 1);
    if (answers instanceof Promise) void answers.then(sendAll);
    else sendAll(answers);
  });
  await once(socket, "listening");
  return {
    port: socket.address().port,
    asked,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
}
