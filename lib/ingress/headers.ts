/**
 * What is known about each request header: one row per header, and a row is all it takes to add one.
 *
 * The grammar decides who reads the value, the mask what may be shown of it. Names are lower case;
 * a trailing `*` stands for any ending. The longest row that fits a name wins.
 */
type Grammar =
  | "text"
  /** A list of address tokens, see addresses.ts. */
  | "addresses"
  /** RFC 7239. */
  | "forwarded"
  /** RFC 9110 §7.6.3. */
  | "via"
  /** A certificate on its own: base64 of DER, PEM, percent-encoded PEM, or RFC 9440. */
  | "certificate"
  /** Envoy's X-Forwarded-Client-Cert. */
  | "xfcc";

type Mask =
  /** Shown, but for what has the shape of a credential. */
  | "none"
  /** Withheld: name, length and fingerprint stay. */
  | "secret"
  /** Withheld but for the scheme before the first space. */
  | "credentials"
  /** Each value withheld, names kept. */
  | "cookies"
  /** A URL or path: secrets in its query, path, fragment and user part are withheld. */
  | "url-secrets";

export interface HeaderRow {
  readonly name: string;
  readonly grammar: Grammar;
  readonly mask: Mask;
  /** Who sets it when all is as it should be. */
  readonly setBy: string;
  /** What its presence or value shows, and under which condition. */
  readonly proves: string;
}

const client = "client";
const frontEnd = "App Service front end";
const frontDoor = "Front Door";
const gateway = "Application Gateway";
const easyAuth = "App Service authentication";
const swa = "Static Web Apps";
const envoy = "Envoy";
const aca = "Container Apps ingress";
const proxy = "any proxy";

type Cells = readonly [name: string, grammar: Grammar, mask: Mask, setBy: string, proves: string];

