/** An expectation on addresses: all of them lie in what the caller lists. */
import { labelOf, readExpected } from "../platform/egress.ts";
import type { Expectation, Known } from "../stage.ts";

/** Prefixes are welcome, which is what NAT gateways have. Finding no address at all is a failure. */
export function inside(
  key: string,
  summary: string,
  found: (facts: Known) => readonly string[],
): Expectation {
  return {
    summary,
    needs: [key],
    read(text) {
      const wanted = readExpected(text);
      if (wanted === undefined || wanted.length === 0) {
        return { wrong: "addresses or prefixes are needed, separated by commas" };
      }
      return {
        wanted: text,
        actual: (facts) => found(facts).join(", ") || "unknown",
        holds(facts) {
          const all = found(facts);
          return all.length > 0 && all.every((one) => labelOf(one, wanted) !== undefined);
        },
      };
    },
  };
}
