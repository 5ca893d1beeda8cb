import { dependenciesIn, targetOf } from "../../platform/dependencies.ts";
import { azureServiceOf } from "../../platform/private-link.ts";
import type { BuiltIn, Written } from "./built-in.ts";

export const privateEndpoints: BuiltIn = {
  name: "private-endpoints",
  title: "Private endpoints",
  summary:
    "Every Azure service in the settings: does its name lead to a private address here, and does that answer?",
  sources: [
    "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    "https://learn.microsoft.com/azure/azure-functions/functions-networking-options",
  ],
  notProved: [
    "that private access is meant: a public address is told as a warning, since nobody said which services have an endpoint",
    "that the endpoint's connection is approved: one that is not answers like one that does not exist",
    "access: the services are asked without credentials",
  ],
  readsSettings: true,
  nothing: "no setting names an Azure service that can have a private endpoint",
  checks({ settings }) {
    const places = dependenciesIn(settings).flatMap((one) => one.places);
    const known = places.filter(({ host }) => azureServiceOf(host) !== undefined);
    const hosts = [...new Set(known.map(({ host }) => host))];
    return [
      ...hosts.map((host): Written => ({
        name: `private address: ${host}`,
        probe: "dns",
        input: { name: host },
        expect: { answerClass: "private" },
        level: "warn",
      })),
      ...[...new Set(known.map(targetOf))].map((target): Written => ({
        name: `answers: ${target}`,
        target,
      })),
    ];
  },
};
