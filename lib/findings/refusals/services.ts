/** Azure services that refuse by their own firewall, and those that only want to know who asks. */
import { headerOf, says, type Answer, type Refusal } from "./refusal.ts";

const notProof =
  "a missing role is said in other words: this is about the address or the path, not about who asks";

const fix = [
  "Does the name resolve to a private endpoint from here? If not, the call comes from a public address.",
  "Allow this app's subnet by a service endpoint, or its outbound address, in the service's firewall.",
];

const seen = ({ seenAs }: Answer) => (seenAs === undefined ? "" : `, it saw us as ${seenAs}`);

/** What was found, with the address that the service says it saw. */
const witnessed =
  (sign: Refusal["sign"]): Refusal["sign"] =>
  (answer) => {
    const found = sign(answer);
    return found === undefined ? undefined : found + seen(answer);
  };

const firewall = {
  statuses: [403],
  severity: "fail",
  blame: "configuration",
  rivals: [notProof],
  next: fix,
} as const;

/** The challenge of RFC 9110 §11.6.1, or what Storage says to a caller without a name. */
function wantsIdentity(answer: Answer): string | undefined {
  const challenge = headerOf(answer, "www-authenticate");
  if (answer.status === 401 && challenge !== undefined) return `www-authenticate: ${challenge}`;
  const code = headerOf(answer, "x-ms-error-code");
  const anonymous = ["NoAuthenticationInformation", "PublicAccessNotPermitted"];
  return code !== undefined && anonymous.includes(code) ? `x-ms-error-code: ${code}` : undefined;
}

/** Whether an answer of the 400 family only asks who we are: the path to it works. */
export function provesPath(answer: Answer): boolean {
  return wantsIdentity(answer) !== undefined;
}

export const services: readonly Refusal[] = [
  {
    ...firewall,
    code: "http.vault_firewall",
    by: "Key Vault",
    basis: "documents",
    confidence: "certain",
    title: "The firewall of the key vault refuses this address",
    why: "The vault was reached. Its network rules do not allow the address that it saw.",
    docs: "https://learn.microsoft.com/azure/key-vault/general/network-security",
    sign: witnessed(says("ForbiddenByFirewall", "Client address is not authorized")),
  },
  {
    ...firewall,
    code: "http.vault_private_only",
    by: "Key Vault",
    basis: "documents",
    confidence: "certain",
    title: "The key vault accepts private endpoints only, and this path is the public one",
    why: "Public network access to the vault is off, and the request came over its public address.",
    next: [
      "Which address does the name have from here? With a private endpoint it must be a private one.",
      "Is the zone privatelink.vaultcore.azure.net linked to the network whose resolver answers here?",
    ],
    docs: "https://learn.microsoft.com/azure/key-vault/general/private-link-service",
    sign: says("ForbiddenByConnection", "Public network access is disabled"),
  },
  {
    ...firewall,
    code: "http.storage_firewall",
    by: "Azure Storage",
    basis: "documents",
    confidence: "likely",
    title: "The firewall of the storage account refuses this address",
    why:
      "AuthorizationFailure is what Storage answers when its network rules do not allow the caller; a " +
      "missing role is AuthorizationPermissionMismatch.",
    rivals: ["a shared access signature that is limited to other addresses or to other operations"],
    docs: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
    sign(answer) {
      // The emulator has the code for a missing signature as well.
      if (/failed to authenticate/i.test(answer.body?.text ?? "")) return undefined;
      return headerOf(answer, "x-ms-error-code") === "AuthorizationFailure"
        ? "x-ms-error-code: AuthorizationFailure"
        : says("<Code>AuthorizationFailure</Code>")(answer);
    },
  },
  {
    ...firewall,
    code: "http.cosmos_firewall",
    by: "Cosmos DB",
    basis: "documents",
    confidence: "certain",
    title: "The firewall of the Cosmos DB account refuses this address",
    why: "The account was reached. Its network rules do not allow the address that it saw.",
    docs: "https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-forbidden",
    sign: witnessed(
      says("blocked by your Cosmos DB account firewall", "Cosmos DB account firewall settings"),
    ),
  },
  {
    ...firewall,
    code: "http.registry_firewall",
    by: "Container Registry",
    basis: "documents",
    confidence: "certain",
    title: "The firewall of the container registry refuses this address",
    why: "The registry was reached. Its network rules do not allow the address that it saw.",
    docs: "https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks",
    sign: witnessed(
      (answer) =>
        /client with IP (?:address )?'[^']+' is not allowed access/i.exec(
          answer.body?.text ?? "",
        )?.[0],
    ),
  },
  {
    code: "http.unauthenticated",
    by: "a service that wants to know who asks",
    basis: "documents",
    statuses: [401, 409],
    severity: "info",
    blame: "caller",
    confidence: "certain",
    title: "The path works; who we are was not proved",
    why: "A protected service answered and asks for credentials. Sonde sends none, so this is as far as it goes.",
    rivals: ["a proxy in front asks, and the service behind it was not reached"],
    next: ["If 401 is what you expect, say so: expect.status=401."],
    sign: witnessed(wantsIdentity),
  },
];
