/**
 * The record layer and the handshake messages it carries. RFC 8446 §5, and §5 of RFC 5246, which is the
 * same on the wire until keys come into it.
 */
import type { Decrypt } from "./decrypt.ts";

export const contentTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

export interface TlsRecord {
  readonly type: number;
  readonly fragment: Uint8Array;
  /** Header and fragment: what the cipher authenticates beside it. */
  readonly header: Uint8Array;
}

export interface Message {
  readonly type: number;
  readonly body: Uint8Array;
}

export interface Alert {
  readonly fatal: boolean;
  readonly number: number;
}

const HEADER = 5;

/** A server that says one octet at a time is not heard out. */
const MOST_RECORDS = 512;

/** 2^14 octets, and as much as a cipher may add: RFC 5246 §6.2.3. */
const MOST_FRAGMENT = 0x4800;

/** Splits octets into records, as far as they are whole and look like TLS. */
export function recordsOf(bytes: Uint8Array): TlsRecord[] {
  const records: TlsRecord[] = [];
  let at = 0;
  while (at + HEADER <= bytes.length && records.length < MOST_RECORDS) {
    const [type = 0, major, , high = 0, low = 0] = bytes.subarray(at, at + HEADER);
    const length = high * 256 + low;
    const end = at + HEADER + length;
    if (major !== 3 || length > MOST_FRAGMENT || end > bytes.length) break;
    records.push({
      type,
      header: bytes.subarray(at, at + HEADER),
      fragment: bytes.subarray(at + HEADER, end),
    });
    at = end;
  }
  return records;
}

export interface Spoken {
  readonly messages: readonly Message[];
  readonly alerts: readonly Alert[];
}

/** How a side's records are opened, given what it said before. */
export interface Opener {
  /** Whether this is TLS 1.3, where a ChangeCipherSpec means nothing: RFC 8446 §5. */
  isNew(messages: readonly Message[]): boolean;
  /** The key of the records that follow; without one, reading ends where encryption begins. */
  keyAfter(messages: readonly Message[]): Decrypt | undefined;
}

/** What one side said in the handshake, as far as it can be read. */
export function spokenIn(records: readonly TlsRecord[], opener: Opener): Spoken {
  const messages: Message[] = [];
  const alerts: Alert[] = [];
  let pending: Uint8Array = new Uint8Array();
  for (const record of records) {
    const opened = open(record, opener, messages);
    if (opened === undefined || messages.at(-1)?.type === FINISHED) break;
    if (opened.type === contentTypes.alert) alerts.push(alertOf(opened.fragment));
    if (opened.type !== contentTypes.handshake) continue;
    pending = pending.length === 0 ? opened.fragment : Buffer.concat([pending, opened.fragment]);
    pending = takeMessages(pending, messages);
  }
  return { messages, alerts };
}

/**
 * The record in plain text; nothing where it cannot be had. In TLS 1.2 encryption begins with the
 * ChangeCipherSpec, and nothing after it needs to be read.
 */
function open(record: TlsRecord, opener: Opener, said: readonly Message[]) {
  if (record.type === contentTypes.data) return opener.keyAfter(said)?.(record);
  const ends = record.type === contentTypes.changeCipherSpec && !opener.isNew(said);
  return ends ? undefined : record;
}

const FINISHED = 20;

function alertOf(fragment: Uint8Array): Alert {
  return { fatal: fragment[0] === 2, number: fragment[1] ?? 0 };
}

/** Moves whole messages over and gives back what is left: a message may span records. */
function takeMessages(bytes: Uint8Array, messages: Message[]): Uint8Array {
  let rest = bytes;
  while (rest.length >= 4) {
    const [type = 0, high = 0, middle = 0, low = 0] = rest;
    const end = 4 + high * 0x10000 + middle * 256 + low;
    if (rest.length < end) break;
    messages.push({ type, body: rest.subarray(4, end) });
    rest = rest.subarray(end);
  }
  return rest;
}
