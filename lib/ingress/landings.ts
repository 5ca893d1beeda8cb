/** The hop on which a request lands at its platform, and what may stand between that and this process. */
import { parseAddressList } from "./addresses.ts";
import { parseArrSsl } from "./arrssl.ts";
import { type Headers, valueOf } from "./headers.ts";
import { detailOf, type Found, forwardsLeft, present, type Seen } from "./seen.ts";

export function landings(seen: Seen): readonly Found[] {
  return [...frontEnd(seen), ...envoy(seen)];
}

/** Some proxy that forwards without saying which it is. */
export function someProxy(headers: Headers): readonly Found[] {
  const evidence = headers
    .map(([name, value]) => (value === "" ? "" : name.toLowerCase()))
    .filter((name) =>
      /^(?:x-forwarded-|x-envoy-|forwarded$|x-real-ip$|x-arr-log-id$|client-cert$)/.test(name),
    );
  return evidence.length === 0
    ? []
    : [{ kind: "proxy", confidence: "claimed", evidence: [...new Set(evidence)] }];
}

function frontEnd(seen: Seen): readonly Found[] {
  const { headers, platform } = seen;
  const logId = present(headers, ["x-arr-log-id"]);
  const own = ["client-ip", "disguised-host", "was-default-hostname", "x-site-deployment-id"];
  const names = present(headers, own);
  const onSite = platform.platform === "app-service";
  const behindGateway = valueOf(headers, "x-original-host") !== undefined;
  // IIS with Application Request Routing writes the same id on premises, and none of the other names.
  if (names.length === 0 && !(logId.length > 0 && (onSite || behindGateway))) return [];
  const certificate = parseArrSsl(valueOf(headers, "x-arr-ssl") ?? "");
  return [
    {
      kind: "app-service-front-end",
      confidence: onSite && logId.length > 0 ? "proven" : "claimed",
      evidence: [...logId, ...names],
      ...detailOf({
        host: valueOf(headers, "disguised-host"),
        site: valueOf(headers, "x-site-deployment-id"),
        logId: valueOf(headers, "x-arr-log-id"),
        certificate: certificate?.subject,
        certificateIssuer: certificate?.issuer,
      }),
    },
    ...behindFrontEnd(seen),
  ];
}

/** A further pass inside the platform, or somebody who replays the request elsewhere. */
function behindFrontEnd({ headers, platform }: Seen): readonly Found[] {
  const left = forwardsLeft(headers);
  const onSite = platform.platform === "app-service";
  if (left !== undefined && left < 10) {
    const passes = { furtherPasses: String(10 - left) };
    const confidence = onSite ? "likely" : "claimed";
    return [{ kind: "proxy", confidence, evidence: ["max-forwards"], detail: passes }];
  }
  const routedTo = valueOf(headers, "disguised-host");
  const relayed = !onSite && routedTo !== undefined && valueOf(headers, "host") !== routedTo;
  return relayed ? [{ kind: "proxy", confidence: "claimed", evidence: ["host"] }] : [];
}

function envoy(seen: Seen): readonly Found[] {
  const { headers, platform } = seen;
  const revision =
    valueOf(headers, "x-ms-containerapp-revision-name") ?? valueOf(headers, "x-k8se-app-name");
  const app = valueOf(headers, "x-ms-containerapp-name") ?? revision?.split("--")[0];
  const inside = platform.platform === "container-apps";
  const names = ["x-ms-containerapp-name", "x-ms-containerapp-revision-name", "x-k8se-app-name"];
  const evidence = [
    ...present(headers, names),
    ...(valueOf(headers, "x-arr-ssl") === "true" ? ["x-arr-ssl"] : []),
    ...(inside
      ? present(headers, ["x-envoy-external-address", "x-envoy-expected-rq-timeout-ms"])
      : []),
  ];
  if (evidence.length === 0) return [];
  const proven = inside && app !== undefined && app === platform.app;
  return [
    {
      kind: "container-apps-envoy",
      confidence: proven ? "proven" : "claimed",
      evidence,
      ...detailOf({ app, revision }),
    },
    ...behindEnvoy(headers),
  ];
}

/** The ingress starts the chain anew with the client, so each later entry is a proxy behind it. */
function behindEnvoy(headers: Headers): readonly Found[] {
  const client = parseAddressList(valueOf(headers, "x-envoy-external-address") ?? "").at(-1);
  const chain = parseAddressList(valueOf(headers, "x-forwarded-for") ?? "");
  const start = chain.findLastIndex((token) => token.address === client?.address);
  if (client?.address === undefined || start < 0) return [];
  return chain.slice(start + 1).map((token) => ({
    kind: "proxy",
    confidence: "claimed",
    evidence: ["x-forwarded-for"],
    ...detailOf({ reachedFrom: token.address }),
  }));
}
