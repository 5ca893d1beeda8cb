import type { BuiltIn } from "./built-in.ts";

export const identitySuite: BuiltIn = {
  name: "identity",
  title: "Managed identity",
  summary:
    "Whether the endpoint that hands out tokens of the app's identity answers. A token is asked for only with token=1, and never shown.",
  sources: [
    "https://learn.microsoft.com/azure/app-service/overview-managed-identity",
    "https://learn.microsoft.com/azure/container-apps/managed-identity",
  ],
  notProved: [
    "that the identity may do anything: roles are the service's to check",
    "the way from the endpoint to Microsoft Entra ID, unless a token was asked for",
  ],
  nothing: "IDENTITY_ENDPOINT is not set: this app has no managed identity, or none that is shown",
  checks: ({ environment, token }) =>
    (environment["IDENTITY_ENDPOINT"] ?? "") === ""
      ? []
      : [
          {
            name: token ? "a token for Resource Manager" : "the endpoint answers",
            probe: "identity",
            input: { token },
          },
        ],
};
