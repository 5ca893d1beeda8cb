import type { Here } from "../here.ts";

/** What Sonde calls itself to those it asks over HTTP: RFC 9110 §10.1.5. */
export const agentOf = ({ vantage }: Here): string => `Sonde/${vantage.version}`;
