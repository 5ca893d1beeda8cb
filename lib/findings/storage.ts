import type { Rule } from "./rule.ts";

/** The firewall of a storage account answers as the account does, and says no to everybody. */
export const storageRules: readonly Rule[] = [
  {
    code: "service.storage_firewall",
    before: "service.refused",
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The firewall of the storage account refuses this address",
    why:
      "A request without a name was answered with AuthorizationFailure. An account that admits the address says " +
      "of such a request that it wants to know who asks; this is about where it comes from.",
    rivals: [
      "public network access is off, and the account takes private endpoints only",
      "a network security perimeter that the account belongs to",
    ],
    next: [
      "Does the name resolve to a private endpoint from here? /api/dns?name=NAME. If not, the call comes from a public address.",
      "Allow this app's subnet by a service endpoint, or its outbound address, in the account's firewall.",
    ],
    docs: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
    when: ({ facts: { storage } }) =>
      storage?.access === "firewall"
        ? `${storage.status} ${storage.errorCode}: ${storage.message ?? "no words"}`
        : undefined,
  },
];