// One line per header, so that it reads as the table it is.
// prettier-ignore
const cells: readonly Cells[] = [
  // Chains of addresses
  ["x-forwarded-for", "addresses", "none", proxy, "each proxy appends the address it was reached from; entries left of the last trusted one can be forged"],
  ["x-original-for", "addresses", "none", "ASP.NET Core", "the peer before forwarded headers were consumed"],
  ["x-original-proto", "text", "none", "ASP.NET Core", "the scheme before forwarded headers were consumed"],
  ["x-real-ip", "addresses", "none", proxy, "the client as a proxy saw it, if one overwrites it"],
  ["true-client-ip", "addresses", "none", proxy, "the client as a CDN saw it, if one overwrites it"],
  ["cf-connecting-ip", "addresses", "none", "Cloudflare", "the client as Cloudflare saw it"],
  ["forwarded", "forwarded", "none", proxy, "RFC 7239 chain; no Azure hop writes it"],
  ["x-forwarded-proto", "text", "none", proxy, "scheme of the outermost hop that sets it"],
  ["x-forwarded-host", "text", "none", proxy, "host name the public side was asked for"],
  ["x-forwarded-port", "text", "none", proxy, "port of the public listener"],
  ["x-forwarded-prefix", "text", "url-secrets", proxy, "path prefix a proxy removed"],
  ["x-forwarded-path", "text", "url-secrets", aca, "path before rule-based routing"],
  ["via", "via", "none", proxy, "RFC 9110 list of proxies"],

  // App Service and Functions
  ["client-ip", "addresses", "none", frontEnd, "TCP peer of the front end, which overwrites it; a private value after a second internal pass is the platform itself"],
  ["x-client-ip", "addresses", "none", frontEnd, "address of the peer (Linux workers); the private address behind a private endpoint"],
  ["x-client-port", "text", "none", frontEnd, "port of the peer; 0 through a private endpoint"],
  ["x-appservice-proto", "text", "none", frontEnd, "scheme of the last hop into App Service"],
  ["x-arr-ssl", "text", "none", frontEnd, "the server certificate that answered; a bare `true` is Container Apps"],
  ["x-forwarded-tlsversion", "text", "none", frontEnd, "TLS version of the last hop into App Service"],
  ["x-arr-log-id", "text", "none", frontEnd, "the request crossed the front end; correlates with its logs"],
  ["disguised-host", "text", "none", frontEnd, "host name the front end routed on"],
  ["was-default-hostname", "text", "none", frontEnd, "default host name of the app, also behind custom domains"],
  ["x-site-deployment-id", "text", "none", frontEnd, "site and slot that got the request"],
  ["x-original-url", "text", "url-secrets", `${frontEnd} or ${gateway}`, "path and query before rewriting"],
  ["x-waws-unencoded-url", "text", "url-secrets", frontEnd, "path and query before decoding"],
  ["x-rewrite-url", "text", "url-secrets", "IIS URL Rewrite", "path and query before rewriting"],
  ["max-forwards", "text", "none", frontEnd, "10 after one front-end pass, one less for each further pass"],
  ["x-ms-coldstart", "text", "none", "Functions host", "this request waited for a cold start"],
  ["x-ms-invocation-id", "text", "none", "Functions host", "added by the host when it streams to the worker"],
  ["is-service-tunneled", "text", "none", frontEnd, "1 meant a service endpoint on old front ends"],
  ["x-arr-clientcert", "certificate", "secret", frontEnd, "the client certificate of the TLS connection into App Service, not validated"],
  ["x-functions-key", "text", "secret", client, "a function key was sent"],
  ["x-ms-site-restricted-token", "text", "secret", "App Service platform", "an internal call of the platform"],
  ["x-ms-site-token", "text", "secret", "App Service platform", "an internal call of the platform"],
  ["x-identity-header", "text", "secret", client, "a managed identity secret: it should never be sent here"],

  // Authentication in front of the app
  ["x-ms-client-principal*", "text", "secret", easyAuth, "who signed in; the platform's word only while its authentication is on"],
  ["x-ms-token-*", "text", "secret", easyAuth, "a token of the identity provider is in the token store"],
  ["x-ms-auth-token", "text", "secret", swa, "Static Web Apps stands in front"],
  ["x-zumo-auth", "text", "secret", client, "a session token of App Service authentication"],
  ["x-ms-original-url", "text", "url-secrets", swa, "public URL before Static Web Apps rewrote it"],
  ["x-ms-request-id", "text", "none", swa, "request id of Static Web Apps"],

  // Front Door
  ["x-azure-fdid", "text", "none", frontDoor, "profile id; forgeable while the origin can be reached around Front Door"],
  ["x-azure-ref", "text", "none", frontDoor, "key of the access log; the classic form holds time and point of presence"],
  ["x-azure-socketip", "addresses", "none", frontDoor, "TCP peer of Front Door: the client"],
  ["x-azure-clientip", "addresses", "none", frontDoor, "derived from what the client sent: never decided on"],
  ["x-azure-requestchain", "text", "none", frontDoor, "loop counter; above 1 Front Door stands behind Front Door"],
  ["x-fd-healthprobe", "text", "none", frontDoor, "1 for a health probe of Front Door"],
  ["x-azure-ja4-fingerprint", "text", "none", gateway, "fingerprint of the client's TLS hello"],

  // Application Gateway; the names of its certificate headers are the customer's to choose
  ["x-appgw-trace-id", "text", "none", gateway, "transaction id in the gateway's logs"],
  ["x-original-host", "text", "none", `${gateway} or ASP.NET Core`, "host name the public side was asked for"],
  ["x-client-certificate", "certificate", "secret", `${gateway}, by a rewrite rule`, "client certificate of the gateway's listener"],
  ["x-client-certificate-*", "text", "none", `${gateway}, by a rewrite rule`, "a part of the client certificate, or how its verification went"],
  ["ssl-client-cert", "certificate", "secret", "nginx", "client certificate of the proxy's listener"],
  ["x-ssl-client-cert", "certificate", "secret", "nginx or HAProxy", "client certificate of the proxy's listener"],
  ["x-forwarded-tls-client-cert", "certificate", "secret", "Traefik", "client certificate of the proxy's listener"],

  // API Management
  ["ocp-apim-*", "text", "secret", client, "a call meant for API Management"],
  ["x-via-apim", "text", "none", "API Management, by policy", "request id, when the owner added this header"],

  // Container Apps and Envoy
  ["x-envoy-external-address", "addresses", "none", envoy, "the client as Envoy trusts it; absent for calls from inside"],
  ["x-envoy-*", "text", "none", envoy, "set by an Envoy proxy"],
  ["x-request-id", "text", "none", proxy, "request id"],
  ["x-k8se-*", "text", "none", aca, "app and revision that got the request"],
  ["x-ms-containerapp-*", "text", "none", aca, "app and revision that got the request"],
  ["x-forwarded-client-cert", "xfcc", "secret", envoy, "client certificates seen by each proxy, nearest last"],
  ["client-cert", "certificate", "secret", proxy, "RFC 9440 client certificate; no Azure hop writes it"],
  ["client-cert-chain", "text", "secret", proxy, "RFC 9440 chain"],

  // Credentials and what identifies people
  ["authorization", "text", "credentials", client, "credentials were sent; Static Web Apps replaces them with its own"],
  ["proxy-authorization", "text", "credentials", client, "credentials for a proxy"],
  ["cookie", "text", "cookies", client, "names tell of affinity and sign-in"],
  ["x-hub-signature*", "text", "secret", client, "a signed webhook"],

  // Ordinary headers whose values look random or long by nature
  ["referer", "text", "url-secrets", client, "the page that led here"],
  ["origin", "text", "url-secrets", client, "the page's origin, on cross-origin and unsafe requests"],
  ["traceparent", "text", "none", "client or platform", "W3C trace context"],
  ["request-id", "text", "none", "client or platform", "trace context of Application Insights"],
  ["x-amzn-trace-id", "text", "none", "AWS", "trace context"],
  ["user-agent", "text", "none", client, "what the client calls itself"],
  ["content-type", "text", "none", client, "type of the body"],
  ["host", "text", "none", client, "on Functions the host copies DISGUISED-HOST here"],
  ["sec-*", "text", "none", client, "set by the browser"],
  ["if-none-match", "text", "none", client, "a validator of an earlier answer"],
];

export const headerRows: readonly HeaderRow[] = cells
  .map(([name, grammar, mask, setBy, proves]) => ({ name, grammar, mask, setBy, proves }))
  .toSorted((a, b) => b.name.length - a.name.length);

/** The row for a header, in any case; undefined for one that nothing is known about. */
export function rowOf(name: string): HeaderRow | undefined {
  const lower = name.toLowerCase();
  return headerRows.find((row) =>
    row.name.endsWith("*") ? lower.startsWith(row.name.slice(0, -1)) : row.name === lower,
  );
}

export type Headers = readonly (readonly [name: string, value: string])[];

/** The value of a header, several of one name joined as the runtime does; empty counts as absent. */
export function valueOf(headers: Headers, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  const joined = values.join(",").trim();
  return joined === "" ? undefined : joined;
}
