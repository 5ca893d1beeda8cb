/** Azure's own resolver beside the servers that the application is known to ask. */
import type { Leaf } from "../../leaves.ts";
import type { Rule } from "../rule.ts";
import { answered, answerSet, denied, isLocal, isOpinion, viewsOf, whereOf } from "./views.ts";

const spoke = (leaf: Leaf) => answered(leaf) || denied(leaf);
const said = (leaf: Leaf) => (answered(leaf) ? answerSet(leaf) || "none" : "no such record");

/** Whose word an opinion is held against: the servers', or the application's own where no server is known. */
function others(leaf: Leaf, all: readonly Leaf[]): readonly Leaf[] {
  const views = viewsOf(leaf, all).filter((one) => one !== leaf && spoke(one));
  const servers = views.filter((one) => !isLocal(one));
  return servers.length > 0 ? servers : views;
}

export const opinionRules: readonly Rule[] = [
  {
    code: "dns.second_opinion",
    severity: "info",
    blame: "configuration",
    confidence: "certain",
    basis: "documents",
    title: "Azure's own resolver says something else",
    why:
      "168.63.129.16 answers from the private zones that are linked to this virtual network and from public DNS. " +
      "What a custom server holds or forwards it cannot know; nobody says that the application asks it.",
    rivals: ["the name is balanced by DNS, and each was caught at another turn"],
    next: [
      "If a private zone that is linked here is meant: does the custom server forward the name's public zone to 168.63.129.16?",
      "If the custom server's answer is meant, of its own zones or of another network's, nothing is wrong.",
    ],
    docs: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration",
    when(leaf, all) {
      if (!isOpinion(leaf) || !spoke(leaf)) return undefined;
      const held = others(leaf, all);
      if (held.length === 0 || held.some((one) => said(one) === said(leaf))) return undefined;
      return [leaf, ...held].map((one) => `${whereOf(one)}: ${said(one)}`).join("; ");
    },
  },
];
