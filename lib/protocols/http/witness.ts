/** What an answer tells about the caller and the way, beyond its status. Pure. */
import { formatAddress, parseAddress } from "../../policy/address.ts";

interface Refused {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
}

/** How services that refuse an address name it: Key Vault, Cosmos DB, Container Registry. */
const named: readonly RegExp[] = [
  /Client address: ([0-9a-f.:]{3,45})/i,
  /originated from (?:client )?IP ([0-9a-f.:]{3,45})/i,
  /client with IP (?:address )?'([0-9a-f.:]{3,45})'/i,
];

/** Key Vault says it in a header of every answer: `conn_type=Ipv4;addr=203.0.113.7;act_addr_fam=InterNetwork;`. */
const inVaultHeader = /\baddr=([0-9a-f.:]{3,45})/i;

/** The source address that a refusal states, as a canonical literal; App Service has a header for it. */
export function seenAsOf({ status, headers, text }: Refused): string | undefined {
  if (status !== 401 && status !== 403) return undefined;
  const last = (name: string) => [headers[name]].flat().at(-1);
  const inText = named.map((one) => one.exec(text)?.[1]).find((one) => one !== undefined);
  const inHeader = inVaultHeader.exec(last("x-ms-keyvault-network-info") ?? "")?.[1];
  const stated = (last("x-ms-forbidden-ip") ?? inText ?? inHeader)?.replace(/^\[|\]$/g, "");
  const address = stated === undefined ? undefined : parseAddress(stated);
  return address === undefined ? undefined : formatAddress(address);
}

export interface SignIn {
  /** The identity provider's host. */
  readonly server: string;
  /** Where the user comes back to, without its query. */
  readonly returnTo: string;
}

/** RFC 6749 §4.1.1: a redirect to an authorisation endpoint says where it leads back. */
export function signInOf(location: URL): SignIn | undefined {
  const back = URL.parse(location.searchParams.get("redirect_uri") ?? "");
  return back === null
    ? undefined
    : { server: location.host, returnTo: back.origin + back.pathname };
}
