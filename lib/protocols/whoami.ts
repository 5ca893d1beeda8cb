/** What the replies of services look like that tell a caller its own address. */
import { parseJson } from "./json.ts";

export interface Whoami {
  readonly address: string;
  readonly port?: number;
  /** Why this is not the address of this host's egress, although the reply says so. */
  readonly doubt?: string;
}

/**
 * Reads a plain address, JSON with `ip`, the `key=value` lines of a trace, or the report of another Sonde's
 * echo. Nothing when no address stands where it should; whether it is one is for the caller to say.
 */
export function readWhoami(text: string): Whoami | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return fromJson(trimmed);
  if (/^[a-z]+=/m.test(trimmed)) return fromTrace(trimmed);
  return trimmed.length > 0 && trimmed.length <= 64 ? { address: trimmed } : undefined;
}

function fromJson(text: string): Whoami | undefined {
  const reply = parseJson(text);
  const client = at(reply, "result", "arrive", "client");
  const address = at(client, "address") ?? at(reply, "ip");
  const port = at(client, "port");
  if (typeof address !== "string") return undefined;
  return { address, ...(typeof port === "number" ? { port } : {}) };
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (node, key) =>
      typeof node === "object" && node !== null && Object.hasOwn(node, key)
        ? Reflect.get(node, key)
        : undefined,
    value,
  );
}

/** `/cdn-cgi/trace` of Cloudflare: whoever comes through its client VPN shows an address of that. */
function fromTrace(text: string): Whoami | undefined {
  const lines = new Map(text.split("\n").map((line) => [line.split("=")[0], line.split("=")[1]]));
  const address = lines.get("ip")?.trim();
  if (address === undefined) return undefined;
  return lines.get("warp")?.trim() === "on"
    ? { address, doubt: "it is the address of a client VPN (warp=on)" }
    : { address };
}
