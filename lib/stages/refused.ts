/** What a refusal says for itself: who answered, and often why. */
import { maskText } from "../ingress/mask.ts";
import { textOf } from "../net/content.ts";
import { defined } from "../platform/values.ts";
import { shownHeaders } from "../protocols/http/answered.ts";
import { seenAsOf } from "../protocols/http/witness.ts";
import type { Answered } from "./head.ts";

/** Of the text that a report carries. */
const EXCERPT = 4096;

export function refusalIn({ status, headers, after }: Answered) {
  const said = Object.fromEntries(headers);
  // Several cookies are one line here, and nobody knows where each of them ends.
  const kept = "set-cookie" in said ? { ...said, "set-cookie": "***" } : said;
  const text = textOf(after, said["content-type"] ?? "");
  return {
    headers: shownHeaders(kept),
    text: maskText(text.slice(0, EXCERPT)),
    ...defined("seenAs", seenAsOf({ status, headers: said, text })),
  };
}
