/** Connection strings where a target belongs: what is read of them, and what is told of the rest. */
import { readConnection } from "./connection.ts";
import { targetOf } from "./dependencies.ts";
import { leftOutOf } from "./left-out.ts";

/** Anything but a plain target has a mark that hosts and paths do not begin with. */
const isConnectionString =
  /^\s*(?:jdbc:|@Microsoft\.|[\w .]{1,64}=)|^\s*[\w.-]+:\d+(?:\s*,\s*[\w.-]+:\d+)+\s*$|^[^/?#\s]*,\s*\w+\s*=|^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i;

/** The places of a connection string, as targets: none where they cannot be read, nothing where the text is none. */
export function placesIn(text: string): readonly string[] | undefined {
  if (!isConnectionString.test(text)) return undefined;
  // Where a target belongs, a list of hosts and ports is one, whatever the setting was called.
  return readConnection(text, "servers")?.places.map(targetOf) ?? [];
}

/** A connection string with one place in it; several are as many questions. */
export function connectionIn(text: string) {
  const [place, ...more] = placesIn(text) ?? [];
  if (place === undefined || more.length > 0) return undefined;
  return { place, leftOut: leftOutOf(text) };
}

/** What is left out where each place becomes a question of its own. */
export function leftOutOfSeveral(text: string): readonly string[] {
  return (placesIn(text) ?? []).length < 2 ? [] : leftOutOf(text);
}
