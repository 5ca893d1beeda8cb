/** Reads values from octets in order, and never past their end. */
import { malformed } from "../talk.ts";

export interface Cursor {
  left(): number;
  u8(): number;
  u16(): number;
  u32(): number;
  octets(count: number): Buffer;
  /** Text of so many UTF-16 units. */
  text(units: number): string;
}

/** Little endian, as all of TDS is but the packet header and the pre-login. Throws `service.malformed`. */
export function cursorOver(bytes: Buffer): Cursor {
  let at = 0;
  const octets = (count: number) => {
    if (at + count > bytes.length) {
      throw malformed("TDS", `${count} octets are announced and ${bytes.length - at} are there`);
    }
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    left: () => bytes.length - at,
    u8: () => octets(1).readUInt8(),
    u16: () => octets(2).readUInt16LE(),
    u32: () => octets(4).readUInt32LE(),
    octets,
    text: (units) => octets(2 * units).toString("utf16le"),
  };
}
