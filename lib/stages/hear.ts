import type { Wire } from "../protocols/wire.ts";

/**
 * What came within `waitMs`, at least one octet and at most `most`; nothing where the other side kept
 * silent. Rejects as the wire does, and with the reason of `signal`.
 */
export async function hear(
  wire: Wire,
  most: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(), waitMs);
  try {
    return await wire.readSome(most, AbortSignal.any([signal, own.signal]));
  } catch (error) {
    if (own.signal.aborted && error === own.signal.reason) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
