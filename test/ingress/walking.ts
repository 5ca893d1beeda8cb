/** Walks headers as a process in some environment would. */
import type { Environment } from "../../lib/here.ts";
import { clientOf } from "../../lib/ingress/client.ts";
import { hopsBetween } from "../../lib/ingress/hops.ts";
import { detect } from "../../lib/platform/detect.ts";
import { environments } from "./dump.ts";

export const site = environments["app-service"];
export const containerApp: Environment = {
  CONTAINER_APP_NAME: "contoso",
  MANAGED_ENVIRONMENT: "env",
};

export function walk(headers: Record<string, string>, environment: Environment) {
  const seen = { headers: Object.entries(headers), platform: detect(environment) };
  const hops = hopsBetween(seen);
  const { address, port, confidence, reasons } = clientOf(seen, hops);
  return {
    address,
    port,
    confidence,
    reasons,
    hops: hops.map((hop) => `${hop.kind} ${hop.confidence}`),
  };
}
