/**
 * A distinguished name as Go writes it, which labels of the exporter have: RFC 2253, in an order of its
 * own whatever the certificate's, values of one type together, unknown types by number with their DER.
 */

/** From the end of the written name to its beginning: the types that Go knows by name. */
const known: readonly (readonly [short: string, go: string])[] = [
  ["serialNumber", "SERIALNUMBER"],
  ["CN", "CN"],
  ["postalCode", "POSTALCODE"],
  ["street", "STREET"],
  ["ST", "ST"],
  ["L", "L"],
  ["OU", "OU"],
  ["O", "O"],
  ["C", "C"],
];

/** Those that certificates have beside them, by their object identifiers. */
const numbers: Readonly<Record<string, string>> = {
  emailAddress: "1.2.840.113549.1.9.1",
  DC: "0.9.2342.19200300.100.1.25",
  UID: "0.9.2342.19200300.100.1.1",
  SN: "2.5.4.4",
  GN: "2.5.4.42",
  title: "2.5.4.12",
  businessCategory: "2.5.4.15",
  organizationIdentifier: "2.5.4.97",
  jurisdictionL: "1.3.6.1.4.1.311.60.2.1.1",
  jurisdictionST: "1.3.6.1.4.1.311.60.2.1.2",
  jurisdictionC: "1.3.6.1.4.1.311.60.2.1.3",
};

/** @param name as Node gives it: a part on each line, values escaped as in RFC 2253 */
export function goName(name: string): string {
  const parts = name
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const cut = line.indexOf("=");
      return { type: line.slice(0, cut), value: unescaped(line.slice(cut + 1)) };
    });
  const named = known.flatMap(([short, go]) => {
    const values = parts.filter(({ type }) => type === short);
    return values.length === 0
      ? []
      : [values.map((one) => `${go}=${escaped(one.value)}`).join("+")];
  });
  const others = parts
    .filter(({ type }) => !known.some(([short]) => short === type))
    .map(({ type, value }) => `${numbers[type] ?? type}=#${der(value)}`)
    .toReversed();
  return [...named, ...others].join(",");
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:([0-9A-F]{2})|(.))/gs, (_all, hex?: string, plain = "") =>
    hex === undefined ? String(plain) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function escaped(text: string): string {
  return text.replace(/[,+"\\<>;]|^[ #]| $/g, String.raw`\$&`);
}

/** Go's choice of string type: PrintableString where it fits, else UTF8String. */
function der(text: string): string {
  const bytes = Buffer.from(text);
  const tag = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(text) ? 0x13 : 0x0c;
  const { length } = bytes;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]).toString("hex");
}
