/** Front Door and Application Gateway, with the firewalls that they carry. */
import { headerOf, says, type Answer, type Refusal } from "./refusal.ts";

const frontDoor = "Azure Front Door";
const gateway = "Azure Application Gateway";

/** Front Door names each request; the same reference stands in its log. */
const reference = (answer: Answer) => {
  const id = headerOf(answer, "x-azure-ref");
  return id === undefined ? "" : `, x-azure-ref: ${id}`;
};

/** Front Door's own pages are all alike; one without its reference may be anybody's imitation. */
const page =
  (phrase: string): Refusal["sign"] =>
  (answer) => {
    const { headers = {}, body } = answer;
    const itsOwn = "x-azure-ref" in headers || (body?.text.includes("id='errorref'") ?? false);
    const found = says(phrase)(answer);
    return itsOwn && found !== undefined ? found + reference(answer) : undefined;
  };

const GATEWAY_MARK = "Microsoft-Azure-Application-Gateway";

/** By its page, or by the header alone where the answer has none; a backend's own Server is left as it is. */
const ownAnswer: Refusal["sign"] = (answer) => {
  const server = headerOf(answer, "server");
  return server?.startsWith(GATEWAY_MARK) === true
    ? `server: ${server}`
    : says(GATEWAY_MARK)(answer);
};

export const gateways: readonly Refusal[] = [
  {
    code: "http.frontdoor_unconfigured",
    by: frontDoor,
    basis: "unverified",
    statuses: [404],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "Front Door has no configuration for this host name",
    why: "A Front Door edge answered and knows no endpoint, domain or route for this Host.",
    rivals: [
      "the configuration is new: it takes minutes until every edge knows it",
      "the custom domain is not associated with a route",
    ],
    next: ["Is the domain associated with an enabled route? Ask again after some minutes."],
    sign: says("We weren't able to find your Azure Front Door Service configuration"),
  },
  {
    code: "http.frontdoor_unavailable",
    by: frontDoor,
    basis: "unverified",
    // 400 where the edge does not take the request to begin with.
    statuses: [400, 502, 503, 504],
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "Front Door could not get an answer from the origin",
    why: "The edge answered with its own page in the origin's place.",
    rivals: [
      "with status 400: the edge does not take this request, and asked no origin",
      "the certificate of the origin does not fit the origin host header",
      "the origin refuses the edge, by its firewall or its access restrictions",
      "the route does not accept the protocol that was used",
    ],
    next: [
      "Ask the origin itself with the host header that Front Door sends: hostHeader= and connectTo=.",
      "Front Door's access log has the reason under the reference that the page shows.",
    ],
    docs: "https://learn.microsoft.com/azure/frontdoor/troubleshoot-issues",
    sign: (answer) => {
      const found = says("Our services aren't available right now")(answer);
      return found === undefined ? undefined : found + reference(answer);
    },
  },
  {
    code: "http.frontdoor_blocked",
    by: frontDoor,
    basis: "unverified",
    statuses: [403],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The web application firewall of Front Door blocked the request",
    why: "The edge refused by a rule of its firewall; the origin was never asked.",
    rivals: [
      "a custom rule on address, country or rate",
      "a managed rule that takes the request for an attack",
    ],
    next: ["The firewall's log has the rule under the reference that the page shows."],
    docs: "https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-monitor",
    sign: page("The request is blocked."),
  },
  {
    code: "http.appgateway_blocked",
    by: gateway,
    basis: "unverified",
    statuses: [403],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "Application Gateway refuses the request",
    why: "The gateway answered 403 with a page of its own: its firewall blocks, and the backend was never asked.",
    rivals: [
      "a managed rule that takes the request for an attack",
      "a custom rule on address or country",
    ],
    next: ["The firewall's log of the gateway names the rule."],
    docs: "https://learn.microsoft.com/azure/application-gateway/http-response-codes",
    sign: ownAnswer,
  },
  {
    code: "http.appgateway_backend",
    by: gateway,
    basis: "unverified",
    statuses: [502, 504],
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "Application Gateway has no backend that answers",
    why: "We reached the gateway. It found no healthy backend, or the backend did not answer it in time.",
    rivals: [
      "the health probe gets another status than 200–399, or asks for the wrong host",
      "a security group, route or access restriction keeps the gateway from the backend",
      "the backend's certificate or its name is not what the gateway trusts",
      "the backend is slower than the gateway's request time-out, which is 20 s unless changed",
    ],
    next: [
      "Look at the backend health of the gateway.",
      "Ask the backend as the gateway's probe would: as=appgw.",
    ],
    docs: "https://learn.microsoft.com/azure/application-gateway/application-gateway-troubleshooting-502",
    sign: ownAnswer,
  },
];
