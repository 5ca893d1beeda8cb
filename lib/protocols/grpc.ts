/**
 * What a health check of gRPC says, as octets: one message of Protocol Buffers behind a prefix of five.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md and health-checking.md beside it.
 */

/** By number; what a call ended with. */
export const statusNames = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** By number, `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
export const healths = ["unknown", "serving", "not-serving", "service-unknown"] as const;
export type Health = (typeof healths)[number];

const PREFIX = 5;

/** A `HealthCheckRequest` that asks after one service; the empty name asks after the whole server. */
export function healthRequest(service: string): Uint8Array {
  const name = Buffer.from(service, "utf8");
  // Field 1, a string. An empty one is not written at all.
  const field = name.length === 0 ? [] : [0x0a, ...varint(name.length)];
  const message = Buffer.concat([Buffer.from(field), name]);
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

/** The status in a `HealthCheckResponse`, or nothing when the octets are something else. */
export function healthIn(octets: Uint8Array): Health | undefined {
  const bytes = Buffer.from(octets);
  if (bytes.length < PREFIX || bytes[0] !== 0) return undefined;
  const message = bytes.subarray(PREFIX);
  if (message.length !== bytes.readUInt32BE(1)) return undefined;
  // No field at all means that the first of its values is meant.
  if (message.length === 0) return "unknown";
  // Field 1, a number below 128.
  return message.length === 2 && message[0] === 0x08 ? healths[message[1] ?? 0] : undefined;
}

/** `grpc-message` is percent-encoded UTF-8; what is not is taken as it stands. */
export function messageIn(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
