/** A place that is looked at in passing: resolved, judged and connected to, as any target is. */
import { dial } from "../net/dial.ts";
import type { SocketWire } from "../net/wire.ts";
import type { AnySheet, At } from "../stage.ts";
import { resolve, type Wanted } from "./resolve.ts";

function unheard(): void {}

/** Connects to the first of its addresses. Rejects as `resolve` and `connect` do. */
export async function visit(
  wanted: Wanted,
  { signal, here }: Pick<At<AnySheet>, "signal" | "here">,
): Promise<SocketWire> {
  const [peer] = await resolve.run(wanted, { signal, here, note: unheard, late: unheard });
  if (peer === undefined) throw new Error("a name was resolved to no peer");
  return dial(peer, signal);
}
