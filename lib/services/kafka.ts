import * as z from "zod";
import { line } from "../facts/read.ts";
import { wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  apis: z.int().describe("How many kinds of request the broker takes"),
  fetchVersion: z.int().optional().describe("The newest version of fetch it knows: how old it is"),
  error: z.int().describe("0 for none"),
});

const sheet = {
  name: "kafka",
  proves: "a Kafka broker answers",
  facts,
  headline: line(facts, "Kafka", ["apis"], ({ apis }) => `Kafka answers, ${apis} APIs`),
  lines: [
    line(facts, "APIs", ["apis"], ({ apis }) => String(apis)),
    line(facts, "Fetch", ["fetchVersion"], (seen) => `up to version ${seen.fetchVersion}`),
    line(facts, "Error", ["error"], ({ error }) => (error === 0 ? undefined : String(error))),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"kafka", typeof facts>;

const API_VERSIONS = 18;
const FETCH = 1;
const CORRELATION = 0x50_4e_44_45;

/** ApiVersions of version 0, which a broker answers before any login: https://kafka.apache.org/protocol */
export const kafka: Service<typeof sheet> = {
  sheet,
  title: "Kafka (Event Hubs)",
  schemes: {
    kafka: { port: 9092, tls: "never" },
    kafkas: { port: 9093, tls: "first" },
  },
  notProved: ["login, and the brokers that a client is sent to afterwards"],
  told: {
    sends: "`ApiVersions`",
    leaves: "a connection; with SASL one that ended before its login",
    triedOn: "the brokers of librdkafka's mock cluster (kcat of Debian)",
  },

  async greet(talk, { note }) {
    const request = Buffer.alloc(19);
    request.writeUInt32BE(15, 0);
    request.writeUInt16BE(API_VERSIONS, 4);
    request.writeUInt32BE(CORRELATION, 8);
    request.writeUInt16BE(5, 12);
    request.write("sonde", 14, "latin1");
    talk.say(request);
    const head = await talk.octets(8);
    const length = head.readUInt32BE(0);
    if (head.readUInt32BE(4) !== CORRELATION || length < 6 || length > 0x8000) {
      throw wrongProtocol(talk, "Kafka");
    }
    const body = await talk.octets(length - 4);
    const error = body.readInt16BE(0);
    // What is announced is not believed, but what is there is counted.
    note({ error, apis: Math.max(0, Math.floor((body.length - 6) / 6)) });
    for (let at = 6; at + 6 <= body.length; at += 6) {
      if (body.readUInt16BE(at) === FETCH) note({ fetchVersion: body.readUInt16BE(at + 4) });
    }
    return "done";
  },

  reproduce: ({ scheme }, place) => [
    `kcat -b ${place} -L${scheme === "kafkas" ? " -X security.protocol=ssl" : ""}`,
  ],
};
