/** Example reports: a walk that is written down, judged as a run would have been. */
import { noDemands, type Demands } from "../../expect.ts";
import type { AnyProbe } from "../../probe.ts";
import type { Branch, Report, Step, Vantage } from "../../report.ts";
import { concludedOf } from "../../run.ts";

/** What was asked, what was taken and what was learned. */
export interface Walked {
  readonly input: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  readonly result: Branch;
}

const vantage: Vantage = {
  app: "sonde-example",
  platform: "app-service",
  plan: "elastic-premium",
  region: "West Europe",
  version: "1.0.0",
  represents: {
    app: "unknown",
    basis: "unknown",
    same: [],
    differs: [],
    unknown: ["subnet", "routing", "dns", "hybrid connections", "certificates", "proxies"],
  },
};

/** The report of a walk, as `run` would have made it. */
export function reported(
  probe: AnyProbe,
  { input, steps, result }: Walked,
  demands: Demands = noDemands,
): Report {
  const question = { probe, asked: probe.input.parse(input), demands };
  const { about, judged, expected } = concludedOf(question, { result, steps: [...steps] });
  return {
    schema: 1,
    id: "5d0f6c1e-8a37-4a52-b7c4-2f3f1f0a9e61",
    ...judged,
    probe: probe.name,
    ...(about.target === undefined ? {} : { target: about.target }),
    steps: [...steps],
    result,
    expected,
    vantage,
    timing: { quality: "good", loopDelayMs: 0.2, inFlight: 1 },
    reproduce: [...about.reproduce],
    at: "2026-11-20T18:25:03.120Z",
    ms: Math.max(...steps.map(({ startMs = 0, ms = 0 }) => startMs + ms)),
  };
}
