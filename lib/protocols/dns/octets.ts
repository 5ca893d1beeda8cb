/**
 * What dns2 reads from and writes to. Its own go bit by bit, although all of a message but two octets of
 * flags comes in whole octets; so these take the place of its own, with its words, counting in bits as it does.
 */
import type { Reader, Writer } from "dns2";

/** A position in a message. Reading past the end throws. */
export function octetReader(buffer: Buffer, offset = 0): Reader {
  return {
    buffer,
    offset,
    read(size) {
      const at = this.offset;
      if (at + size > this.buffer.length * 8) throw new RangeError("the message ends too early");
      this.offset += size;
      if (((at | size) & 7) === 0) return this.buffer.readUIntBE(at >>> 3, size >>> 3);
      let value = 0;
      for (let bit = at; bit < at + size; bit += 1)
        value = value * 2 + (((this.buffer[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1);
      return value;
    },
    remaining() {
      return Math.max(0, this.buffer.length * 8 - this.offset);
    },
  };
}

/** A message in the making. */
export function octetWriter(): Writer {
  const buffer: number[] = [];
  let bits = 0;
  return {
    buffer,
    write(value, size) {
      if (((bits | size) & 7) === 0) {
        for (let shift = size - 8; shift >= 0; shift -= 8) buffer.push((value >>> shift) & 0xff);
      } else writeBits(buffer, bits, value, size);
      bits += size;
    },
    writeBuffer(other) {
      for (const octet of other.buffer) this.write(octet, 8);
    },
    bitLength: () => bits,
    byteLength: () => bits / 8,
    /** Only lengths are filled in later: two whole octets. */
    patch(bitOffset, value, size) {
      const at = bitOffset / 8;
      for (let index = 0; index < size / 8; index += 1)
        buffer[at + index] = (value >>> (size - 8 - index * 8)) & 0xff;
    },
    toBuffer: () => Buffer.from(buffer),
  };
}

function writeBits(buffer: number[], from: number, value: number, size: number): void {
  for (let index = 0; index < size; index += 1) {
    const bit = from + index;
    const set = ((value >>> (size - 1 - index)) & 1) << (7 - (bit & 7));
    buffer[bit >>> 3] = (buffer[bit >>> 3] ?? 0) | set;
  }
}
