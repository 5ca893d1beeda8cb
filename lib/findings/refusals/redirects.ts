/** Redirects that work for a browser and break something else, and ports that want TLS. */
import { says, type Answer, type Refusal } from "./refusal.ts";

const schemeOf = (url: string | undefined) => url?.slice(0, url.indexOf(":"));
const hostOf = (url: string | undefined) => URL.parse(url ?? "")?.host;
const nameOf = (url: string | undefined) => URL.parse(url ?? "")?.hostname;

/** Where a sign-in by the platform's own module comes back to, if this is one. */
function signsIn({ signIn }: Answer): string | undefined {
  return signIn?.returnTo.includes("/.auth/login/") ? signIn.returnTo : undefined;
}

const asked = ({ url, hostHeader }: Answer) => hostHeader ?? hostOf(url);

/** What servers say when plain HTTP comes in on their TLS port: nginx, Apache, Go, Tomcat. */
const wantsTls = says(
  "The plain HTTP request was sent to HTTPS port",
  "speaking plain HTTP to an SSL-enabled server port",
  "Client sent an HTTP request to an HTTPS server",
  "This combination of host and port requires TLS",
);

const signingIn = [301, 302, 303, 307];

export const redirects: readonly Refusal[] = [
  {
    code: "http.post_lost",
    by: "a server that redirects http to https",
    basis: "documents",
    statuses: [301, 302, 303],
    severity: "info",
    blame: "caller",
    confidence: "certain",
    title: "Whoever posts to http loses the body",
    why:
      "The redirect from http to https turns a POST into a GET in most clients (RFC 9110 §15.4.2, " +
      "§15.4.3): the body is dropped and the caller sees no error. 307 and 308 keep it.",
    rivals: [],
    next: ["Let callers use https from the start."],
    sign: ({ url, location }) =>
      schemeOf(url) === "http" && schemeOf(location) === "https" && nameOf(url) === nameOf(location)
        ? `leads to ${hostOf(location)}`
        : undefined,
  },
  {
    code: "http.login_elsewhere",
    by: "the platform's sign-in (Easy Auth)",
    basis: "documents",
    statuses: signingIn,
    severity: "warn",
    blame: "configuration",
    confidence: "certain",
    title: "Sign-in comes back to another host than the one that was asked",
    why:
      "The redirect to the identity provider names a redirect_uri on another host: after signing in, " +
      "users land there, or the provider refuses the address.",
    rivals: [
      "a gateway in front sends its own Host, and the sign-in module is not told the original one",
    ],
    next: [
      "Behind a gateway: set httpSettings.forwardProxy.convention to Standard (X-Forwarded-Host) or Custom.",
      "Is the redirect_uri registered with the identity provider?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-authentication-authorization#considerations-when-using-azure-front-door",
    sign(answer) {
      const returnTo = signsIn(answer);
      return returnTo === undefined || hostOf(returnTo) === asked(answer)
        ? undefined
        : `asked was ${asked(answer)}, it returns to ${hostOf(returnTo)}`;
    },
  },
  {
    code: "http.login",
    by: "the platform's sign-in (Easy Auth)",
    basis: "documents",
    statuses: signingIn,
    severity: "info",
    blame: "caller",
    confidence: "certain",
    title: "The site wants users to sign in",
    why: "The path works up to the platform's sign-in; the application behind it was not asked.",
    rivals: [],
    next: ["A path that needs no sign-in, such as a health path that is excluded, tells more."],
    sign(answer) {
      const returnTo = signsIn(answer);
      return returnTo !== undefined && hostOf(returnTo) === asked(answer)
        ? `leads to ${answer.signIn?.server}`
        : undefined;
    },
  },
  {
    code: "http.client_certificate_wanted",
    by: "a server that wants a client certificate",
    basis: undefined,
    statuses: [400, 403],
    severity: "fail",
    blame: "caller",
    confidence: "certain",
    title: "The server wants a client certificate, and says so over HTTP",
    why:
      "The handshake let us through without one, and the request was refused for want of it: nginx asks in " +
      "the handshake and refuses afterwards.",
    rivals: ["a certificate is wanted for this path only"],
    next: ["Show one: POST /api/tls with cert and key tells whether the server takes it."],
    sign: says("No required SSL certificate was sent", "The SSL certificate error"),
  },
  {
    code: "http.half_tls",
    by: "a server behind the one that ended TLS",
    basis: undefined,
    statuses: [400, 502],
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "End-to-end TLS is half configured",
    why:
      "TLS was spoken to the front end, and the server behind it complains of plain HTTP on its TLS " +
      "port: the front end forwards without TLS to a port that wants it.",
    rivals: [],
    next: [
      "Let the front end speak https to the backend (on Container Apps the scheme of the target port), or the backend http.",
    ],
    sign: (answer) => (schemeOf(answer.url) === "https" ? wantsTls(answer) : undefined),
  },
  {
    code: "http.wants_tls",
    by: "a server whose port wants TLS",
    basis: undefined,
    statuses: [400],
    severity: "fail",
    blame: "caller",
    confidence: "certain",
    title: "This port wants https",
    why: "Plain HTTP came in on a port on which the server speaks TLS.",
    rivals: [],
    next: ["Ask again with https:// and the same port."],
    sign: (answer) => (schemeOf(answer.url) === "http" ? wantsTls(answer) : undefined),
  },
];
