/** What the headers of a request prove of the way it took, and where they contradict each other. */
import type { Contradiction } from "../../ingress/contradictions.ts";
import type { Leaf } from "../../leaves.ts";
import type { Rule } from "../rule.ts";

/** The facts of the arriving request, once for a report that may have gone on from there. */
export const arriveOf = (leaf: Leaf, all: readonly Leaf[]) =>
  all[0] === leaf ? leaf.facts.arrive : undefined;

const contradicts =
  (kind: Contradiction["kind"]): Rule["when"] =>
  (leaf, all) =>
    arriveOf(leaf, all)?.contradictions?.find((one) => one.kind === kind)?.evidence;

export const wayRules: readonly Rule[] = [
  {
    code: "ingress.around_front_door",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The app can be reached around Front Door",
    why:
      "A Front Door id arrived from an address that is none of Front Door's. Whoever sent it reached the app without " +
      "Front Door before it, whose rules and firewall saw nothing of it, and may have written its headers by hand.",
    rivals: [
      "a proxy of yours stands behind Front Door and hands its headers on, as API Management does",
      "Front Door has new addresses that Sonde does not know: compare with AzureFrontDoor.Backend",
    ],
    next: [
      "App Service: allow only the service tag AzureFrontDoor.Backend, with a filter on X-Azure-FDID and your profile's id.",
      "Container Apps, whose rules know addresses alone: connect Front Door by Private Link, or let the app compare the id.",
    ],
    docs: "https://learn.microsoft.com/azure/frontdoor/origin-security",
    when: contradicts("around-front-door"),
  },
  {
    code: "ingress.tls_dropped",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "TLS is dropped between the gateway and the app",
    why: "The client spoke TLS to the gateway, and the gateway speaks plain HTTP to the app's front end.",
    rivals: ["the gateway writes X-Forwarded-Proto by itself, whatever the client spoke"],
    next: [
      "Let the gateway forward over HTTPS only: forwarding protocol of the route, or protocol of the backend setting.",
      "Then turn on HTTPS Only of the app.",
    ],
    when: contradicts("tls-dropped"),
  },
  {
    code: "ingress.plain_http",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The client spoke plain HTTP",
    why: "The front end took the request without TLS: keys and cookies crossed the network readable.",
    rivals: ["a proxy of yours in front of the front end ends TLS and says nothing of it"],
    next: ["Turn on HTTPS Only: az webapp update --https-only true."],
    docs: "https://learn.microsoft.com/azure/app-service/configure-ssl-bindings",
    when(leaf, all) {
      const { tlsEnd, hops, headers = [] } = arriveOf(leaf, all) ?? {};
      if (tlsEnd?.at !== "nowhere" || hops?.[1]?.kind !== "app-service-front-end") return undefined;
      const isSaid = headers.some(({ name }) => name.toLowerCase() === "x-appservice-proto");
      return `${isSaid ? "X-AppService-Proto says http" : "no X-AppService-Proto, no X-ARR-SSL"}: the front end was reached over HTTP`;
    },
  },
  {
    code: "ingress.address_disagrees",
    severity: "warn",
    blame: "platform",
    confidence: "possible",
    basis: "documents",
    title: "CLIENT-IP and X-Forwarded-For name different peers",
    why:
      "The front end writes its peer into CLIENT-IP and appends the same to X-Forwarded-For. They differ, so " +
      "something behind the front end changed one of them.",
    rivals: [
      "a proxy inside the instance appended an address of its own",
      "the list was shortened by middleware",
    ],
    next: ["Which component in front of your code rewrites X-Forwarded-For? Decide on CLIENT-IP."],
    when: contradicts("client-address"),
  },
  {
    code: "ingress.list_consumed",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "X-Forwarded-For was taken out before the app saw it",
    why:
      "The front end always appends to X-Forwarded-For. Middleware for forwarded headers, as ASP.NET Core has it, " +
      "consumes what it uses and leaves X-Original-For.",
    rivals: ["a rewrite rule of a gateway removes the header"],
    next: ["Read the connection's own address, which the middleware has set from the header."],
    when: contradicts("list-consumed"),
  },
  {
    code: "ingress.list_short",
    severity: "info",
    blame: "configuration",
    confidence: "possible",
    basis: "documents",
    title: "X-Forwarded-For has fewer entries than hops that append to it",
    why: "Every gateway and front end appends the peer it saw. One entry is missing, so the list cannot be counted.",
    rivals: [
      "headers of a gateway were forged, and the request passed none",
      "a rewrite rule of the gateway replaces the list",
    ],
    next: ["Compare the list with the logs of each hop before you decide on an entry of it."],
    when: contradicts("list-short"),
  },
  {
    code: "ingress.public_host",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The public host name is not the one that the app sees",
    why:
      "By its headers a gateway in front sends another Host to the app. What the app builds from it (redirects, " +
      "links, cookie domains) names the inner host.",
    rivals: ["the caller wrote X-Forwarded-Host itself, and no hop took it out"],
    next: [
      "Keep the host name on the way: send the incoming Host to the origin, and add the custom domain to the app.",
    ],
    docs: "https://learn.microsoft.com/azure/architecture/best-practices/host-name-preservation",
    when: contradicts("public-host"),
  },
  {
    code: "ingress.relayed",
    severity: "info",
    blame: "caller",
    confidence: "certain",
    basis: "documents",
    title: "The headers tell of another platform than this process runs on",
    why: "Somebody passed the request on from there, or wrote these headers: here they prove nothing.",
    rivals: [
      "the platform sets its variables in another way than Sonde knows, so it was not recognised",
    ],
    next: [
      "Is a tunnel or a simulation in between? Then it is as it should be, and all hops are claims.",
    ],
    when: contradicts("other-platform"),
  },
  {
    code: "ingress.front_door_twice",
    severity: "info",
    blame: "configuration",
    confidence: "possible",
    basis: "documents",
    title: "The request passed Front Door more than once",
    why: "X-Azure-RequestChain counts above 1: a Front Door has another as its origin, or itself.",
    rivals: ["the client sent the header itself"],
    next: ["Is the origin of the profile the address of an app, and not of a Front Door?"],
    when(leaf, all) {
      const chain = arriveOf(leaf, all)?.headers?.find(
        ({ name }) => name.toLowerCase() === "x-azure-requestchain",
      );
      const [, hops = "0"] = /^hops=(\d{1,3})$/.exec(chain?.value ?? "") ?? [];
      return Number(hops) > 1 ? `X-Azure-RequestChain counts ${hops}` : undefined;
    },
  },
  {
    code: "ingress.instance_changed",
    severity: "info",
    blame: "platform",
    confidence: "possible",
    basis: "unverified",
    title: "The affinity cookie names another instance",
    why: "The instance that gave out the cookie is gone or busy, so this one answered and may set a new cookie.",
    rivals: ["the cookie is of another app, or the likeness of cookie and instance is not a rule"],
    next: [
      "Did the app scale in or restart? Sessions that live in memory are lost then: keep them elsewhere.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/configure-common",
    when(leaf, all) {
      const { affinity } = arriveOf(leaf, all) ?? {};
      return affinity?.instance === "another"
        ? "ARRAffinity does not begin with this instance's id"
        : undefined;
    },
  },
];
