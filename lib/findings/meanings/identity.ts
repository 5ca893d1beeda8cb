import type { Meanings } from "../rule.ts";

export const identity: Meanings<"identity"> = {
  "identity.absent": {
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "This app is shown no managed identity",
    why: "The platform names the endpoint of an identity in IDENTITY_ENDPOINT. It does not do so here.",
    rivals: ["the identity was assigned after this process had started"],
    next: ["Assign an identity to the app, then restart it."],
    docs: "https://learn.microsoft.com/azure/app-service/overview-managed-identity",
  },
  "identity.no_token": {
    severity: "fail",
    blame: "platform",
    confidence: "likely",
    basis: "documents",
    title: "The identity endpoint hands out no token",
    why: "The endpoint was reached and answered, and no token was in its answer. It has to fetch one from Microsoft Entra ID itself, by the platform's own way out.",
    rivals: [
      "the identity was removed, or several are assigned and none was named",
      "the endpoint cannot reach Microsoft Entra ID: on Container Apps that traffic takes the environment's routes",
      "the identity is new, and not known everywhere yet",
    ],
    next: [
      "What the endpoint said stands above: an unknown identity reads otherwise than a network that is shut.",
      "On Container Apps: is login.microsoftonline.com let out by the route table and the firewall?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/overview-managed-identity",
  },
};
