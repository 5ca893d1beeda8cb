import * as z from "zod";
import { Failure } from "../failure.ts";
import { line, oneOf } from "../facts/read.ts";
import { printable } from "../protocols/speaks.ts";
import { wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  reply: z.string().describe("What came back to PING: `PONG`, or the error as the server words it"),
  authentication: z
    .enum(["none", "required", "unknown"])
    .describe("Whether the server wants a password before it answers"),
});

const sheet = {
  name: "redis",
  proves: "Redis answers",
  facts,
  headline: line(facts, "Redis", ["authentication"], ({ authentication }) =>
    authentication === "required" ? "Redis answers and wants a password" : "Redis answers",
  ),
  lines: [
    line(facts, "PING", ["reply"], ({ reply }) => reply),
    line(facts, "Authentication", ["authentication"], (seen) => seen.authentication),
  ],
  gauges: [],
  expect: {
    redisAuth: oneOf(facts, "authentication", "Whether Redis wants a password: none or required"),
  },
} as const satisfies FactSheet<"redis", typeof facts>;

/** Errors by which a server that is alive keeps its data to itself. */
const wantsPassword = /^-(?:NOAUTH|WRONGPASS|NOPERM)\b/;

/** RESP, https://redis.io/docs/latest/develop/reference/protocol-spec/: an inline array, a line back. */
export const redis: Service<typeof sheet> = {
  sheet,
  title: "Redis",
  schemes: {
    redis: { port: 6379, tls: "never" },
    rediss: { port: 6380, alsoOn: [10_000], tls: "first" },
  },
  notProved: ["that a password is accepted, and that commands other than PING work"],
  told: {
    sends: "`PING`, then `QUIT`",
    leaves: "nothing; the connection counts in `total_connections_received`",
    triedOn: "Redis 7.0 of Debian, plain, with a password, over TLS",
  },

  async greet(talk, { note }) {
    talk.say("*1\r\n$4\r\nPING\r\n");
    const said = await talk.line();
    if (!/^[+-][A-Za-z]/.test(said) || said.startsWith("+OK")) throw wrongProtocol(talk, "Redis");
    const reply = printable(Buffer.from(said.slice(1), "latin1"), 200);
    note({ reply });
    if (said === "+PONG") note({ authentication: "none" });
    else if (wantsPassword.test(said)) note({ authentication: "required" });
    else if (said.startsWith("-")) {
      note({ authentication: "unknown" });
      throw new Failure("service.refused", `Redis answers: ${reply}`);
    } else throw wrongProtocol(talk, "Redis");
    talk.say("*1\r\n$4\r\nQUIT\r\n");
    return "done";
  },

  reproduce: ({ host, port, scheme }, place) => [
    `redis-cli -h ${host} -p ${port}${scheme === "rediss" ? " --tls" : ""} ping`,
    ...(scheme === "rediss" ? [`openssl s_client -connect ${place}`] : []),
  ],
};
