/** Distinguished names as text. RFC 5280 §4.1.2.4, and the short forms of RFC 4514 §3. */
import { elementsOf, oidOf, readDer, tags } from "../der.ts";

const short: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
};

const BMP_STRING = 0x1e;

/** `O=Example, CN=Example Root`; empty when it cannot be read. */
export function nameOf(der: Uint8Array): string {
  const name = readDer(der);
  if (name?.tag !== tags.sequence) return "";
  return elementsOf(name.value)
    .flatMap((set) => elementsOf(set.value))
    .map((pair) => {
      const [type, text] = elementsOf(pair.value);
      if (type?.tag !== tags.oid || text === undefined) return "";
      const oid = oidOf(type.value);
      return `${short[oid] ?? oid}=${textOf(text.tag, text.value)}`;
    })
    .filter((part) => part !== "")
    .join(", ");
}

function textOf(tag: number, value: Uint8Array): string {
  const bytes = Buffer.from(value.subarray(0, 256));
  if (tag !== BMP_STRING) return bytes.toString("utf8");
  // Big-endian UCS-2; Node reads the other order only.
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le");
}
