/**
 * LOGIN7, [MS-TDS] 2.2.6.4: a fixed head with the place and the length of each text, then the texts. Sonde
 * sends one login only, made up to be refused; no credential of anybody is in it.
 */

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly app: string;
  /** The server as the client calls it: gateways tell by it whom the login is for. */
  readonly server: string;
  readonly database: string;
}

/** TDS 7.4, the last version of the seventh dialect; the eighth says 8.0. */
const versions = { 7: 0x74000004, 8: 0x08000000 } as const;

const HEAD = 94;
const PACKET_SIZE = 4096;

/** A database that does not exist is an error, not a warning: fDatabase of OptionFlags1. */
const DATABASE_MUST_OPEN = 0x40;

export function encodeLogin(login: Login, dialect: 7 | 8): Buffer {
  const texts: [at: number, value: Buffer][] = [
    [36, utf16("sonde")],
    [40, utf16(login.user)],
    [44, obscured(utf16(login.password))],
    [48, utf16(login.app)],
    [52, utf16(login.server.slice(0, 128))],
    [56, Buffer.alloc(0)], // extension
    [60, utf16(login.app)],
    [64, Buffer.alloc(0)], // language
    [68, utf16(login.database)],
    [78, Buffer.alloc(0)], // SSPI
    [82, Buffer.alloc(0)], // database file
    [86, Buffer.alloc(0)], // new password
  ];
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(versions[dialect], 4);
  head.writeUInt32LE(PACKET_SIZE, 8);
  head[24] = DATABASE_MUST_OPEN;
  let place = HEAD;
  for (const [at, value] of texts) {
    head.writeUInt16LE(place, at);
    head.writeUInt16LE(value.length / 2, at + 2);
    place += value.length;
  }
  head.writeUInt32LE(place, 0);
  return Buffer.concat([head, ...texts.map(([, value]) => value)]);
}

function utf16(text: string): Buffer {
  return Buffer.from(text, "utf16le");
}

/** The halves of each octet change places, then 0xA5 is laid over it. It keeps nothing secret. */
function obscured(value: Buffer): Buffer {
  return Buffer.from(value.map((octet) => (((octet << 4) | (octet >> 4)) & 0xff) ^ 0xa5));
}
