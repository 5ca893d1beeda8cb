/** Which protocol the first octets of a conversation belong to: for ports that are not what they seem. */

interface Sign {
  readonly speaks: string;
  readonly looks: RegExp;
}

/** Octets as characters of the same number. A greeting that several share is named after all of them. */
const signs: readonly Sign[] = [
  { speaks: "http", looks: /^HTTP\/\d/ },
  { speaks: "ssh", looks: /^SSH-\d/ },
  // A record of type alert or handshake, RFC 8446 §5.1: how TLS answers what is not TLS.
  { speaks: "tls", looks: /^[\x15\x16]\x03[\x00-\x04]/ },
  { speaks: "smtp", looks: /^[2-5]\d\d[ -].*(?:E?SMTP|mail)/i },
  { speaks: "ftp", looks: /^[2-5]\d\d[ -].*ftp/i },
  { speaks: "smtp or ftp", looks: /^(?:220|421|500|502|554)[ -]/ },
  { speaks: "redis", looks: /^(?:\+PONG|-(?:ERR|NOAUTH|DENIED|LOADING|WRONGPASS) )/ },
  { speaks: "pop3", looks: /^\+OK/ },
  { speaks: "imap", looks: /^\* (?:OK|PREAUTH|BYE)/ },
  { speaks: "amqp", looks: /^AMQP/ },
  // A packet with number 0 that begins with version 10 or an error.
  { speaks: "mysql", looks: /^[^]{2}\x00\x00(?:\x0a[\d.]+|\xff)/ },
  // A tabular response of any length.
  { speaks: "tds", looks: /^\x04[\x00\x01][^]{2}[^]{2}[^]\x00/ },
  { speaks: "rdp", looks: /^\x03\x00\x00[\x0b-\x13]/ },
  // An error message: its type, its length, then fields of a letter each.
  { speaks: "postgres", looks: /^E\x00\x00[^]{2}S[A-Z]+\x00/ },
  { speaks: "ldap", looks: /^\x30[^]{1,5}\x02\x01/ },
];

/** The name of the protocol, or `unknown`. */
export function speaks(opening: Uint8Array): string {
  const text = latin1(opening);
  return signs.find(({ looks }) => looks.test(text))?.speaks ?? "unknown";
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** Printable ASCII as it is, everything else by its number, cut at `most` octets. */
export function printable(bytes: Uint8Array, most = 60): string {
  const shown = latin1(bytes.subarray(0, most)).replace(
    /[^\x20-\x7e]/g,
    (octet) => escapes[octet] ?? `\\x${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return bytes.length > most ? `${shown}…` : shown;
}

const escapes: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n" };
