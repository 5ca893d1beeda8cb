import type { Meanings } from "../rule.ts";

export const http: Meanings<"http"> = {
  "http.timeout": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "No complete HTTP answer in time",
    why: "The connection stands and the request was sent, but the answer did not come, or not to its end.",
    rivals: [
      "the application is slow, or waits for a dependency of its own",
      "a proxy on the way holds the answer back",
    ],
    next: [
      "The phases show where it stopped: before the first byte it is the application, after it the transfer.",
      "Ask with a larger timeoutMs: does it answer at all?",
    ],
  },
  "http.closed": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The connection ended before the answer was complete",
    why: "The request was sent, and the connection was closed instead of answered to the end.",
    rivals: [
      "the application crashed on this request",
      "a proxy or firewall cut the connection",
      "the server wants TLS on this port",
    ],
    next: [
      "Look at the log of the application, and of the proxy in front, at the time of the run.",
    ],
  },
  "http.malformed": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The answer is not HTTP",
    why: "What came back breaks the rules of HTTP.",
    rivals: ["another protocol on this port", "a proxy that mixes up two answers"],
    next: ["Which service listens on this port? A TCP probe tells whether it answers at all."],
  },
  "http.status": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The server reports an error of its own",
    why: "The network works up to HTTP: a server answered with a status of the 500 family.",
    rivals: ["502, 503 and 504 may come from a gateway in front, about the server behind it"],
    next: [
      "Who answered? The Server and Via headers and the body often name the gateway.",
      "Look at the log of that component at the time of the run.",
    ],
  },
  "http.client_error": {
    severity: "warn",
    blame: "configuration",
    confidence: "certain",
    title: "The server declines this request",
    why: "The network works up to HTTP: a server answered with a status of the 400 family.",
    rivals: [
      "401 without credentials is what a healthy, protected service says",
      "403 may come from the service's own firewall, about the address this app leaves from",
      "403 may also ask for a client certificate, where the site requires one and none was shown",
    ],
    next: [
      "If this status is what you expect, say so: expect.status=401.",
      "Does the service allow by address? /api/outbound shows from which addresses this app is seen.",
    ],
  },
  "http.redirect_loop": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The redirects go in a circle",
    why: "A redirect leads to a URL that was asked already.",
    rivals: ["the server sets a cookie on the way and expects it back"],
    next: [
      "A usual cause is a server that redirects http to https behind a proxy that ended TLS: does it look at X-Forwarded-Proto?",
    ],
  },
  "http.too_many_redirects": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "More redirects than allowed",
    why: "The chain of redirects is longer than follow= permits.",
    rivals: [],
    next: ["The hops show the way; a larger follow= goes further."],
  },
  "http.redirect_downgrade": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "A redirect leads from https to http",
    why: "The server points from a protected URL to one that is not; it was not followed.",
    rivals: [],
    next: [
      "Correct the URL the server redirects to: behind a proxy it may not know that it is https.",
    ],
  },
  "http.proxy_refused": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "The proxy does not open the tunnel",
    why: "The proxy was reached and answered CONNECT with a refusal; the target was not tried from here.",
    rivals: [
      "407: the proxy wants credentials, and Sonde sends none",
      "403: its rules do not allow this address or port",
      "502 to 504: the proxy itself cannot reach the target",
    ],
    next: [
      "Look at the log of the proxy at the time of the run.",
      "A proxy that decides by name cannot know it: Sonde asks for the judged address, not for the name.",
    ],
  },
  "http.not_upgraded": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "No WebSocket opens here",
    why: "The server was reached and did not answer the upgrade as RFC 6455 asks.",
    rivals: [
      "a proxy in front does not let Upgrade through: it is a header for one hop only",
      "WebSockets are switched off for the site",
      "the path is another one, or the server checks the Origin, which header= can send",
      "401 or 403: it wants to know who asks first",
    ],
    next: [
      "Ask the same path over https: who answers it?",
      "Is every hop in front set up for WebSockets?",
    ],
  },
};
