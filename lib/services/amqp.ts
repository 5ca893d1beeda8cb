import * as z from "zod";
import { includes, line } from "../facts/read.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  version: z.string().describe("Of the protocol: 1.0, or what the server offers instead"),
  mechanisms: z.array(z.string()).optional().describe("How it would authenticate (SASL)"),
});

const sheet = {
  name: "amqp",
  proves: "an AMQP server answers",
  facts,
  headline: line(facts, "AMQP", ["version"], ({ version }) => `AMQP ${version} answers`),
  lines: [
    line(facts, "Version", ["version"], ({ version }) => version),
    line(facts, "Mechanisms", ["mechanisms"], ({ mechanisms }) => mechanisms.join(", ")),
  ],
  gauges: [],
  expect: {
    amqpMechanism: includes(facts, "mechanisms", "A SASL mechanism that is offered, as in CBS"),
  },
} as const satisfies FactSheet<"amqp", typeof facts>;

/** The name, then protocol 3, which is SASL, of version 1.0.0. */
const hello = Buffer.from("AMQP\x03\x01\x00\x00", "latin1");

const HEADER = 8;

/** OASIS AMQP 1.0 part 5.3. A server that speaks another version answers with its own, and hangs up. */
export const amqp: Service<typeof sheet> = {
  sheet,
  title: "AMQP (Service Bus, Event Hubs, RabbitMQ)",
  schemes: { amqp: { port: 5672, tls: "never" }, amqps: { port: 5671, tls: "first" } },
  notProved: ["that a credential is accepted, and that the queue or topic exists"],
  told: {
    sends: "the header of AMQP 1.0 with SASL",
    leaves:
      "a line for a connection that ended before it was opened; RabbitMQ warns of a bad header",
    triedOn: "no real server yet: octets by the specification",
  },

  async greet(talk, { note }) {
    talk.say(hello);
    const answer = await talk.octets(HEADER);
    if (answer.toString("latin1", 0, 4) !== "AMQP") throw wrongProtocol(talk, "AMQP");
    if (!answer.equals(hello)) {
      note({ version: versionOf(answer) });
      return "done";
    }
    note({ version: "1.0" });
    note({ mechanisms: await mechanismsOf(talk) });
    return "done";
  },

  reproduce: (_target, place) => [`openssl s_client -connect ${place}`],
};

/** `AMQP 0 0 9 1` is 0-9-1; of 1.0 the first number is the protocol above the transport. */
function versionOf(answer: Buffer): string {
  const [protocol, ...version] = answer.subarray(4);
  return protocol === 0 && version[0] === 0 ? version.join("-") : version.slice(0, 2).join(".");
}

/** A frame of type SASL with a list of symbols in it: part 2.3, part 1.6, part 5.3.3.1. */
async function mechanismsOf(talk: Talk): Promise<string[]> {
  const length = (await talk.octets(4)).readUInt32BE();
  if (length < HEADER || length > 4096) throw malformed("AMQP", `a frame of ${length} octets`);
  const frame = await talk.octets(length - 4);
  if (frame[1] !== 1) throw malformed("AMQP", "the frame after the header is not one of SASL");
  // A symbol is made of ASCII, and nothing else in this frame is as long as three such characters.
  const names = frame.toString("latin1", 4).match(/[A-Z][A-Z0-9_-]{2,19}/g) ?? [];
  return names.slice(0, 32);
}
