/** The answers of a probe that are reports, with an example for each way in which they come out. */
import { sheets } from "../../facts/index.ts";
import type { AnyProbe } from "../../probe.ts";
import type { Report } from "../../report.ts";
import { surfaces } from "../../surfaces/index.ts";
import { examples } from "./examples.ts";
import { reported } from "./reported.ts";
import { headersOf, type Media, type Response } from "./responses.ts";
import { pascal, refTo } from "./schemas.ts";

type Named = readonly (readonly [name: string, report: Report])[];

/** References to the two responses below. */
export function responsesOf({ name }: AnyProbe): Record<string, object> {
  const refOf = (kind: string) => ({ $ref: `#/components/responses/${pascal(name)}${kind}` });
  return { 200: refOf("Measured"), 424: refOf("Missed") };
}

/** The responses of a probe by the names of their components: GET and POST share them. */
export function reportResponses(probe: AnyProbe): Record<string, Response> {
  const { measured, missed } = examplesOf(probe);
  const name = pascal(probe.name);
  return {
    [`${name}Measured`]: show(name, "A report of what was measured, whatever that was", measured),
    [`${name}Missed`]: show(name, "A report: something that was expected does not hold", missed),
  };
}

function examplesOf(probe: AnyProbe): { readonly measured: Named; readonly missed: Named } {
  const walks = examples[probe.name];
  if (walks === undefined) return { measured: [], missed: [] };
  const { passes, fails } = walks;
  const closed = { facts: [], reachable: false }; // and it is open
  return {
    measured: [
      ["pass", reported(probe, passes)],
      ...(fails === undefined ? [] : [["fail", reported(probe, fails)] as const]),
    ],
    missed: [["expected", reported(probe, passes, closed)]],
  };
}

function show(name: string, description: string, reports: Named): Response {
  const content: Record<string, Media> = {};
  for (const surface of surfaces) {
    const type = surface.contentType.split(";")[0] ?? surface.contentType;
    const isJson = type === "application/json";
    const values = reports.map(([label, report]): [string, { value: unknown }] =>
      isJson
        ? [label, { value: report }]
        : [`${label}-${surface.name}`, { value: surface.write(report, sheets) }],
    );
    content[type] = {
      schema: isJson ? refTo(`${name}Report`) : { type: "string" },
      examples: { ...content[type]?.examples, ...Object.fromEntries(values) },
    };
  }
  return { description, headers: headersOf("Sonde-Verdict", "Sonde-Run"), content };
}
