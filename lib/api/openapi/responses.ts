/** The responses of the OpenAPI document, and the headers they share. */
import { verdicts } from "../../report.ts";
import { bodyOf, problems } from "./problems.ts";
import { refTo } from "./schemas.ts";

export interface Media {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Response {
  readonly description: string;
  readonly headers?: object;
  readonly content: Readonly<Record<string, Media>>;
}

interface Header {
  readonly description: string;
  readonly schema: object;
}

export const headers: Readonly<Record<string, Header>> = {
  "Sonde-Verdict": {
    description: "The verdict, for those who do not read the body",
    schema: { type: "string", enum: verdicts },
  },
  "Sonde-Run": {
    description: "The id of the run, as in the report and in the audit log",
    schema: { type: "string", format: "uuid" },
  },
  "Retry-After": {
    description: "Seconds until it is worth asking again",
    schema: { type: "integer", minimum: 1 },
  },
};

/** Those that an answer carries, as references. */
export function headersOf(...names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

type ProblemStatus = keyof typeof problems;

/** Every problem as a response, by the name of its component. */
export function problemResponses(): Record<string, Response> {
  return Object.fromEntries(
    Object.entries(problems).map(([status, { name, description, examples }]) => {
      const shown = Object.entries(examples).map(([key, one]) => [key, { value: bodyOf(one) }]);
      const media: Media = { schema: refTo("Problem"), examples: Object.fromEntries(shown) };
      const more = status === "429" ? ["Retry-After"] : [];
      return [
        name,
        {
          description,
          headers: headersOf("Sonde-Verdict", ...more),
          content: { "application/problem+json": media },
        },
      ];
    }),
  );
}

/** References to the problems that an operation may answer with. */
export function problemsOf(...statuses: readonly ProblemStatus[]): Record<string, object> {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { $ref: `#/components/responses/${problems[status].name}` },
    ]),
  );
}
