import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  encryption: z
    .enum(["offered", "refused"])
    .describe("What the server answered to the request for TLS"),
  error: z.string().optional().describe("What the server said instead, in its own words"),
});

const sheet = {
  name: "postgres",
  proves: "PostgreSQL answers",
  facts,
  headline: line(
    facts,
    "PostgreSQL",
    ["encryption"],
    ({ encryption }) => `PostgreSQL answers, TLS is ${encryption}`,
  ),
  lines: [
    line(facts, "TLS", ["encryption"], ({ encryption }) => encryption),
    line(facts, "Error", ["error"], ({ error }) => error),
  ],
  gauges: [],
  expect: {
    postgresTls: oneOf(facts, "encryption", "Whether PostgreSQL offers TLS: offered or refused"),
  },
} as const satisfies FactSheet<"postgres", typeof facts>;

/** SSLRequest: its own length, then a version that no protocol will ever have, 1234.5679. */
const sslRequest = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

const OFFERED = 0x53; // S
const REFUSED = 0x4e; // N
const ERROR = 0x45; // E

/** One octet back, https://www.postgresql.org/docs/current/protocol-flow.html "SSL Session Encryption". */
export const postgres: Service<typeof sheet> = {
  sheet,
  title: "PostgreSQL",
  schemes: {
    postgres: { port: 5432, tls: "upgrade", alsoOn: [6432] },
    postgresql: { port: 5432, tls: "upgrade" },
  },
  notProved: ["login and the database: without a user the server says nothing of either"],
  told: {
    sends: "`SSLRequest`, then a TLS handshake",
    leaves: "with `log_connections`, lines for a connection that was received and ended",
    triedOn: "PostgreSQL 15 of Debian, with and without TLS",
  },

  async greet(talk, { note }) {
    talk.say(sslRequest);
    const [octet] = await talk.octets(1);
    if (octet === OFFERED) {
      // Whatever follows in plain text was put there by somebody else (CVE-2021-23222).
      if (talk.left() > 0) throw malformed("PostgreSQL", "octets in plain text precede TLS");
      note({ encryption: "offered" });
      return "tls";
    }
    if (octet === REFUSED && talk.left() === 0) {
      note({ encryption: "refused" });
      return "done";
    }
    const error = octet === ERROR ? await errorIn(talk) : undefined;
    if (error === undefined) throw wrongProtocol(talk, "PostgreSQL");
    note({ error });
    throw new Failure("service.refused", `PostgreSQL answers with an error: ${error}`);
  },

  reproduce: ({ host, port }, place) => [
    `pg_isready -h ${host} -p ${port}`,
    `openssl s_client -starttls postgres -connect ${place}`,
  ],
};

/** An ErrorResponse: length, then fields of a letter and a text each. Old servers send the text alone. */
async function errorIn(talk: Talk): Promise<string | undefined> {
  const length = (await talk.octets(4)).readUInt32BE();
  if (length < 5 || length > 0x8000) return undefined;
  const fields = (await talk.octets(length - 4)).toString("utf8").split("\0");
  const message = fields.find((field) => field.startsWith("M"))?.slice(1);
  return message === undefined ? undefined : printable(Buffer.from(message), 200);
}
