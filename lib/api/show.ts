/** A report as an answer: how every report leaves over HTTP, whoever asked for it. */
import type { Report } from "../report.ts";
import type { Surface } from "../surfaces/index.ts";
import { guarded, type Answer } from "./http.ts";

export function show(report: Report, status: number, surface: Surface, body: string): Answer {
  return {
    status,
    headers: {
      ...guarded,
      "content-type": surface.contentType,
      vary: "accept",
      "sonde-verdict": report.verdict,
      "sonde-run": report.id,
    },
    body,
  };
}
