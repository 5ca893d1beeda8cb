/** Every rule there is, one table per area. */
import { acaPortRules } from "./aca-ports.ts";
import { asePortRules } from "./ase-ports.ts";
import { dnsRules } from "./dns.ts";
import { grpcRules } from "./grpc.ts";
import { hereRules } from "./here.ts";
import { httpRules } from "./http.ts";
import { ingressRules } from "./ingress.ts";
import { mysqlRules } from "./mysql.ts";
import { namesRules } from "./names.ts";
import { ntpRules } from "./ntp.ts";
import { outboundRules } from "./outbound.ts";
import { portRules } from "./ports.ts";
import { routingRules } from "./routing.ts";
import { sqlPortRules } from "./sql-ports.ts";
import { settingRules } from "./setting.ts";
import { sqlRules } from "./sql.ts";
import { storageRules } from "./storage.ts";
import { stunRules } from "./stun.ts";
import type { Rule } from "./rule.ts";
import { tcpRules } from "./tcp.ts";
import { openedRules } from "./opened.ts";
import { nameRules } from "./tls-names.ts";
import { tlsRules } from "./tls.ts";
import { vantageRules } from "./vantage.ts";

export const rules: readonly Rule[] = [
  ...dnsRules,
  ...tcpRules,
  ...acaPortRules,
  ...asePortRules,
  ...openedRules,
  ...portRules,
  ...routingRules,
  ...hereRules,
  ...tlsRules,
  ...nameRules,
  ...httpRules,
  ...grpcRules,
  ...ntpRules,
  ...sqlRules,
  ...sqlPortRules,
  ...stunRules,
  ...mysqlRules,
  ...storageRules,
  ...ingressRules,
  ...namesRules,
  ...settingRules,
  ...vantageRules,
  ...outboundRules,
];
