/** Every refusal that is recognised. */
import type { Rule } from "../rule.ts";
import { appService } from "./appservice.ts";
import { containerApps } from "./containerapps.ts";
import { cutOffs } from "./cutoffs.ts";
import { gateways } from "./gateways.ts";
import { redirects } from "./redirects.ts";
import { ruleOf, type Refusal } from "./refusal.ts";
import { services } from "./services.ts";

const refusals: readonly Refusal[] = [
  ...appService,
  ...containerApps,
  ...gateways,
  ...services,
  ...redirects,
  ...cutOffs,
];

export const refusalRules: readonly Rule[] = refusals.map(ruleOf);

/** What an expected status settles beside the general codes. */
export const refusalCodes: readonly string[] = refusals.map(({ code }) => code);
