import * as z from "zod";
import { line, isTrue } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  version: z.string().describe("As the server calls itself"),
  plugin: z.string().optional().describe("How it would authenticate"),
  tls: z.boolean().describe("Whether it offers TLS"),
});

const sheet = {
  name: "mysql",
  proves: "MySQL answers",
  facts,
  headline: line(facts, "MySQL", ["version"], ({ version }) =>
    version.includes("MariaDB") ? `MariaDB answers, ${version}` : `MySQL answers, ${version}`,
  ),
  lines: [
    line(facts, "Version", ["version"], ({ version }) => version),
    line(facts, "Authentication", ["plugin"], ({ plugin }) => plugin),
    line(facts, "TLS", ["tls"], ({ tls }) => (tls ? "offered" : "not offered")),
  ],
  gauges: [],
  expect: { mysqlTls: isTrue(facts, "tls", "Whether MySQL offers TLS") },
} as const satisfies FactSheet<"mysql", typeof facts>;

const HANDSHAKE_10 = 10;
const ERROR = 0xff;

/** Capabilities: TLS, the protocol since 4.1, and its way to authenticate. */
const SSL = 0x800;
const OURS = SSL | 0x200 | 0x8000;

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html */
export const mysql: Service<typeof sheet> = {
  sheet,
  title: "MySQL, MariaDB",
  schemes: { mysql: { port: 3306, tls: "upgrade" } },
  notProved: ["login and the database: the server greets before it knows who asks"],
  told: {
    sends: "nothing; where the greeting offers TLS, `SSLRequest` and a TLS handshake",
    leaves:
      "an aborted connection, which counts to `max_connect_errors` (100 by default): after so many in " +
      "a row the server blocks the address this app leaves from, so it is never repeated by itself",
    triedOn: "MariaDB 10.11 of Debian, with and without TLS, and until it blocked our address",
  },

  async greet(talk, { note }) {
    const greeting = await packetOf(talk);
    if (greeting[0] === ERROR) throw refusalIn(greeting);
    if (greeting[0] !== HANDSHAKE_10) throw wrongProtocol(talk, "MySQL");
    const { version, plugin, tls } = readGreeting(greeting);
    note({ version, tls, ...(plugin === undefined ? {} : { plugin }) });
    if (!tls) return "done";
    const request = Buffer.alloc(36);
    request.writeUIntLE(32, 0, 3);
    request[3] = 1; // the second packet of this conversation
    request.writeUInt32LE(OURS, 4);
    request.writeUInt32LE(0x100_0000, 8);
    request[12] = 45; // utf8mb4
    talk.say(request);
    return "tls";
  },

  reproduce: ({ host, port }, place) => [
    `mysqladmin -h ${host} -P ${port} ping`,
    `openssl s_client -starttls mysql -connect ${place}`,
  ],
};

/** Three octets of length, a number that starts at 0, the rest. */
async function packetOf(talk: Talk): Promise<Buffer> {
  const header = await talk.octets(4);
  const length = header.readUIntLE(0, 3);
  if (header[3] !== 0 || length < 3 || length > 4096) throw wrongProtocol(talk, "MySQL");
  return talk.octets(length);
}

function readGreeting(bytes: Buffer) {
  const end = bytes.indexOf(0, 1);
  // Thread, eight octets of a challenge, a zero, then the lower half of the capabilities.
  const at = end + 1 + 4 + 8 + 1;
  if (end < 0 || bytes.length < at + 2) throw malformed("MySQL", "the greeting is cut short");
  // MariaDB puts 5.5.5- before its own version, for old replicas of MySQL.
  const version = printable(bytes.subarray(1, end)).replace(/^5\.5\.5-(?=.*MariaDB)/, "");
  const tls = (bytes.readUInt16LE(at) & SSL) !== 0;
  const last = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
  const plugin = /[a-z0-9_]{4,60}$/.exec(last.toString("latin1"))?.[0];
  return { version, tls, plugin };
}

/** Among them 1129, an address that is blocked, and 1130, one that is not admitted. */
function refusalIn(bytes: Buffer): Failure {
  const number = bytes.readUInt16LE(1);
  const said = printable(bytes.subarray(3).subarray(bytes[3] === 0x23 ? 6 : 0), 200);
  return new Failure("service.refused", `MySQL answers with error ${number}: ${said}`, { number });
}
