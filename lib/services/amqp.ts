import * as z from "zod";
import { includes, line } from "../facts/read.ts";
import {
  HEADER,
  OLD_HEADER,
  readMechanisms,
  readStart,
  SASL_HEADER,
  versionOf,
} from "../protocols/amqp.ts";
import { upgradeOptions } from "../protocols/http/websocket.ts";
import { printable } from "../protocols/speaks.ts";
import { wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Target } from "../target.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  version: z.string().describe("Of the protocol: 1.0, or what the server offers instead"),
  mechanisms: z.array(z.string()).optional().describe("How it would authenticate (SASL)"),
  product: z.string().optional().describe("As the server calls itself, which 0-9-1 has it do"),
});

const sheet = {
  name: "amqp",
  proves: "an AMQP server answers",
  facts,
  headline: line(facts, "AMQP", ["version"], ({ version }) => `AMQP ${version} answers`),
  lines: [
    line(facts, "Version", ["version"], ({ version }) => version),
    line(facts, "Mechanisms", ["mechanisms"], ({ mechanisms }) => mechanisms.join(", ")),
    line(facts, "Product", ["product"], ({ product }) => product),
  ],
  gauges: [],
  expect: {
    amqpMechanism: includes(facts, "mechanisms", "A SASL mechanism that is offered, as in CBS"),
  },
} as const satisfies FactSheet<"amqp", typeof facts>;

const OLD = "0-9-1";

/** OASIS AMQP 1.0 part 5.3. A server that speaks another version answers with its own, and hangs up. */
export const amqp: Service<typeof sheet> = {
  sheet,
  title: "AMQP (Service Bus, Event Hubs, RabbitMQ)",
  schemes: {
    amqp: { port: 5672, tls: "never" },
    amqps: { port: 5671, tls: "first" },
    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
    amqpwss: {
      port: 443,
      implied: false,
      tls: "first",
      alpn: ["http/1.1"],
      webSocket: { path: "/$servicebus/websocket", subprotocol: "AMQPWSB10" },
    },
  },
  notProved: ["that a credential is accepted, and that the queue or topic exists"],
  told: {
    sends:
      "the header of AMQP 1.0 with SASL; that of 0-9-1, on a second connection, where the server asks for it; with `amqpwss` inside a WebSocket",
    leaves:
      "a line for a connection that ended before it was opened; RabbitMQ without its plugin for 1.0 logs a " +
      "bad header as an error",
    triedOn:
      "RabbitMQ 3.10 of Debian, with and without its plugin for 1.0, plain, over TLS, and behind a WebSocket of the tests",
  },

  async greet(talk, { note }) {
    const answer = await headerBack(talk, SASL_HEADER);
    note({ version: versionOf(answer) });
    if (!answer.equals(SASL_HEADER)) return versionOf(answer) === OLD ? "again" : "done";
    note({ mechanisms: (await readMechanisms(talk)).map(clean) });
    return "done";
  },

  again: {
    on: `AMQP ${OLD}`,
    async greet(talk, { note }) {
      talk.say(OLD_HEADER);
      note({ version: OLD });
      const { mechanisms, product } = await readStart(talk);
      note({
        mechanisms: mechanisms.map(clean),
        ...(product === undefined ? {} : { product: clean(product) }),
      });
      return "done";
    },
  },

  reproduce: (target, place) => commands[target.scheme]?.(place, target) ?? [],
};

const HEADER_TEXT = String.raw`printf 'AMQP\003\001\000\000'`;

type Command = (place: string, target: Target) => readonly string[];

const commands: Readonly<Record<string, Command>> = {
  amqp: (_place, { host, port }) => [`${HEADER_TEXT} | nc -w 3 ${host} ${port} | xxd`],
  amqps: (place) => [`${HEADER_TEXT} | openssl s_client -quiet -connect ${place} | xxd`],
  amqpwss: (place) => [
    `curl -i ${upgradeOptions("Sec-WebSocket-Protocol: AMQPWSB10")} 'https://${place}/$servicebus/websocket'`,
  ],
};

async function headerBack(talk: Talk, header: Buffer): Promise<Buffer> {
  talk.say(header);
  const answer = await talk.octets(HEADER);
  if (answer.toString("latin1", 0, 4) !== "AMQP") throw wrongProtocol(talk, "AMQP");
  return answer;
}

function clean(name: string): string {
  return printable(Buffer.from(name, "latin1"));
}
