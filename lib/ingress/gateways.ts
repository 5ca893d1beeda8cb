/** Hops that may stand in front of the platform: each tells of itself, and none can be proven. */
import { parseAddressList } from "./addresses.ts";
import { parseAzureRef } from "./azureref.ts";
import { type Headers, valueOf } from "./headers.ts";
import { detailOf, type Found, present, type Seen } from "./seen.ts";
import { parseVia } from "./via.ts";

/** In the order in which they usually stand, the client's side first. */
export function gateways(seen: Seen): readonly Found[] {
  return [
    ...viaProxies(seen.headers),
    ...frontDoor(seen),
    ...applicationGateway(seen.headers),
    ...apiManagement(seen.headers),
    ...staticWebApps(seen),
  ];
}

/** Published ranges of Front Door's backends; the service tag AzureFrontDoor.Backend is the authority. */
export function isFrontDoorAddress(address: string | undefined): boolean {
  return /^(?:147\.243\.|2a01:111:205[0-9a-f]:)/.test(address ?? "");
}

function viaProxies(headers: Headers): readonly Found[] {
  return parseVia(valueOf(headers, "via") ?? "")
    .filter((entry) => !isAzure(entry.by))
    .map((entry) => ({
      kind: "proxy",
      confidence: "claimed",
      evidence: ["via"],
      ...detailOf({ via: entry.by }),
    }));
}

function isAzure(pseudonym: string): boolean {
  return pseudonym.toLowerCase() === "azure";
}

function frontDoor({ headers, platform }: Seen): readonly Found[] {
  const via = parseVia(valueOf(headers, "via") ?? "").some((entry) => isAzure(entry.by));
  const names = ["x-azure-fdid", "x-azure-ref", "x-azure-socketip", "x-azure-requestchain"];
  const evidence = [...present(headers, names), ...(via ? ["via"] : [])];
  if (evidence.length === 0) return [];
  const id = valueOf(headers, "x-azure-fdid");
  const ref = parseAzureRef(valueOf(headers, "x-azure-ref") ?? "");
  // The id can be forged and all customers share the ranges: only both together say something.
  const likely =
    id !== undefined && platform.platform === "app-service" && cameFromFrontDoor(headers);
  const confidence = likely ? "likely" : "claimed";
  return [{ kind: "front-door", confidence, evidence, ...detailOf({ id, ...ref }) }];
}

function cameFromFrontDoor(headers: Headers): boolean {
  const peer = parseAddressList(valueOf(headers, "client-ip") ?? "").at(-1);
  return isFrontDoorAddress(peer?.address);
}

/** Its own id tells it apart; the first generation had none, but a pair of headers. */
function applicationGateway(headers: Headers): readonly Found[] {
  const id = valueOf(headers, "x-appgw-trace-id");
  const pair = present(headers, ["x-forwarded-port", "x-original-host"]);
  // ASP.NET Core also writes X-Original-Host, and always beside one of these.
  const framework = present(headers, ["x-original-for", "x-original-proto"]).length > 0;
  if (id === undefined && (pair.length < 2 || framework)) return [];
  return [
    {
      kind: "application-gateway",
      confidence: "claimed",
      evidence: [...(id === undefined ? [] : ["x-appgw-trace-id"]), ...pair],
      ...detailOf({ traceId: guid(id), host: valueOf(headers, "x-original-host") }),
    },
  ];
}

/** The gateway's logs write its id as a GUID. */
function guid(id: string | undefined): string | undefined {
  return id?.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, "$1-$2-$3-$4-$5");
}

/** It adds nothing that identifies it unless the owner tells it to. */
function apiManagement(headers: Headers): readonly Found[] {
  const evidence = present(headers, ["x-via-apim", "ocp-apim-subscription-key", "ocp-apim-trace"]);
  return evidence.length === 0 ? [] : [{ kind: "api-management", confidence: "claimed", evidence }];
}

function staticWebApps({ headers, platform }: Seen): readonly Found[] {
  const evidence = present(headers, ["x-ms-auth-token", "x-ms-original-url"]);
  if (evidence.length === 0) return [];
  // Its managed functions have a GUID for a name, and the front end writes that name.
  const name = valueOf(headers, "was-default-hostname") ?? "";
  const managed = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\./.test(name);
  return [
    {
      kind: "static-web-apps",
      confidence: managed && platform.platform === "app-service" ? "likely" : "claimed",
      evidence: managed ? [...evidence, "was-default-hostname"] : evidence,
    },
  ];
}
