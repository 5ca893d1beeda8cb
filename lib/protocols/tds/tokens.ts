/** What a server answers to a login: a stream of tokens, [MS-TDS] 2.2.7. */
import { Failure } from "../../failure.ts";
import { malformed } from "../talk.ts";
import { cursorOver, type Cursor } from "./cursor.ts";

export interface ServerError {
  readonly number: number;
  readonly state: number;
  /** From 11 on an error; from 20 on the connection ends. */
  readonly severity: number;
  readonly message: string;
  readonly server: string;
}

/** Where the server sends the client instead. */
export interface Route {
  readonly host: string;
  readonly port: number;
  readonly database?: string;
}

export interface LoginReply {
  readonly errors: readonly ServerError[];
  /** The name of the server program, where it accepted the login. */
  readonly accepted?: string;
  readonly route?: Route;
}

interface Found {
  errors: ServerError[];
  accepted?: string;
  route?: Route;
}

type Read = (cursor: Cursor, found: Found) => void;

const errorToken: Read = (cursor, found) => {
  const body = cursorOver(cursor.octets(cursor.u16()));
  found.errors.push({
    number: body.u32() | 0,
    state: body.u8(),
    severity: body.u8(),
    message: body.text(body.u16()),
    server: body.text(body.u8()),
  });
};

const TCP = 0;
const ROUTING = 20;
/** As routing, with a database behind it. */
const ENHANCED_ROUTING = 21;

const changeToken: Read = (cursor, found) => {
  const body = cursorOver(cursor.octets(cursor.u16()));
  const type = body.u8();
  if (type !== ROUTING && type !== ENHANCED_ROUTING) return;
  const value = cursorOver(body.octets(body.u16()));
  const protocol = value.u8();
  if (protocol !== TCP) throw malformed("TDS", `a route over protocol ${protocol}`);
  const port = value.u16();
  const host = value.text(value.u16());
  const database = type === ENHANCED_ROUTING ? { database: value.text(value.u16()) } : {};
  found.route = { host, port, ...database };
};

const acceptToken: Read = (cursor, found) => {
  const body = cursorOver(cursor.octets(cursor.u16()));
  body.u8();
  body.u32();
  found.accepted = body.text(body.u8());
};

/** Eight octets in old dialects, twelve since TDS 7.2; nothing follows the last one anyway. */
const doneToken: Read = (cursor) => void cursor.octets(Math.min(12, cursor.left()));

const short: Read = (cursor) => void cursor.octets(cursor.u16());
const long: Read = (cursor) => void cursor.octets(cursor.u32());

/** Features by their number, each with a length, until 0xFF. */
const features: Read = (cursor) => {
  while (cursor.u8() !== 0xff) cursor.octets(cursor.u32());
};

const tokens: Readonly<Record<number, Read>> = {
  0x79: (cursor) => void cursor.octets(4), // RETURNSTATUS
  0xa9: short, // ORDER
  0xaa: errorToken,
  0xab: short, // INFO
  0xad: acceptToken,
  0xae: features,
  0xe3: changeToken,
  0xe4: long, // SESSIONSTATE
  0xed: short, // SSPI
  0xee: long, // FEDAUTHINFO
  0xfd: doneToken,
  0xfe: doneToken,
  0xff: doneToken,
};

const isAnswer = ({ errors, accepted, route }: Found) =>
  errors.length > 0 || accepted !== undefined || route !== undefined;

/**
 * Throws `service.malformed` for a token that no answer to a login holds, or that does not fit. Behind an answer
 * such a token takes nothing back of what was said.
 */
export function decodeLoginReply(bytes: Buffer): LoginReply {
  const found: Found = { errors: [] };
  try {
    readTokens(bytes, found);
  } catch (error) {
    if (!(error instanceof Failure) || !isAnswer(found)) throw error;
  }
  return found;
}

function readTokens(bytes: Buffer, found: Found): void {
  const cursor = cursorOver(bytes);
  while (cursor.left() > 0) {
    const token = cursor.u8();
    const read = tokens[token];
    if (read === undefined) throw malformed("TDS", `a token 0x${token.toString(16)}`);
    read(cursor, found);
  }
}
