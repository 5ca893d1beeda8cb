/** The opening handshake of WebSocket (RFC 6455 §4) and the frame that says goodbye (§5.5.1). */
import { createHash, randomBytes } from "node:crypto";

/** RFC 6455 §1.3: shows that the server read the key as a WebSocket server does. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function newKey(): string {
  return randomBytes(16).toString("base64");
}

export function acceptFor(key: string): string {
  return createHash("sha1")
    .update(key + GUID)
    .digest("base64");
}

export function upgradeHeaders(key: string): Readonly<Record<string, string>> {
  return {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
  };
}

/** Why the answer to `key` opens no WebSocket, or nothing. */
export function whyNotOpen(
  key: string,
  status: number,
  headers: ReadonlyMap<string, string>,
): string | undefined {
  if (status !== 101) return `the answer is ${status}, not 101`;
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") return "101 leads to something else";
  if (headers.get("sec-websocket-accept") !== acceptFor(key)) {
    return "Sec-WebSocket-Accept does not answer our key: a cache or proxy made it up";
  }
  return undefined;
}

/** Close with status 1000, masked as every frame of a client is. */
export function closeFrame(): Uint8Array<ArrayBuffer> {
  const mask = randomBytes(4);
  const payload = [1000 >> 8, 1000 & 0xff].map((octet, index) => octet ^ (mask[index] ?? 0));
  return Uint8Array.of(0x88, 0x80 | payload.length, ...mask, ...payload);
}

/** How curl is told to ask for a WebSocket: many builds of it do not know `ws://`. */
export function upgradeOptions(...more: readonly string[]): string {
  const own = Object.entries(upgradeHeaders("AAAAAAAAAAAAAAAAAAAAAA=="));
  const headers = [...own.map(([name, value]) => `${name}: ${value}`), ...more];
  return ["--http1.1", ...headers.map((each) => `-H '${each}'`)].join(" ");
}
