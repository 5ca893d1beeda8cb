/** What the arriving request tells of the way it took. */
import type { FactSheet } from "../stage.ts";
import { facts, type Facts } from "./arrival.ts";
import * as demands from "./arrive-expect.ts";
import { line, oneOf } from "./read.ts";

function certificateLine(seen: NonNullable<Facts["clientCertificate"]>): string {
  const about = [
    seen.problem,
    seen.subject,
    seen.issuer === undefined ? undefined : `issued by ${seen.issuer}`,
    seen.validTo === undefined ? undefined : `until ${seen.validTo}`,
    seen.verification,
  ];
  return `${about.filter((part) => part !== undefined).join(", ")} (${seen.header})`;
}

function hopLine({
  kind,
  tls,
  tlsVersion,
  confidence: level,
  evidence,
}: Facts["hops"][number]): string {
  const leg = {
    none: "",
    unknown: "",
    plain: " over plain HTTP",
    tls: ` over TLS ${tlsVersion ?? ""}`,
  };
  return `${kind}${leg[tls].trimEnd()}, ${level}${evidence.length > 0 ? ` by ${evidence.join(", ")}` : ""}`;
}

/** `authorization: Bearer ***`, and what is known of each part that is withheld. */
function headerLine({ name, value, masked = [] }: Facts["headers"][number]): string {
  const about = masked.map((one) => `${one.length} characters, ${one.fingerprint}`).join("; ");
  return `${name}: ${value}${about === "" ? "" : ` (${about})`}`;
}

function judgedLines({ by, address, embedded, family, rules, reasons }: Judged): string[] {
  const hidden = embedded === undefined ? "" : `, which is ${embedded}`;
  return [
    `${address ?? "an unknown address"}${hidden}, ${family}, by ${by}`,
    ...(rules.length === 0
      ? family === "unknown"
        ? []
        : ["no kind of rule can match it"]
      : [`can be matched by rules of kind ${rules.join(", ")}`]),
    ...reasons,
  ];
}

type Judged = NonNullable<Facts["judged"]>;

function tlsEndLines(
  { at, again, clear, unseen, command }: Facts["tlsEnd"],
  hops: Facts["hops"],
): string[] {
  const sure = hops.find(({ kind }) => kind === at)?.confidence;
  const end = {
    nowhere: "the client spoke plain HTTP",
    unknown: "no header tells",
  };
  return [
    at === "nowhere" || at === "unknown"
      ? end[at]
      : `the client's TLS ended at ${at}${sure === undefined ? "" : `, ${sure}`}`,
    ...(again.length === 0 ? [] : [`over TLS again into ${again.join(", ")}`]),
    ...(clear.length === 0 ? [] : [`in the clear into ${clear.join(", ")}`]),
    ...(unseen === undefined ? [] : [`not to be seen in a request: ${unseen}`]),
    ...(command === undefined ? [] : [command]),
  ];
}

function signedInLine(seen: NonNullable<Facts["signedIn"]>): string {
  const parts = [
    seen.provider,
    seen.problem,
    seen.roles.length === 0 ? undefined : `roles ${seen.roles.join(", ")}`,
    seen.claims.length === 0 ? undefined : `${seen.claims.length} claims`,
    seen.tokens.length === 0 ? undefined : `tokens ${seen.tokens.join(", ")}`,
    seen.believed ? "the platform's word" : "a claim of whoever wrote the headers",
  ];
  return `${seen.by}: ${parts.filter((part) => part !== undefined).join("; ")}`;
}

export const arriveSheet = {
  name: "arrive",
  proves: "a request reaches this process",
  facts,
  headline: line(facts, "From", ["client"], ({ client }) =>
    client.address === undefined
      ? "from a client that no header names"
      : `from ${client.address} (${client.confidence})`,
  ),
  lines: [
    line(facts, "Request", ["method", "url"], (seen) => `${seen.method} ${seen.url}`),
    line(
      facts,
      "Public URL",
      ["publicUrl"],
      ({ publicUrl: { url, evidence, confidence } }) =>
        `${url}, ${confidence} by ${evidence.join(", ")}`,
    ),
    line(facts, "Client", ["client"], ({ client }) => [
      client.address === undefined ? "unknown" : `${client.address}, ${client.confidence}`,
      ...client.reasons,
    ]),
    line(facts, "Scheme", ["scheme"], ({ scheme }) => scheme),
    line(facts, "Hops", ["hops"], ({ hops }) => hops.map(hopLine)),
    line(facts, "Client certificate", ["clientCertificate"], ({ clientCertificate }) => [
      certificateLine(clientCertificate),
      clientCertificate.standing,
      ...(clientCertificate.command === undefined ? [] : [clientCertificate.command]),
    ]),
    line(facts, "Signed in", ["signedIn"], ({ signedIn }) => signedInLine(signedIn)),
    line(facts, "Judged", ["judged"], ({ judged }) => judgedLines(judged)),
    line(facts, "TLS ended", ["tlsEnd", "hops"], ({ tlsEnd, hops }) => tlsEndLines(tlsEnd, hops)),
    line(facts, "Affinity", ["affinity"], ({ affinity: { cookies, instance } }) =>
      [cookies.join(", "), ...(instance === undefined ? [] : [`of ${instance} instance`])].join(
        "; ",
      ),
    ),
    line(facts, "Trace", ["trace"], ({ trace: { id, parent, sampled, problem } }) =>
      id === undefined
        ? problem
        : `${id}, sent by span ${parent}, ${sampled === true ? "sampled" : "not sampled"}`,
    ),
    line(facts, "Cold start", ["coldStart"], ({ coldStart }) =>
      coldStart ? "this request waited for one" : undefined,
    ),
    line(facts, "Purpose", ["purpose"], ({ purpose }) => [
      `${purpose} of a platform, not a client: access restrictions do not apply to it`,
    ]),
    line(facts, "Headers", ["headers"], ({ headers }) => headers.map(headerLine)),
    line(facts, "Not shown", ["notShown"], ({ notShown }) => notShown),
  ],
  gauges: [],
  expect: {
    clientAddress: demands.clientAddress,
    arrivedScheme: oneOf(facts, "scheme", "The scheme the client used: http or https", [
      "http",
      "https",
    ]),
    publicHost: demands.publicHost,
    hop: demands.hop,
    header: demands.header,
    clientThumbprint: demands.clientThumbprint,
    fdid: demands.fdid,
    judgedAs: demands.judgedAs,
  },
} as const satisfies FactSheet<"arrive", typeof facts>;
