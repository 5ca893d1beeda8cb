/** Who a request says it is from: sign-in, client certificates, and secrets that should not travel. */
import type { Rule } from "../rule.ts";
import { arriveOf } from "./way.ts";

const mutual =
  "https://learn.microsoft.com/azure/app-service/app-service-web-configure-tls-mutual-auth";
const signIn =
  "https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities";

export const identityRules: readonly Rule[] = [
  {
    code: "ingress.sign_in_forgeable",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "Headers of a sign-in arrived, and no sign-in stands behind them",
    why:
      "X-MS-CLIENT-PRINCIPAL and its like are the platform's word only while its authentication is on. Here it is " +
      "off, so anyone can write them, and code that believes them lets anyone in.",
    rivals: [
      "Static Web Apps or a gateway of yours signs people in, and passes the headers on unforgeably",
    ],
    next: ["Turn the platform's authentication on, or let the app ignore these headers."],
    docs: signIn,
    when(leaf, all) {
      const { signedIn } = arriveOf(leaf, all) ?? {};
      return signedIn?.believed === false
        ? `headers of ${signedIn.by === "unknown" ? "a sign-in" : signedIn.by} arrived, and WEBSITE_AUTH_ENABLED is not true`
        : undefined;
    },
  },
  {
    code: "ingress.sign_in_host",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "Sign-in redirects will name the inner host",
    why:
      "The platform's authentication is on, and a gateway shows it another host than the public one: after the " +
      "sign-in people land on the inner name, around the gateway.",
    rivals: ["httpSettings.forwardProxy is set, so the authentication looks at the public host"],
    next: [
      "Set httpSettings.forwardProxy.convention: Standard for X-Forwarded-Host, Custom for X-Original-Host.",
    ],
    docs: signIn,
    when(leaf, all) {
      const { signedIn, contradictions = [] } = arriveOf(leaf, all) ?? {};
      const host = contradictions.find(({ kind }) => kind === "public-host");
      return signedIn?.believed === true && signedIn.by === "easy-auth"
        ? host?.evidence
        : undefined;
    },
  },
  {
    code: "ingress.certificate_of_gateway",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The client certificate is not the browser's",
    why:
      "X-ARR-ClientCert is the certificate of whoever connected to App Service. Behind a gateway that is the " +
      "gateway, and Front Door asks its clients for none.",
    rivals: ["the gateway's headers are forged, and the client connected by itself"],
    next: ["Let the gateway ask for the certificate, and pass it on in a header of its own."],
    docs: mutual,
    when(leaf, all) {
      const { clientCertificate, hops = [] } = arriveOf(leaf, all) ?? {};
      const gateway = hops.find(({ kind }) => ["front-door", "application-gateway"].includes(kind));
      return clientCertificate?.header === "x-arr-clientcert" && gateway !== undefined
        ? `X-ARR-ClientCert behind ${gateway.kind}`
        : undefined;
    },
  },
  {
    code: "ingress.certificate_hash",
    severity: "warn",
    blame: "configuration",
    confidence: "certain",
    basis: "documents",
    title: "The hash beside the client certificate is that of another one",
    why: "A proxy writes certificate and hash together. They do not belong together, so one was changed.",
    rivals: ["two proxies wrote one element"],
    next: ["Which proxy appends to X-Forwarded-Client-Cert instead of setting it anew?"],
    when(leaf, all) {
      const { clientCertificate } = arriveOf(leaf, all) ?? {};
      return clientCertificate?.hashMatches === false
        ? `Hash in ${clientCertificate.header}`
        : undefined;
    },
  },
  {
    code: "ingress.certificate_refused",
    severity: "warn",
    blame: "caller",
    confidence: "likely",
    basis: "documents",
    title: "The gateway did not accept the client certificate, and let the request pass",
    why: "The gateway writes how its verification went; it failed, and deciding is left to the app.",
    rivals: ["the header is a claim of whoever wrote it"],
    next: ["Is the listener meant to pass such requests on (verification optional, passthrough)?"],
    when(leaf, all) {
      const { verification } = arriveOf(leaf, all)?.clientCertificate ?? {};
      return verification !== undefined && /^FAILED\b/.test(verification)
        ? `verification is ${verification}`
        : undefined;
    },
  },
  {
    code: "ingress.certificate_expired",
    severity: "warn",
    blame: "caller",
    confidence: "likely",
    basis: "documents",
    title: "The client certificate that was passed on has expired",
    why: "App Service and most proxies pass a client certificate on without judging its dates.",
    rivals: ["this host's clock is wrong"],
    next: ["Renew the certificate of the client, and let the app judge what it is handed."],
    docs: mutual,
    when(leaf, all) {
      const { validTo, header } = arriveOf(leaf, all)?.clientCertificate ?? {};
      return validTo !== undefined && Date.parse(validTo) < Date.now()
        ? `it ended on ${validTo.slice(0, 10)} (${header})`
        : undefined;
    },
  },
  {
    code: "ingress.key_in_url",
    severity: "warn",
    blame: "caller",
    confidence: "likely",
    basis: "documents",
    title: "A key arrived in the URL of the page before",
    why: "Referer holds a URL with a secret in its query: browsers pass it on to whoever is linked, and logs keep it.",
    rivals: ["the caller set Referer by hand, as some libraries do"],
    next: ["Send keys in the header x-functions-key, and replace the one that was shown."],
    when(leaf, all) {
      const referer = arriveOf(leaf, all)?.headers?.find(
        ({ name }) => name.toLowerCase() === "referer",
      );
      const [secret] = referer?.masked ?? [];
      return secret === undefined ? undefined : `${secret.what} in Referer`;
    },
  },
  {
    code: "ingress.identity_secret",
    severity: "warn",
    blame: "caller",
    confidence: "certain",
    basis: "documents",
    title: "A managed identity's secret was sent here",
    why: "X-IDENTITY-HEADER belongs to the identity endpoint inside the instance and to nobody else.",
    rivals: [],
    next: [
      "Which code sends it with every request? Restart the app that sent it: the secret changes.",
    ],
    when: (leaf, all) =>
      arriveOf(leaf, all)?.headers?.some(
        ({ name }) => name.toLowerCase() === "x-identity-header",
      ) === true
        ? "X-IDENTITY-HEADER arrived"
        : undefined,
  },
];
