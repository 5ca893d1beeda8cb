/** One container app by each of its names, each with its own Host: which of them does the edge know? */
import { appNames } from "../protocols/http/environment.ts";
import { urlOf } from "../stages/request.ts";
import type { Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { askOnce, setOut, shownUrl, type Asking } from "./http-hop.ts";

export async function askNames(trail: Trail, target: Target, asking: Asking): Promise<void> {
  const names = appNames(target.host);
  if (names === undefined) throw new Error("not the name of a container app");
  // The short name has no certificate: inside the environment it is asked in plain HTTP.
  const plain = { scheme: "http", port: target.scheme === "http" ? target.port : 80 };
  const targets: Target[] = [
    { ...target, ...plain, host: names.short },
    { ...target, host: names.internal },
    { ...target, host: names.external },
  ];
  await trail.fork("hops", targets, shownUrl, async (own, one) => {
    // Each is what the caller asked for: connectTo= and header= hold for all three.
    const mine = { ...asking, origin: urlOf(one).origin };
    await askOnce(own, await setOut(own, one, mine, { redirected: false }));
  });
}
