/**
 * Container Apps and what speaks Envoy: its router says in plain text why there is no answer
 * (envoyproxy/envoy, source/common/router/router.cc and source/common/http/utility.cc).
 */
import type { Answer, Refusal } from "./refusal.ts";
import { says } from "./refusal.ts";

const by = "Envoy";
const DISCONNECTED = "upstream connect error or disconnect/reset before headers";

/** The reason that Envoy gives for a connection that broke, in lower case; newer ones use underscores. */
function resetReason({ body }: Answer): string | undefined {
  const text = body?.text ?? "";
  if (!text.startsWith(DISCONNECTED)) return undefined;
  const [, reason = "unknown"] = /reset reason: ([\w ]+)/.exec(text) ?? [];
  return reason.replaceAll("_", " ").trim();
}

const broken =
  (...reasons: readonly string[]): Refusal["sign"] =>
  (answer) => {
    const reason = resetReason(answer);
    return reason !== undefined && reasons.includes(reason) ? `reset reason: ${reason}` : undefined;
  };

const unreached = ["connection failure", "remote connection failure", "local connection failure"];

export const containerApps: readonly Refusal[] = [
  {
    code: "http.container_app_unavailable",
    by: "the edge of a Container Apps environment",
    basis: "unverified",
    // 403 in the first years, 404 since.
    statuses: [403, 404],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The Container Apps environment has no app to answer for this name",
    why: "The environment was reached; its edge answers itself, because it would send this Host to no app.",
    rivals: [
      "the app is stopped, has no active revision, or no traffic goes to one",
      "its ingress is internal, and we come from outside of the environment",
      "the Host header is not the app's name, as behind a gateway that sends its own",
      "the app was deleted, or its ingress is disabled",
    ],
    next: [
      "Compare the Host that is sent with the app's FQDN: with .internal. it answers inside the environment only.",
      "Does an active revision get traffic? Does the revision's own FQDN answer?",
    ],
    docs: "https://learn.microsoft.com/azure/container-apps/ingress-overview",
    sign: says("Azure Container App - Unavailable", "This Container App is stopped"),
  },
  {
    code: "http.proxy_denied",
    by,
    basis: "documents",
    statuses: [403],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "A rule of the proxy in front refuses us",
    why:
      "Envoy's access control refused before the application was asked. On Container Apps this is what " +
      "an IP restriction of the ingress says.",
    rivals: ["an authorisation policy of a service mesh"],
    next: ["Is the address this app leaves from among the allowed ones of the ingress?"],
    docs: "https://learn.microsoft.com/azure/container-apps/ip-restrictions",
    sign: says("RBAC: access denied"),
  },
  {
    code: "http.upstream_unreachable",
    by,
    basis: "documents",
    statuses: [502, 503, 504],
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The proxy in front cannot connect to the application",
    why: "We reached Envoy, and Envoy found no listening application behind it.",
    rivals: [
      "targetPort is not the port on which the application listens",
      "the application listens on 127.0.0.1 only, or has not started yet",
      "no replica passes its probes",
    ],
    next: ["Compare the ingress's targetPort with what the container's log says it listens on."],
    sign: (answer) =>
      broken(...unreached, "connection timeout")(answer) ?? says("no healthy upstream")(answer),
  },
  {
    code: "http.upstream_closed",
    by,
    basis: "documents",
    statuses: [502, 503],
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The application hung up on the proxy in front",
    why: "Envoy connected to the application, and the connection ended before any answer.",
    rivals: [
      "the application speaks TLS on this port and the proxy does not, or the other way round",
      "the transport is http2 and the application speaks HTTP/1.1 only, or the other way round",
      "the application crashed on this request, or closes idle connections before the proxy does",
    ],
    next: [
      "End-to-end TLS needs both: the ingress's scheme for the target port, and a TLS listener in the app.",
      "Look at the container's log and restarts at the time of the run.",
    ],
    sign: broken("connection termination", "remote reset", "protocol error"),
  },
  {
    code: "http.upstream_overflow",
    by,
    basis: "documents",
    statuses: [503],
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The proxy in front takes no more requests for the application",
    why: "Envoy's circuit breaker is open: as many requests or connections as it allows are under way.",
    rivals: [],
    next: ["Scale out, or find what keeps the requests waiting."],
    sign: broken("overflow"),
  },
  {
    code: "http.upstream_timeout",
    by,
    basis: "documents",
    statuses: [408, 504],
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The proxy in front gave up waiting for the application",
    why: "The application was reached and did not answer within the time that Envoy allows.",
    rivals: ["the application waits for a dependency of its own"],
    next: [
      "Look at what the application does in this time; answer early and work in the background.",
    ],
    sign: says("upstream request timeout", "stream timeout"),
  },
];
