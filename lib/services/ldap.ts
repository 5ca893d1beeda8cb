import * as z from "zod";
import { includes, isTrue, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import {
  readResult,
  rootRequest,
  START_TLS,
  startTlsRequest,
  type Result,
  type Attributes,
} from "../protocols/ldap.ts";
import { printable } from "../protocols/speaks.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  namingContexts: z.array(z.string()).describe("The trees it holds"),
  host: z.string().optional().describe("As the server calls itself, which Active Directory does"),
  vendor: z.string().optional(),
  starttls: z
    .boolean()
    .describe("Whether TLS is offered in mid-conversation, and not refused then"),
  starttlsRefusal: z
    .string()
    .optional()
    .describe("How the server refused the StartTLS that it offers"),
});

const sheet = {
  name: "ldap",
  proves: "an LDAP server answers",
  facts,
  headline: line(facts, "LDAP", ["namingContexts"], ({ namingContexts }) =>
    namingContexts.length === 0 ? "LDAP answers" : `LDAP answers for ${namingContexts.join(", ")}`,
  ),
  lines: [
    line(facts, "Naming contexts", ["namingContexts"], ({ namingContexts }) => namingContexts),
    line(facts, "Host", ["host"], ({ host }) => host),
    line(facts, "Vendor", ["vendor"], ({ vendor }) => vendor),
    line(facts, "StartTLS", ["starttls"], ({ starttls }) => (starttls ? "offered" : "not offered")),
    line(facts, "Refused", ["starttlsRefusal"], (seen) => `StartTLS, by ${seen.starttlsRefusal}`),
  ],
  gauges: [],
  expect: {
    ldapStarttls: isTrue(facts, "starttls", "Whether LDAP offers StartTLS"),
    ldapContext: includes(facts, "namingContexts", "A tree that the server holds"),
  },
} as const satisfies FactSheet<"ldap", typeof facts>;

const wanted = [
  "namingContexts",
  "dnsHostName",
  "vendorName",
  "vendorVersion",
  "supportedExtension",
];

/** RFC 4511: the root entry without a bind, then StartTLS where it is offered. */
export const ldap: Service<typeof sheet> = {
  sheet,
  title: "LDAP, Active Directory",
  schemes: { ldap: { port: 389, tls: "upgrade" }, ldaps: { port: 636, tls: "first" } },
  notProved: ["a bind, and what may be read after it"],
  told: {
    sends: "a search for the root entry without a bind, then `StartTLS` where it is offered",
    leaves: "an anonymous search in the access log",
    triedOn: "OpenLDAP (slapd 2.5) of Debian",
  },

  async greet(talk, { note, scheme }) {
    talk.say(rootRequest(1, wanted));
    let root: Attributes = new Map();
    const result = await readResult(talk, (entry) => (root = entry));
    if (result.code !== 0) {
      const { code } = result;
      throw new Failure("service.refused", `LDAP answers with ${worded(result)}`, { code });
    }
    const first = (name: string) => root.get(name)?.map(clean)[0];
    const host = first("dnsHostName");
    const vendor = first("vendorName");
    const starttls = root.get("supportedExtension")?.includes(START_TLS) === true;
    note({
      namingContexts: (root.get("namingContexts") ?? []).map(clean),
      starttls,
      ...(host === undefined ? {} : { host }),
      ...(vendor === undefined ? {} : { vendor }),
    });
    if (!starttls || scheme === "ldaps") return "done";
    talk.say(startTlsRequest(2));
    // A server may offer it and have no certificate: that is an answer, and no break.
    const agreed = await readResult(talk, () => {});
    if (agreed.code === 0) return "tls";
    note({ starttls: false, starttlsRefusal: worded(agreed) });
    return "done";
  },

  reproduce: ({ scheme }, place) => [
    `ldapsearch -x -H ${scheme}://${place} -s base -b '' namingContexts supportedExtension`,
  ],
};

function clean(text: string): string {
  return printable(Buffer.from(text), 100);
}

function worded({ code, message }: Result): string {
  return message === ""
    ? `result ${code}`
    : `result ${code}: ${printable(Buffer.from(message), 200)}`;
}
