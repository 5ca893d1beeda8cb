/** The same request several times, each on a connection of its own: who answers, and does it stay so? */
import { shareOf, type Heard } from "../protocols/http/sharing.ts";
import { share } from "../stages/share.ts";
import type { Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { timesOf } from "../phases.ts";
import { askOnce, setOut, type Asking } from "./http-hop.ts";

export interface Calls {
  readonly calls: number;
  /** Whether the cookies of the first answer are sent along with the later calls. */
  readonly affinity: boolean;
  /** The header whose value tells who answered. */
  readonly split?: string | undefined;
}

const label = (index: number) => `call ${index + 1}`;

/** Calls one after the other: a later one may need what the first was given. */
export async function callAgain(
  trail: Trail,
  target: Target,
  asking: Asking,
  { calls, affinity, split }: Calls,
): Promise<void> {
  const hop = await setOut(trail, target, asking, { redirected: false, connections: calls });
  const heard: (Heard | undefined)[] = Array.from({ length: calls });
  const one = async (own: Trail, index: number) => {
    const cookie = affinity ? cookiesOf(heard[0]) : undefined;
    await askOnce(
      own,
      { ...hop, times: timesOf() },
      {
        ...(cookie === undefined ? {} : { cookie }),
        hear: (head) => void (heard[index] = head),
      },
    );
  };
  await trail.fork("attempts", [...heard.keys()], label, one, 1);
  await trail.take(share, shareOf(heard, { affinity, split }));
}

/** RFC 6265 §4.2: names and values only. They are sent back, and shown nowhere. */
function cookiesOf(heard: Heard | undefined): string | undefined {
  const set = [heard?.headers["set-cookie"] ?? []].flat().map((one) => one.split(";")[0] ?? "");
  return set.length === 0 ? undefined : set.join("; ");
}
