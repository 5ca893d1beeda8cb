/** Every probe there is. */
import type { AnyProbe } from "../probe.ts";
import { check } from "./check.ts";
import { dns } from "./dns.ts";
import { echo } from "./echo.ts";
import { http } from "./http.ts";
import { names } from "./names.ts";
import { identity } from "./identity.ts";
import { ntp } from "./ntp.ts";
import { outbound } from "./outbound.ts";
import { service } from "./service.ts";
import { sql } from "./sql.ts";
import { stun } from "./stun.ts";
import { tcp } from "./tcp.ts";
import { tls } from "./tls.ts";
import { vantage } from "./vantage.ts";

export const probes: readonly AnyProbe[] = [
  check,
  dns,
  tcp,
  tls,
  http,
  ntp,
  stun,
  sql,
  service,
  echo,
  names,
  vantage,
  identity,
  outbound,
];
