import { scriptSheet as sheet } from "../facts/script.ts";
import { Failure } from "../failure.ts";
import { defined } from "../platform/values.ts";
import type { Found, Pattern } from "../protocols/pattern.ts";
import type { SocketWire } from "../net/wire.ts";
import type { At, Stage } from "../stage.ts";
import { agree, type Agreement, type Session } from "./agree.ts";

/** One entry of a script: what to wait for, and what to say then. */
export interface Entry {
  /** Lines are read until one fits. */
  readonly expect?: Pattern;
  /** Exactly these octets, next. */
  readonly octets?: Uint8Array;
  /** What the fitting line gives to name, `${1}` and the like filled in. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Text ends its line, and `${1}` and the like are filled in from the fitting line; octets are sent as
   * they are.
   */
  readonly send?: string | Uint8Array;
  readonly starttls: boolean;
}

export interface Script {
  readonly wire: SocketWire;
  readonly entries: readonly Entry[];
  /** How TLS is begun in mid-conversation. */
  readonly agreement: Omit<Agreement, "wire">;
  /** Told of every entry that waits for something, before an unfit one ends the conversation. */
  readonly told: (heard: Heard) => void;
}

export interface Heard {
  readonly what: "expect" | "octets";
  readonly fits: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  /** The last line that was read. */
  readonly line?: string;
}

/**
 * Holds a conversation by its script. Gives back the entry, from 1, that heard something else than it
 * waits for; nothing when all went as written.
 */
export const script: Stage<Script, number | undefined, typeof sheet> = {
  ...sheet,
  silence: "service.timeout",

  async run({ wire, entries, agreement, told }, at) {
    const count = { entries: entries.length, heard: 0, sent: 0 };
    let reader = linesOf(wire, at.signal, count);
    let over = wire;
    const opened: Session[] = [];
    try {
      for (const [index, entry] of entries.entries()) {
        at.note({ ...count, entry: index + 1 });
        const said = await listen(entry, reader, told);
        if (said === undefined) return index + 1;
        say(over, said, count);
        if (!entry.starttls) continue;
        const session = await secured(over, reader, agreement, at);
        opened.push(session);
        over = session.wire;
        reader = linesOf(over, at.signal, count);
      }
    } finally {
      at.note(count);
      for (const session of opened) session.wire[Symbol.dispose]();
    }
    return undefined;
  },
};

/** What to say next; nothing when the entry heard something else. */
async function listen(
  { expect, octets, labels, send = "" }: Entry,
  reader: Reader,
  told: Script["told"],
): Promise<string | Uint8Array | undefined> {
  if (octets !== undefined) {
    const fits = Buffer.compare(await reader.octets(octets.length), octets) === 0;
    told({ what: "octets", fits });
    return fits ? send : undefined;
  }
  if (expect === undefined) return send;
  const { line, match } = await fitting(expect, reader);
  const heard = { what: "expect", fits: match !== undefined, ...defined("line", line) } as const;
  if (match === undefined) {
    told(heard);
    return undefined;
  }
  told({ ...heard, ...defined("labels", labels && filled(labels, match)) });
  return typeof send === "string" ? match.fill(send) : send;
}

/** Line by line until one fits, or none comes any more. */
async function fitting(expect: Pattern, reader: Reader) {
  let line: string | undefined;
  for (;;) {
    const next = await reader.line();
    if (next === undefined) return { line, match: undefined };
    line = next;
    const match = expect.find(line);
    if (match !== undefined) return { line, match };
  }
}

function filled(labels: NonNullable<Entry["labels"]>, match: Found): NonNullable<Heard["labels"]> {
  const pairs = Object.entries(labels).map(([name, value]) => [name, match.fill(value)]);
  return Object.fromEntries(pairs);
}

function say(wire: SocketWire, what: string | Uint8Array, count: { sent: number }): void {
  if (what.length === 0) return;
  const bytes = typeof what === "string" ? Buffer.from(`${what}\n`) : what;
  count.sent += bytes.length;
  wire.write(bytes);
}

/** RFC 3207 §4.2 and its like: what came before TLS must not be taken for what came within. */
async function secured(
  wire: SocketWire,
  reader: Reader,
  agreement: Script["agreement"],
  at: At<typeof sheet>,
): Promise<Session> {
  const left = reader.left();
  if (left > 0) {
    const message = "octets in plain text follow the agreement to begin TLS";
    throw new Failure("service.malformed", message, { octets: left });
  }
  return agree.run({ ...agreement, wire }, { ...at, note: () => {} });
}

interface Reader {
  /** Without its line end; the rest when the peer closes; nothing after that. */
  line(): Promise<string | undefined>;
  octets(count: number): Promise<Uint8Array>;
  left(): number;
}

/** As the exporter has it. */
const LONGEST_LINE = 64 * 1024;
const MOST = 1024 * 1024;

function linesOf(wire: SocketWire, signal: AbortSignal, count: { heard: number }): Reader {
  let waiting = Buffer.alloc(0);
  const hear = async () => {
    if (count.heard > MOST) throw tooMuch(`more than ${MOST / 1024} KiB came`);
    const bytes = await wire.readSome(LONGEST_LINE, signal);
    count.heard += bytes.length;
    waiting = Buffer.concat([waiting, bytes]);
  };
  const take = (length: number, skip: number) => {
    const taken = waiting.subarray(0, length);
    waiting = waiting.subarray(length + skip);
    return taken;
  };
  return {
    async line() {
      for (;;) {
        const end = waiting.indexOf(0x0a);
        if (end >= 0) return take(end, 1).toString().replace(/\r$/, "");
        if (waiting.length > LONGEST_LINE) throw tooMuch(`a line is longer than ${LONGEST_LINE}`);
        if (await ended(hear())) {
          return waiting.length === 0 ? undefined : take(waiting.length, 0).toString();
        }
      }
    },
    async octets(length) {
      while (waiting.length < length) await hear();
      return take(length, 0);
    },
    left: () => waiting.length,
  };
}

async function ended(hearing: Promise<void>): Promise<boolean> {
  try {
    await hearing;
    return false;
  } catch (error) {
    if (error instanceof Failure && error.code === "tcp.closed") return true;
    throw error;
  }
}

function tooMuch(message: string): Failure {
  return new Failure("service.malformed", message);
}
