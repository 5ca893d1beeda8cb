/** App Service: what its front ends say instead of the application. */
import { headerOf, says, type Refusal } from "./refusal.ts";

const by = "the App Service front end";

/** The addresses a service endpoint shows instead of the VNet's own: from fd00::/8, RFC 4193. */
const throughServiceEndpoint = /^\[?fd/i;

const restrictions = "https://learn.microsoft.com/azure/app-service/overview-access-restrictions";

export const appService: readonly Refusal[] = [
  {
    code: "http.address_forbidden",
    by,
    basis: "unverified",
    statuses: [403],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The site's access restrictions do not know this source address",
    why: "The front end refused before the application was asked, and names the address it saw.",
    rivals: [
      "public access to the site is off, because it has a private endpoint, and this path is the public one",
      "the rule is there for the site, but not for its SCM site, or the other way round",
    ],
    next: [
      "Allow the address that is named, or let this app leave from one that is allowed already.",
      "Does the name resolve to a public address, although the site has a private endpoint?",
    ],
    docs: restrictions,
    sign(answer) {
      const address = headerOf(answer, "x-ms-forbidden-ip");
      return address === undefined || throughServiceEndpoint.test(address)
        ? undefined
        : `x-ms-forbidden-ip: ${address}`;
    },
  },
  {
    code: "http.subnet_forbidden",
    by,
    basis: "unverified",
    statuses: [403],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The site's access restrictions do not know the subnet we come from",
    why:
      "The front end refused and names an IPv6 address from fd00::/8: that is how it sees a caller whose " +
      "subnet has a service endpoint for Microsoft.Web. A rule for an IP address can never match it.",
    rivals: [
      "the call came through a private endpoint, whose callers are shown in this range as well",
      "public access to the site is off",
    ],
    next: [
      "Add a rule for the virtual network and subnet, not for an address.",
      "Or remove the service endpoint Microsoft.Web from the integration subnet, if it is not wanted.",
    ],
    docs: restrictions,
    sign(answer) {
      const address = headerOf(answer, "x-ms-forbidden-ip") ?? "";
      return throughServiceEndpoint.test(address) ? `x-ms-forbidden-ip: ${address}` : undefined;
    },
  },
  {
    code: "http.site_stopped",
    by,
    basis: "documents",
    statuses: [403],
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The web app is stopped",
    why: "The front end knows the site and says that it is stopped: nothing of the network is wrong.",
    rivals: [
      "the plan has used up a quota for today, and the platform stopped it",
      "the subscription has reached its spending limit",
    ],
    next: ["What does the portal show as the state of the app: stopped, or quota exceeded?"],
    docs: "https://learn.microsoft.com/troubleshoot/azure/app-service/faqs-app-service-linux",
    sign: says("This web app is stopped"),
  },
  {
    code: "http.site_unknown",
    by,
    basis: "unverified",
    statuses: [404],
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The platform does not know this host name",
    why: "An App Service stamp answered, and no site there has this name.",
    rivals: [
      "the custom domain was never added to the app, or was removed",
      "DNS leads to another stamp, or to a private endpoint of another app",
      "the app was deleted, and its name still points here",
    ],
    next: [
      "Is the host name among the custom domains of the app? Behind a proxy: which Host does it send on?",
      "Ask the app's own azurewebsites.net name: does that one answer?",
    ],
    sign: says("404 Web Site not found"),
  },
];
