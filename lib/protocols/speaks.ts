/** Which protocol the first octets of a conversation belong to: for ports that are not what they seem. */

/** A greeting that several protocols share is named after all of them. */
const texts: readonly (readonly [speaks: string, looks: RegExp])[] = [
  ["http", /^HTTP\/\d/],
  ["ssh", /^SSH-\d/],
  ["smtp", /^[2-5]\d\d[ -].*(?:E?SMTP|mail)/i],
  ["ftp", /^[2-5]\d\d[ -].*ftp/i],
  ["smtp or ftp", /^(?:220|421|500|502|554)[ -]/],
  ["redis", /^(?:\+PONG|-(?:ERR|NOAUTH|DENIED|LOADING|WRONGPASS) )/],
  ["pop3", /^\+OK/],
  ["imap", /^\* (?:OK|PREAUTH|BYE)/],
  ["amqp", /^AMQP/],
];

/** In hexadecimal. */
const binaries: readonly (readonly [speaks: string, looks: RegExp])[] = [
  // A record of type alert or handshake, RFC 8446 §5.1: how TLS answers what is not TLS.
  ["tls", /^1[56]030[0-4]/],
  // A packet with number 0 that begins with version 10 or an error.
  ["mysql", /^....0000(?:0a3\d|ff)/],
  // A tabular response of any length.
  ["tds", /^040[01]..(?:..){3}00/],
  ["rdp", /^030000(?:0[b-f]|1[0-3])/],
  // An error message: its type, its length, then fields of a letter each.
  ["postgres", /^450000....53(?:4\w|5\w)+00/],
  ["ldap", /^30(?:..){1,5}0201/],
];

/** The name of the protocol, or `unknown`. */
export function speaks(opening: Uint8Array): string {
  const text = latin1(opening);
  const hex = Buffer.from(opening).toString("hex");
  const found =
    texts.find(([, looks]) => looks.test(text)) ?? binaries.find(([, looks]) => looks.test(hex));
  return found?.[0] ?? "unknown";
}

const titles: Readonly<Record<string, string>> = {
  redis: "Redis",
  mysql: "MySQL",
  postgres: "PostgreSQL",
  "smtp or ftp": "SMTP or FTP",
};

/** As people write the name of a protocol; nothing for one that is not known. */
export function titleOf(found: string): string | undefined {
  return found === "unknown" ? undefined : (titles[found] ?? found.toUpperCase());
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
