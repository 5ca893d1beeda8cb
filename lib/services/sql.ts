import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { notTds, pack, readReply, types } from "../protocols/tds/packet.ts";
import {
  decodeHello,
  encodeHello,
  encryptions,
  productOf,
  type HelloReply,
} from "../protocols/tds/prelogin.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  dialect: z
    .enum(["TDS 7", "TDS 8"])
    .describe("TDS 7 begins in plain text, TDS 8 (strict) with TLS"),
  version: z.string().optional().describe("Of the product, such as 16.0.4135"),
  product: z.string().optional().describe("What a version of this number belongs to"),
  encryption: z
    .enum(encryptions)
    .describe("The server's policy: off encrypts the login only, required everything"),
  wantsCertificate: z.boolean().describe("The server asks for a client certificate"),
  instance: z.string().optional().describe("The instance that was asked for"),
  instanceMatches: z.boolean().optional().describe("Whether it is the one that answered"),
  mars: z.boolean().optional(),
  federatedAuth: z
    .boolean()
    .optional()
    .describe("Whether the server wants a login by Microsoft Entra ID where one is offered"),
});

const says: Readonly<Record<(typeof encryptions)[number], string>> = {
  off: "of the login only, unless the client asks for more",
  on: "of everything",
  "not-supported": "none",
  required: "of everything, required",
};

const inShort: typeof says = {
  off: "encrypts the login only, unless the client asks for more",
  on: "encrypts everything",
  "not-supported": "encrypts nothing",
  required: "requires encryption",
};

const sheet = {
  name: "sql",
  proves: "SQL Server answers",
  facts,
  headline: line(facts, "SQL Server", ["dialect", "encryption"], ({ dialect, encryption }) =>
    dialect === "TDS 8"
      ? "SQL Server answers inside TLS"
      : `SQL Server answers and ${inShort[encryption]}`,
  ),
  lines: [
    line(facts, "Version", ["version"], ({ version }) => version),
    line(facts, "Product", ["product"], ({ product }) => product),
    line(facts, "Dialect", ["dialect"], ({ dialect }) => dialect),
    line(facts, "Encryption", ["dialect", "encryption"], ({ dialect, encryption }) =>
      dialect === "TDS 8" ? "of everything, from the first octet" : says[encryption],
    ),
    line(facts, "Client certificate", ["wantsCertificate"], (seen) =>
      seen.wantsCertificate ? "asked for" : undefined,
    ),
    line(
      facts,
      "Instance",
      ["instance", "instanceMatches"],
      (seen) => `${seen.instance}: ${seen.instanceMatches ? "yes" : "another one answers here"}`,
    ),
    line(facts, "Entra ID", ["federatedAuth"], (seen) => (seen.federatedAuth ? "wanted" : "no")),
  ],
  gauges: [],
  expect: {
    sqlEncryption: oneOf(facts, "encryption", "off, on, not-supported or required"),
    sqlVersion: oneOf(facts, "version", "The version of the product, such as 16.0.4135"),
  },
} as const satisfies FactSheet<"sql", typeof facts>;

function factsIn({ version, fedAuth, ...reply }: HelloReply): Partial<z.infer<typeof facts>> {
  const product = version === undefined ? undefined : productOf(version);
  return {
    ...reply,
    ...(version === undefined ? {} : { version }),
    ...(product === undefined ? {} : { product }),
    ...(fedAuth === undefined ? {} : { federatedAuth: fedAuth }),
  };
}

export interface SqlHello {
  /** Inside TLS from the first octet, TDS 8. */
  readonly strict: boolean;
  readonly instance: string;
  /** A login by name and password follows, so no other kind is asked after. */
  readonly login: boolean;
}

/** The hello of SQL Server in one of its dialects. After `tls` the handshake travels inside TDS packets. */
export function sqlService({ strict, instance, login }: SqlHello): Service<typeof sheet> {
  return {
    sheet,
    title: "SQL Server, Azure SQL",
    speaks: "tds",
    mistaken: notTds,
    schemes: { sql: { port: 1433, alsoOn: [3342], tls: "upgrade" } },
    notProved: ["login", "redirect 11000–11999"],
    told: {
      sends:
        "the pre-login of TDS, then a TLS handshake; TLS with ALPN `tds/8.0` first where the server hangs up on a " +
        "plain pre-login; with `?instance=` a question to SQL Server Browser on UDP 1434 before; no login unless it " +
        "is asked for",
      leaves:
        "at most a line about a connection that ended before its login (17830 and the like); " +
        "`login=dummy` leaves a failed login in the audit and may wake a paused serverless database",
      triedOn:
        "no real SQL Server: a server of the tests, which tsql, python3-tds and tedious take for one",
    },

    async greet(talk, { note }) {
      note({ dialect: strict ? "TDS 8" : "TDS 7", ...(instance === "" ? {} : { instance }) });
      // Off gets the server's own policy out of it: on would be answered by on in most cases.
      const encryption = strict ? "not-supported" : "off";
      talk.say(pack(types.prelogin, encodeHello({ encryption, instance, fedAuth: !login })));
      const reply = decodeHello(await readReply(talk));
      // Inside TLS nothing is left to agree on; that a plain hello was not taken is the policy.
      note(factsIn(strict ? { ...reply, encryption: "required" } : reply));
      if (strict || reply.encryption === "not-supported") return "done";
      return reply.encryption === "off" ? "login-tls" : "framed-tls";
    },

    reproduce: ({ host, port }) => [
      `sqlcmd -S ${host},${port} -l 5 -U sonde -P none`,
      `tsql -H ${host} -p ${port} -U sonde -P none`,
    ],
  };
}

export const sql = sqlService({ strict: false, instance: "", login: false });
