import * as z from "zod";
import { Failure } from "../failure.ts";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { connect } from "../stages/connect.ts";
import { identity as asking } from "../stages/identity.ts";
import { resolve } from "../stages/resolve.ts";
import { parseTarget, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";

const input = z.strictObject({
  token: z
    .boolean()
    .default(false)
    .describe("Asks for a token for Resource Manager, which is never shown; else for nothing"),
  timeoutMs: field.timeoutMs,
});

const RESOURCE = "https://management.azure.com/";

/** The one probe without a target: whom it asks is written in the environment, never in the question. */
export const identity: Probe<typeof input> = {
  name: "identity",
  title: "Managed identity",
  summary: "Asks whether the endpoint that hands out tokens of the app's identity answers.",
  input,
  stages: [resolve, connect, asking],
  cost: "light",
  example: "token=false",

  async run({ token }, trail) {
    trail.plan([resolve, connect, asking]);
    const { endpoint, target } = endpointOf(trail);
    const wanted = { target, kind: "http", suite: "identity" } as const;
    const peers = await trail.take(resolve, wanted);
    await trail.fork(
      "addresses",
      peers,
      (peer) => peer.address,
      async (own, peer) => {
        using wire = await own.take(connect, peer);
        await own.take(asking, { wire, endpoint, resource: token ? RESOURCE : undefined });
      },
    );
  },

  about: ({ token }) => ({
    notProved: token
      ? ["that the identity may do anything: roles are the service's to check"]
      : ["that a token would be handed out: none was asked for"],
    reproduce: [
      `curl -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=${RESOURCE}"`,
    ],
  }),
};

function endpointOf(trail: Trail): { readonly endpoint: URL; readonly target: Target } {
  const text = trail.here.environment["IDENTITY_ENDPOINT"] ?? "";
  const endpoint = URL.parse(text);
  const target = parseTarget(text, { schemes: { http: 80 } });
  if (endpoint === null || "wrong" in target) {
    throw new Failure("identity.absent", "IDENTITY_ENDPOINT names no endpoint here");
  }
  return { endpoint, target };
}
