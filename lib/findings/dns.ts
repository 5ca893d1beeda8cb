/** The rules of DNS: what an answer says by itself, beside others, by its way here, and about Azure. */
import { answerRules } from "./dns/answers.ts";
import { azureRules } from "./dns/azure.ts";
import { configuredRules } from "./dns/configured.ts";
import { containerAppRules } from "./dns/container-apps.ts";
import { forwardingRules } from "./dns/forwarding.ts";
import { opinionRules } from "./dns/opinion.ts";
import { relayRules } from "./dns/relay.ts";
import { serverRules } from "./dns/servers.ts";
import { traceRules } from "./dns/trace.ts";
import { transportRules } from "./dns/transport.ts";
import type { Rule } from "./rule.ts";

export const dnsRules: readonly Rule[] = [
  ...answerRules,
  ...serverRules,
  ...configuredRules,
  ...transportRules,
  ...azureRules,
  ...containerAppRules,
  ...forwardingRules,
  ...opinionRules,
  ...relayRules,
  ...traceRules,
];
