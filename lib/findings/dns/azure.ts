/** What Azure's own names and the control questions say about a failure. */
import type { Leaf } from "../../leaves.ts";
import { azureServiceOf, isPrivateLinkName } from "../../platform/private-link.ts";
import type { Rule } from "../rule.ts";
import { addressesOf, answered, denied, isLocal, nameOf, silent } from "./views.ts";

type Controls = NonNullable<NonNullable<Leaf["facts"]["control"]>["controls"]>;
type Control = Controls[number];

const controlsOf = ({ facts }: Leaf): Controls => facts.control?.controls ?? [];
const controlFor = (leaf: Leaf, purpose: Control["purpose"]) =>
  controlsOf(leaf).find((one) => one.purpose === purpose);
const isSilent = ({ outcome }: Control) =>
  ["timeout", "dns.timeout", "dns.unreachable"].includes(outcome) || outcome.startsWith("tcp.");

/** The zone exists for this server: an SOA record came. */
const stands = (control: Control | undefined) =>
  control?.outcome === "NOERROR" && control.data !== undefined;

/** The primary server that Azure writes into the SOA of every private DNS zone. */
const AZURE_PRIVATE = "azureprivatedns.net.";

export const azureRules: readonly Rule[] = [
  {
    code: "dns.azure_service",
    severity: "info",
    blame: "dns",
    confidence: "certain",
    basis: "documents",
    title: "An Azure service without a private endpoint on the way",
    why:
      "The name belongs to an Azure service, and its chain passes no privatelink name: nobody has a " +
      "private endpoint for it, or its zone answers for another name.",
    rivals: [],
    next: [
      "If private access is intended: make a private endpoint, and link its zone to the VNet.",
    ],
    when(leaf) {
      const found = azureServiceOf(nameOf(leaf));
      // Neither getaddrinfo nor c-ares shows the aliases on the way, and who did not answer shows nothing.
      if (isLocal(leaf) || !answered(leaf)) return undefined;
      const chain = leaf.facts.query?.chain ?? [];
      const isPublic = addressesOf(leaf).some((one) => one.class === "public");
      if (found === undefined || !isPublic || chain.some(isPrivateLinkName)) return undefined;
      const { service, privateZone } = found;
      return `${nameOf(leaf)} is ${service}; a private endpoint would need ${privateZone}`;
    },
  },
  {
    code: "dns.server_down",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "The server answers nothing at all",
    why: "Neither this question nor any control question was answered: it is down, or cut off from here.",
    rivals: ["a rule on the way discards port 53, both UDP and TCP"],
    next: ["Is the server up? Is there a route to it and back, and a rule that lets port 53 pass?"],
    when(leaf) {
      const controls = controlsOf(leaf);
      return silent(leaf) && controls.length > 0 && controls.every(isSilent)
        ? `${controls.length} control questions without an answer`
        : undefined;
    },
  },
  {
    code: "dns.silent_for_name",
    severity: "warn",
    blame: "dns",
    confidence: "likely",
    title: "The server is alive, and silent about this name",
    why: "It answers other questions: whoever it asks about this name does not answer it.",
    rivals: [
      "it discards some questions on purpose",
      "it was too slow for the patience of this run",
    ],
    next: ["Which servers does it forward this zone to? Are those up, and reachable from it?"],
    when(leaf) {
      const alive = controlsOf(leaf).filter(
        (one) => !isSilent(one) && ["the server itself", "a public name"].includes(one.purpose),
      );
      return silent(leaf) && alive.length > 0
        ? alive.map((one) => `${one.name} ${one.type}: ${one.outcome}`).join("; ")
        : undefined;
    },
  },
  {
    code: "dns.not_recursive",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    title: "The server does not look up names for others",
    why: "It answers for its own zones and declines a public name: as an app's name server it is not enough.",
    rivals: ["it does recurse, but not for this client", "it is not let out to the public servers"],
    next: ["Allow recursion for this app's subnet, or forward what it does not know to Azure DNS."],
    when(leaf) {
      const found = controlFor(leaf, "a public name");
      if (found === undefined || isSilent(found)) return undefined;
      const declined =
        found.outcome === "REFUSED" || (found.ra === false && found.data === undefined);
      return declined ? `${found.name} ${found.type}: ${found.outcome}` : undefined;
    },
  },
  {
    code: "dns.private_zone_only",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "The server knows the private-link zone, but not the public one that leads to it",
    why:
      "An application asks for the public name, whose alias leads into the private-link zone. A server " +
      "that is told of the second and not of the first never gets there.",
    rivals: ["the public zone could not be reached just now"],
    next: ["Forward the public zone to Azure DNS (168.63.129.16), not the private-link one."],
    when(leaf) {
      const publicZone = controlFor(leaf, "the public zone");
      const privateZone = controlFor(leaf, "the private-link zone");
      if (publicZone === undefined || stands(publicZone) || !stands(privateZone)) return undefined;
      return `${privateZone?.name} stands; ${publicZone.name}: ${publicZone.outcome}`;
    },
  },
  {
    code: "dns.record_missing",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    title: "The private zone is there, and holds no record for this name",
    why:
      "This server sees the private DNS zone. A zone that is linked answers for all of its names, so a " +
      "name without a record does not exist, even where the public DNS knows it.",
    rivals: ["the record stands in another zone of the same name, linked to another network"],
    next: [
      "Does the private endpoint have a DNS zone group? Make it again, or add the record by hand.",
      "For names of others: allow the zone's link to fall back to public DNS (NxDomainRedirect).",
    ],
    when(leaf) {
      if (answered(leaf) || !denied(leaf)) return undefined;
      const control = controlFor(leaf, "the private-link zone");
      const seen = leaf.facts.query?.authority?.find(
        ({ type, name, data }) =>
          type === "SOA" && isPrivateLinkName(name) && data.startsWith(AZURE_PRIVATE),
      );
      const zone =
        seen ?? (control?.data?.startsWith(AZURE_PRIVATE) === true ? control : undefined);
      return zone === undefined ? undefined : `${zone.name} is a private zone of Azure here`;
    },
  },
];
