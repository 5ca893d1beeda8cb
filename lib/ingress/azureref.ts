/**
 * `X-Azure-Ref` of Front Door, in its two observed forms. Neither is documented, so what is read here
 * explains and never decides.
 *
 *     Classic   "0" base64( u32le time, 4 zero bytes, 16 bytes id, "PRG01EDGE0608" NUL profile id )
 *     Standard  20240711T031409Z-16f8dbf6…
 */
import { Buffer } from "node:buffer";

export interface AzureRef {
  /** ISO 8601, to the second. */
  readonly at: string;
  /** Point of presence and edge machine; classic only. */
  readonly edge?: string;
  /** Profile id, which should equal X-Azure-FDID; classic only. */
  readonly profile?: string;
}

const standard = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/;
const edgeStart = 24;

export function parseAzureRef(value: string): AzureRef | undefined {
  const [matched, year, month, day, hour, minute, second] = standard.exec(value) ?? [];
  if (matched !== undefined) {
    const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return Number.isNaN(at.getTime()) ? undefined : { at: at.toISOString() };
  }
  return /^0[A-Za-z0-9+/]{40,200}={0,2}$/.test(value) ? classic(value.slice(1)) : undefined;
}

function classic(encoded: string): AzureRef | undefined {
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length <= edgeStart || bytes.readUInt32LE(4) !== 0) return undefined;
  const [edge = "", profile = ""] = bytes.toString("latin1", edgeStart).split("\0");
  if (!/^[A-Z0-9]{4,32}$/.test(edge)) return undefined;
  return {
    at: new Date(bytes.readUInt32LE(0) * 1000).toISOString(),
    edge,
    ...(/^[0-9a-f-]{36}$/.test(profile) ? { profile } : {}),
  };
}
