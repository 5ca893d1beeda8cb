import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const answers = [
  "accepted",
  "version refused",
  "client id refused",
  "unavailable",
  "bad credentials",
  "not authorised",
] as const;

const facts = z.object({
  answer: z.enum(answers).describe("What the server makes of a client without credentials"),
});

const sheet = {
  name: "mqtt",
  proves: "an MQTT server answers",
  facts,
  headline: line(facts, "MQTT", ["answer"], ({ answer }) => `MQTT answers: ${answer}`),
  lines: [line(facts, "CONNECT", ["answer"], ({ answer }) => answer)],
  gauges: [],
  expect: { mqttAnswer: oneOf(facts, "answer", "As in accepted, or not authorised") },
} as const satisfies FactSheet<"mqtt", typeof facts>;

/** CONNECT: MQTT 3.1.1, a clean session, ten seconds to keep it, and a name that says who that is. */
const connect = Buffer.from("\x10\x11\x00\x04MQTT\x04\x02\x00\x0a\x00\x05sonde", "latin1");
const disconnect = Buffer.of(0xe0, 0);

const CONNACK = 0x20;
const UNAVAILABLE = 3;

/** OASIS MQTT 3.1.1 §3.1, §3.2. */
export const mqtt: Service<typeof sheet> = {
  sheet,
  title: "MQTT",
  schemes: {
    mqtt: { port: 1883, tls: "never" },
    mqtts: { port: 8883, tls: "first" },
  },
  notProved: ["that a credential is accepted, and that messages flow"],
  told: {
    sends: "`CONNECT` as client `sonde` without credentials, then `DISCONNECT`",
    leaves: "a client that connected, or was refused; a client of the same name would be put out",
    triedOn: "Mosquitto 2.0 of Debian, open and closed to strangers",
  },

  async greet(talk, { note }) {
    talk.say(connect);
    const [type, length, , code = answers.length] = await talk.octets(4);
    const answer = answers[code];
    if (type !== CONNACK || length !== 2 || answer === undefined) throw wrongProtocol(talk, "MQTT");
    note({ answer });
    if (code === UNAVAILABLE) throw new Failure("service.refused", "MQTT answers: unavailable");
    if (answer === "accepted") talk.say(disconnect);
    return "done";
  },

  // A broker that has no such topic to show would be waited for without an end.
  reproduce: ({ host, port, scheme }) => [
    `mosquitto_sub -h ${host} -p ${port}${scheme === "mqtts" ? " --tls-use-os-certs" : ""} -t '$SYS/broker/version' -C 1 -W 5`,
  ],
};
