import type { z } from "zod";
import { interceptionSheet as sheet } from "../facts/interception.ts";
import { Failure } from "../failure.ts";
import { endsPublicly } from "../net/roots.ts";
import { secure } from "../net/secure.ts";
import type { Environment } from "../here.ts";
import { placeOf } from "../protocols/authority.ts";
import type { At, Stage } from "../stage.ts";
import { parseTarget } from "../target.ts";
import { visit } from "./visit.ts";

type Seen = z.infer<typeof sheet.facts>["hosts"][number];

/** Hosts of different owners whose certificates end in public roots. */
const usual = "login.microsoftonline.com www.microsoft.com github.com";

const MOST = 5;

/**
 * Looks at the certificates of hosts that are known to have public ones. A host that does not answer is no
 * failure: much of the world is closed to many an app, and rightly so.
 */
export const interception: Stage<undefined, void, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run(_from, at) {
    const hosts = await Promise.all(controlHosts(at.here.environment).map((one) => look(one, at)));
    const answered = hosts.filter((one) => one.isPublic !== undefined);
    const foreign = answered.filter((one) => one.isPublic === false);
    const share = foreign.length === answered.length ? "all" : foreign.length > 0 ? "some" : "none";
    at.note({ hosts, intercepted: answered.length === 0 ? "unknown" : share });
  },
};

/** `SONDE_CONTROL_HOSTS`: `host[:port]`, separated by spaces or commas. */
function controlHosts(environment: Environment): string[] {
  const said = environment["SONDE_CONTROL_HOSTS"] ?? "";
  const hosts = (said.trim() === "" ? usual : said).split(/[\s,]+/).filter((one) => one !== "");
  return hosts.slice(0, MOST);
}

async function look(text: string, { signal, here }: At<typeof sheet>): Promise<Seen> {
  const target = parseTarget(text, { schemes: { tls: 443 }, otherwise: "tls" });
  if ("wrong" in target) return { host: text, code: "sonde.untestable" };
  const { host, port, isAddress } = target;
  const label = port === 443 ? host : placeOf(target);
  try {
    using wire = await visit({ target, kind: "tls" }, { signal, here });
    const secured = await secure(wire, { name: host, isAddress, alpn: [], signal });
    secured.wire[Symbol.dispose]();
    const [leaf] = secured.chain;
    const end = secured.chain.at(-1);
    if (leaf === undefined || end === undefined) return { host: label, code: "tls.failed" };
    return {
      host: label,
      issuer: oneLine(leaf.issuer),
      root: oneLine(end.issuer),
      isPublic: endsPublicly(end),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { host: label, code: error.code };
  }
}

function oneLine(name: string): string {
  return name.split("\n").join(", ");
}
