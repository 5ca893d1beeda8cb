/** Asks the service probe, and takes the one branch of its report apart. */
import * as z from "zod";
import { service } from "../../lib/probes/service.ts";
import type { Report } from "../../lib/report.ts";
import { ask } from "../asking.ts";

const record = z.record(z.string(), z.unknown());
const shape = z.object({ addresses: z.tuple([record]) });

export interface Greeted {
  readonly report: Report;
  /** The branch of the only address: facts by stage, and how it ended. */
  readonly branch: Readonly<Record<string, unknown>>;
  readonly steps: readonly string[];
  readonly codes: readonly string[];
}

export async function greet(
  target: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Greeted> {
  const report = await ask(service, Object.entries({ target, ...more }));
  const [branch] = shape.parse(report.result).addresses;
  return {
    report,
    branch,
    steps: report.steps.map((step) => `${step.name} ${step.verdict}`),
    codes: report.findings.map((finding) => finding.code),
  };
}
