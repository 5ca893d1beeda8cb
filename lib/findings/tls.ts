import { faults } from "../facts/session.ts";
import { meanings } from "./codes.ts";
import type { Rule } from "./rule.ts";

/**
 * Everything else that is wrong with a certificate, beside the fault that stopped the branch: whoever
 * renews an expired certificate wants to know now that its name was wrong as well.
 */
export const tlsRules: readonly Rule[] = faults.map((code) => ({
  ...meanings[code],
  code,
  when: ({ facts, stopped }) =>
    facts.handshake?.faults?.includes(code) === true && stopped?.code !== code
      ? `also seen in the certificate of ${facts.handshake.checkedName ?? "this server"}`
      : undefined,
}));
