/**
 * What each failure code means. The text people read under pressure: it claims what was proved, names
 * the rivals, and says where to look next. The compiler demands a meaning for every code.
 */
import type { Code } from "../failure.ts";
import { chain } from "./meanings/chain.ts";
import { dns } from "./meanings/dns.ts";
import { grpc } from "./meanings/grpc.ts";
import { http } from "./meanings/http.ts";
import { names } from "./meanings/names.ts";
import { identity } from "./meanings/identity.ts";
import { ntp } from "./meanings/ntp.ts";
import { ours } from "./meanings/ours.ts";
import { service } from "./meanings/service.ts";
import { sql } from "./meanings/sql.ts";
import { stun } from "./meanings/stun.ts";
import { tls } from "./meanings/tls.ts";
import { transport } from "./meanings/transport.ts";
import type { Meaning } from "./rule.ts";

export const meanings: Readonly<Record<Code, Meaning>> = {
  ...dns,
  ...transport,
  ...tls,
  ...http,
  ...grpc,
  ...ntp,
  ...service,
  ...sql,
  ...stun,
  ...chain,
  ...names,
  ...identity,
  ...ours,
};
