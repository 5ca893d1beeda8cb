/** What the health probes of Azure's products ask, and what they take for healthy. */

export interface Prober {
  readonly who: string;
  readonly method: "GET" | "HEAD";
  readonly userAgent?: string;
  /** The Host it sends, where that is not the name in the URL. */
  readonly host?: string;
  readonly accepts: readonly [low: number, high: number];
}

export const probers = {
  /** learn.microsoft.com/azure/frontdoor/health-probes: HEAD unless changed; 200 and nothing else. */
  frontdoor: {
    who: "Azure Front Door",
    method: "HEAD",
    userAgent: "Edge Health Probe",
    accepts: [200, 200],
  },
  /** learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview: the default probe. */
  appgw: {
    who: "Azure Application Gateway",
    method: "GET",
    host: "127.0.0.1",
    accepts: [200, 399],
  },
  /** learn.microsoft.com/azure/app-service/monitor-instances-health-check: redirects are not followed. */
  healthcheck: {
    who: "App Service health check",
    method: "GET",
    userAgent: "HealthCheck/1.0",
    accepts: [200, 299],
  },
} as const satisfies Readonly<Record<string, Prober>>;

export type ProberName = keyof typeof probers;

export const proberNames = [
  "frontdoor",
  "appgw",
  "healthcheck",
] as const satisfies readonly ProberName[];

/** What this prober makes of a status. */
export function healthBy({ who, accepts: [low, high] }: Prober, status: number) {
  const accepts = low === high ? `${low}` : `${low}-${high}`;
  return { prober: { who, accepts }, healthy: low <= status && status <= high };
}
