/**
 * NTP's timestamps: a 64-bit count of 2^-32 seconds since 1900, which wraps every 136 years, for the first
 * time in February 2036. They are kept as the wire has them. Differences are taken modulo 2^64, which needs
 * no guess at the era as long as both clocks are within 68 years of each other: RFC 5905 §6.
 */

/** The seconds from 1900, where NTP begins to count, to 1970. */
const TO_1970 = 2_208_988_800n << 32n;

/** A time in milliseconds since 1970 as a timestamp. */
export function timestampOf(unixMs: number): bigint {
  const units = BigInt(Math.round((unixMs / 1000) * 2 ** 32));
  return BigInt.asUintN(64, units + TO_1970);
}

/** From one timestamp to another in milliseconds, over the end of an era if that is shorter. */
export function msBetween(from: bigint, to: bigint): number {
  return (Number(BigInt.asIntN(64, to - from)) / 2 ** 32) * 1000;
}

/** A timestamp in milliseconds since 1970, in the era that brings it nearest to `nearMs`. */
export function unixMsOf(timestamp: bigint, nearMs: number): number {
  return nearMs + msBetween(timestampOf(nearMs), timestamp);
}
