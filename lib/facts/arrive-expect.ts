/** What may be demanded of the way a request took, so that a pipeline can assert its inbound path. */
import { sourceFamilies } from "../ingress/judged.ts";
import { hopKinds } from "../ingress/seen.ts";
import type { Expectation, Known } from "../stage.ts";
import { facts } from "./arrival.ts";
import { inside } from "./inside.ts";
import { everyOneOf } from "./read.ts";
import { wrongIn } from "./vocabulary.ts";

export const clientAddress = inside(
  "client",
  "The client's address, or a prefix that holds it: 203.0.113.9,198.51.100.0/24",
  (seen) => [facts.shape.client.safeParse(seen["client"]).data?.address ?? []].flat(),
);

/**
 * All the listed values, separated by commas, must be among those that `pick` finds. `wrong` tells what can
 * never be among them.
 */
function among(
  key: keyof typeof facts.shape,
  summary: string,
  pick: (seen: Known) => readonly string[],
  wrong: (wanted: readonly string[]) => string | undefined,
): Expectation {
  return {
    summary,
    needs: [key],
    read(text) {
      const wanted = text.split(",").map((word) => word.trim().toLowerCase());
      const why = wrong(wanted);
      if (why !== undefined) return { wrong: why };
      return {
        wanted: wanted.join(" and "),
        actual: (seen) => pick(seen).join(", ") || "none",
        holds: (seen) => wanted.every((word) => pick(seen).includes(word)),
      };
    },
  };
}

const shapedAs = (shape: RegExp, what: string) => (wanted: readonly string[]) =>
  wrongIn(wanted) ?? (wanted.every((one) => shape.test(one)) ? undefined : `${what} is needed`);

export const hop = among(
  "hops",
  "Kinds of hop the request must have passed",
  (seen) => (facts.shape.hops.safeParse(seen["hops"]).data ?? []).map((one) => one.kind),
  (wanted) => wrongIn(wanted, hopKinds),
);

export const header = among(
  "headers",
  "Names of headers that must have arrived",
  (seen) =>
    (facts.shape.headers.safeParse(seen["headers"]).data ?? []).map((one) =>
      one.name.toLowerCase(),
    ),
  shapedAs(/^[\w!#$%&'*+.^`|~-]+$/, "the name of a header, without a value,"),
);

function printsIn(seen: Known): readonly string[] {
  const certificate = facts.shape.clientCertificate.safeParse(seen["clientCertificate"]).data;
  return [certificate?.sha1, certificate?.sha256].flatMap((one) => one ?? []);
}

/** With or without colons, in either case; a claim unless the platform demands a certificate. */
export const clientThumbprint: Expectation = {
  summary: "SHA-1 (Azure's thumbprint) or SHA-256 of the client certificate that was passed on",
  needs: ["clientCertificate"],
  read(text) {
    const wanted = text.replaceAll(/[:\s]/g, "").toLowerCase();
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(wanted)) {
      return { wrong: "40 or 64 hexadecimal digits are needed" };
    }
    return {
      wanted,
      actual: (seen) => printsIn(seen)[0] ?? "none",
      holds: (seen) => printsIn(seen).includes(wanted),
    };
  },
};

/** The id alone can be forged: it proves the way only where Front Door's addresses are demanded too. */
const ids = everyOneOf(facts, "hops", "The id of the Front Door profile", ({ hops }) =>
  hops.flatMap(({ kind, detail }) => (kind === "front-door" ? (detail?.["id"] ?? []) : [])),
);
export const fdid: Expectation = {
  ...ids,
  read: (text) =>
    text.split(",").every((id) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id.trim()))
      ? ids.read(text)
      : {
          wrong:
            "the id of a profile is needed: a GUID, as az afd profile show has it in frontDoorId",
        },
};

export const judgedAs = everyOneOf(
  facts,
  "judged",
  "How an access restriction sees the source: public, private, service-endpoint, private-endpoint",
  ({ judged }) => [judged.family],
  sourceFamilies,
);

export const publicHost = among(
  "url",
  "The host name that the client asked for",
  (seen) => {
    const outer = facts.shape.publicUrl.safeParse(seen["publicUrl"]).data?.url;
    const url = URL.parse(outer ?? facts.shape.url.safeParse(seen["url"]).data ?? "");
    return url === null ? [] : [url.hostname];
  },
  shapedAs(/^(?:[\w.-]+|\[[\da-f:.]+\])$/, "a host name, without scheme, port and path,"),
);
