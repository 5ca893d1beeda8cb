/** STUN responses, written out by hand from RFC 8489. */

export function attribute(kind: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(kind, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

export function endpoint(address: readonly number[], port: number): Buffer {
  return Buffer.from([0, address.length === 4 ? 1 : 2, port >> 8, port & 0xff, ...address]);
}

/** A message to the request, with these attributes. */
export function response(request: Buffer, type: number, ...attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  const head = Buffer.from(request.subarray(0, 20));
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

/** A success that maps to this address and port, without any xor. */
export const mappedTo = (request: Buffer, address: readonly number[], port: number) =>
  response(request, 0x0101, attribute(0x0001, endpoint(address, port)));
