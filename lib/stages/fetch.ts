import { requestSheet as sheet } from "../facts/request.ts";
import { decodeContent } from "../net/content.ts";
import type { Exchanged } from "../net/collect.ts";
import { request as exchange } from "../net/request.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Stage } from "../stage.ts";
import { agentOf } from "./agent.ts";

export interface Fetch {
  readonly wire: SocketWire;
  readonly url: URL;
  readonly method: string;
  readonly body: Uint8Array | undefined;
  /** Lower-case names; Sonde adds the one by which it knows its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body that are read, and again after it was decoded. */
  readonly mostBytes: number;
  /** What the body is undone by, whatever its headers say. */
  readonly undo: string | undefined;
  /** Told of the answer while it comes: one that breaks off is still counted as far as it came. */
  readonly told: (exchanged: Exchanged) => void;
}

export interface Fetched extends Exchanged {
  /** The body after it was undone. */
  readonly content: Uint8Array;
  /** There was more than `mostBytes`. */
  readonly cut: boolean;
  /** Why the body could not be undone. */
  readonly problem?: string;
}

/**
 * One request as a deployed module has it, and the whole of its answer for that module to judge. Only
 * what tells how far it got is noted: the answer is counted, not shown.
 */
export const fetch: Stage<Fetch, Fetched, typeof sheet> = {
  ...sheet,
  silence: "http.timeout",

  async run({ wire, url, method, body, mostBytes, undo, told, ...more }, { signal, here, note }) {
    note({ method });
    const headers = {
      "user-agent": agentOf(here),
      ...more.headers,
      "cdn-loop": here.loopToken,
    };
    const deployed = { method, ...(body === undefined ? {} : { body }) };
    const path = url.pathname + url.search;
    const asked = { origin: url.origin, method: "GET", path, headers, deployed } as const;
    let noted = false;
    const exchanged = await exchange(wire, { ...asked, mostBytes, signal }, (now) => {
      const { status, statusText = "", version = "1.1" } = now;
      if (status !== undefined && !noted) note({ version, status, statusText });
      noted = status !== undefined;
      told(now);
    });
    if (undo === undefined) {
      return { ...exchanged, content: exchanged.body, cut: exchanged.truncated };
    }
    const { bytes, truncated, problem } = await decodeContent(exchanged.body, undo, mostBytes);
    const cut = truncated || exchanged.truncated;
    return { ...exchanged, content: bytes, cut, ...(problem === undefined ? {} : { problem }) };
  },
};
