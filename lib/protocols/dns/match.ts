/**
 * Whether a datagram or stream message is the reply to what was asked. Anyone may send us a packet
 * that looks right from afar: RFC 5452 §9.1 wants id, question, class and type compared.
 */
import { nameOctets } from "./name.ts";
import { classNumber, typeNumber } from "./types.ts";

export interface Sent {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** `IN` when absent. */
  readonly class?: string;
}

export type Unfit = "short" | "long" | "id" | "not-a-response" | "opcode" | "question";

export type Screening = { readonly ok: true } | { readonly ok: false; readonly why: Unfit };

const header = 12;

/**
 * Judges raw octets before anything parses them. The same for every transport: over TCP and TLS a
 * wrong id is as wrong as over UDP, and over HTTPS the id sent was zero.
 *
 * A reply without a question is accepted only when it reports an error: servers that do not
 * understand a query are known to send the bare header back.
 */
export function screen(bytes: Uint8Array, sent: Sent): Screening {
  const why = misfit(bytes, sent);
  return why === undefined ? { ok: true } : { ok: false, why };
}

function misfit(bytes: Uint8Array, sent: Sent): Unfit | undefined {
  if (bytes.length < header) return "short";
  if (bytes.length > 0xffff) return "long";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint16(2);
  if (view.getUint16(0) !== sent.id) return "id";
  if ((flags & 0x8000) === 0) return "not-a-response";
  if ((flags & 0x7800) !== 0) return "opcode";
  const questions = view.getUint16(4);
  if (questions === 0 && (flags & 0xf) !== 0) return undefined;
  return questions === 1 && sameQuestion(bytes, sent) ? undefined : "question";
}

/** Names compare without regard to ASCII case (RFC 4343); a first name cannot be compressed. */
function sameQuestion(bytes: Uint8Array, sent: Sent): boolean {
  const name = nameOctets(sent.name);
  const end = header + name.length;
  if (bytes.length < end + 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(end) !== typeNumber(sent.type)) return false;
  if (view.getUint16(end + 2) !== classNumber(sent.class ?? "IN")) return false;
  return name.every((octet, index) => {
    const got = bytes[header + index] ?? 0;
    return got === octet || sameLetter(got, octet);
  });
}

function sameLetter(a: number, b: number): boolean {
  const lower = a | 0x20;
  return lower === (b | 0x20) && lower >= 0x61 && lower <= 0x7a;
}
