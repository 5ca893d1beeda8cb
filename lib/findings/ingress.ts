/** How a request came in, and as whom. */
import { identityRules } from "./ingress/identity.ts";
import { wayRules } from "./ingress/way.ts";
import type { Rule } from "./rule.ts";

export const ingressRules: readonly Rule[] = [...wayRules, ...identityRules];
