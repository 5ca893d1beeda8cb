/** What a run of the outbound probe proves about the way out. */
import { noEgressRules } from "./outbound/no-egress.ts";
import { wayOutRules } from "./outbound/ways.ts";
import type { Rule } from "./rule.ts";

export const outboundRules: readonly Rule[] = [...noEgressRules, ...wayOutRules];
