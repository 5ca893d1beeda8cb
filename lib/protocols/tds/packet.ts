/**
 * The packets of TDS, [MS-TDS] 2.2.3: eight octets of header, then a part of a message. The length is big
 * endian and counts the header; bit 0 of the status marks the last packet of a message.
 */
import { Failure } from "../../failure.ts";
import { printable, speaks, titleOf } from "../speaks.ts";
import { malformed, type Talk } from "../talk.ts";

export const types = { reply: 0x04, login: 0x10, prelogin: 0x12 } as const;

export const HEADER = 8;

/** What a packet may hold before a size has been agreed on. */
const LARGEST = 4096;

const END = 0x01;

/** A message as packets. */
export function pack(type: number, message: Uint8Array): Buffer {
  const room = LARGEST - HEADER;
  const packets: Buffer[] = [];
  for (let at = 0; at < message.length || packets.length === 0; at += room) {
    const part = message.subarray(at, at + room);
    const header = Buffer.alloc(HEADER);
    header[0] = type;
    header[1] = at + room >= message.length ? END : 0;
    header.writeUInt16BE(HEADER + part.length, 2);
    header[6] = (packets.length + 1) & 0xff;
    packets.push(Buffer.concat([header, part]));
  }
  return Buffer.concat(packets);
}

/** The next message of the server, whatever it is about. Throws `sql.not_tds`, and what `talk` does. */
export async function readReply(talk: Talk): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const header = await talk.octets(HEADER);
    const length = header.readUInt16BE(2);
    if (header[0] !== types.reply || length < HEADER) {
      throw parts.length === 0
        ? notTds(talk)
        : malformed("TDS", "a packet of another kind follows");
    }
    parts.push(await talk.octets(length - HEADER));
    if (((header[1] ?? END) & END) === END) return Buffer.concat(parts);
  }
}

/** The no of a port that is not SQL Server's. */
export function notTds(talk: Pick<Talk, "opening">): Failure {
  const opening = talk.opening();
  const found = speaks(opening);
  const what = titleOf(found) ?? "something else than TDS";
  const message = `this port speaks ${what}: it began with "${printable(opening)}"`;
  return new Failure("sql.not_tds", message, { speaks: found });
}
