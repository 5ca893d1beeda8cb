import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { printable, speaks } from "../protocols/speaks.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { Target } from "../target.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  encryption: z
    .enum(["offered", "refused", "direct"])
    .describe("What the server answered to the request for TLS; direct where TLS came first"),
  error: z.string().optional().describe("What the server said instead, in its own words"),
});

const says = {
  offered: "is offered",
  refused: "is refused",
  direct: "comes before the first word",
} as const;

const sheet = {
  name: "postgres",
  proves: "PostgreSQL answers",
  facts,
  headline: line(
    facts,
    "PostgreSQL",
    ["encryption"],
    ({ encryption }) => `PostgreSQL answers, TLS ${says[encryption]}`,
  ),
  lines: [
    line(facts, "TLS", ["encryption"], ({ encryption }) => says[encryption]),
    line(facts, "Error", ["error"], ({ error }) => error),
  ],
  gauges: [],
  expect: {
    postgresTls: oneOf(
      facts,
      "encryption",
      "Whether PostgreSQL offers TLS: offered, refused or direct",
    ),
  },
} as const satisfies FactSheet<"postgres", typeof facts>;

/** SSLRequest: its own length, then a version that no protocol will ever have, 1234.5679. */
const sslRequest = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

/** The name of libpq's own parameter, so that a connection string says here what it says there. */
const isDirect = ({ path }: Target) => /[?&]sslnegotiation=direct(?:[&#]|$)/.test(path);

/** https://www.iana.org/assignments/tls-extensiontype-values: without it a server of 17 hangs up. */
const ALPN = "postgresql";

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
    sends:
      "`SSLRequest`, then a TLS handshake; where the server hangs up on that, or the target ends in " +
      "`?sslnegotiation=direct`, TLS with ALPN `postgresql` first and `SSLRequest` inside it",
    leaves: "with `log_connections`, lines for a connection that was received and ended",
    triedOn:
      "PostgreSQL 15 of Debian, with and without TLS, and behind HAProxy that begins with TLS; by hand on 17.10, " +
      "which answers `N` inside direct TLS",
  },

  async greet(talk, { note }) {
    if ((await ask(talk, note)) === REFUSED) {
      note({ encryption: "refused" });
      return "done";
    }
    // Whatever follows in plain text was put there by somebody else (CVE-2021-23222).
    if (talk.left() > 0) throw atOdds(talk);
    note({ encryption: "offered" });
    return "tls";
  },

  // Inside TLS the same question asks for nothing: that it is answered is what proves the server.
  direct: {
    on: "direct TLS",
    alpn: ALPN,
    isWanted: isDirect,
    async greet(talk, { note }) {
      await ask(talk, note);
      note({ encryption: "direct" });
      return "done";
    },
  },

  reproduce: (target, place) =>
    isDirect(target)
      ? [`openssl s_client -alpn ${ALPN} -connect ${place}`]
      : [
          `pg_isready -h ${target.host} -p ${target.port}`,
          `openssl s_client -starttls postgres -connect ${place}`,
        ],
};

/** SSH begins with an S as well. */
function atOdds(talk: Talk): Failure {
  return speaks(talk.opening()) === "unknown"
    ? malformed("PostgreSQL", "octets in plain text precede TLS")
    : wrongProtocol(talk, "PostgreSQL");
}

/** S or N; anything else is a no. */
async function ask(talk: Talk, note: (facts: { error: string }) => void): Promise<number> {
  talk.say(sslRequest);
  const [octet] = await talk.octets(1);
  if (octet === OFFERED || (octet === REFUSED && talk.left() === 0)) return octet;
  const error = octet === ERROR ? await errorIn(talk) : undefined;
  if (error === undefined) throw wrongProtocol(talk, "PostgreSQL");
  note({ error });
  throw new Failure("service.refused", `PostgreSQL answers with an error: ${error}`);
}

/** An ErrorResponse: length, then fields of a letter and a text each. Old servers send the text alone. */
async function errorIn(talk: Talk): Promise<string | undefined> {
  const length = (await talk.octets(4)).readUInt32BE();
  if (length < 5 || length > 0x8000) return undefined;
  const fields = (await talk.octets(length - 4)).toString("utf8").split("\0");
  const message = fields.find((field) => field.startsWith("M"))?.slice(1);
  return message === undefined ? undefined : printable(Buffer.from(message), 200);
}
