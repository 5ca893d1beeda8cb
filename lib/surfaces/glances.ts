/** The facts of each stage in a few words, so that the branches of a fork stand beside each other. */
import { isRecord, knows } from "../facts/read.ts";
import type { Branch, Report } from "../report.ts";
import type { AnySheet, Line } from "../stage.ts";

/**
 * By stage and subject: nothing where a stage was taken on one branch only, which has its paragraph, or where
 * a subject comes back on several branches and they do not say the same.
 */
export function glances(
  { result }: Report,
  sheets: readonly AnySheet[],
): (stage: string, on: string | undefined) => string {
  const found = new Map<string, string>();
  const look = (branch: Branch): void => {
    for (const { name, headline, flat } of sheets) {
      const said = saidOf(headline, flat === undefined ? branch[name] : branch);
      if (said === undefined) continue;
      const key = `${name} ${branch.on}`;
      found.set(key, (found.get(key) ?? said) === said ? said : "");
    }
    // What a branch holds as a list are the branches of a fork: facts stand under their stage.
    for (const below of Object.values(branch)) if (Array.isArray(below)) below.forEach(look);
  };
  look(result);
  return (stage, on) =>
    (found.size > 1 && on !== undefined ? found.get(`${stage} ${on}`) : "") ?? "";
}

function saidOf(headline: Line | undefined, facts: unknown): string | undefined {
  if (headline === undefined || !isRecord(facts) || !knows(facts, headline.needs)) return undefined;
  const said = headline.say(facts);
  return typeof said === "string" ? said : undefined;
}
