import * as z from "zod";
import { isTrue, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { readDocument, type Value } from "../protocols/bson.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  wireVersion: z.int().describe("The newest version of the protocol it knows: 21 is MongoDB 7.0"),
  writable: z.boolean().describe("It is a primary, or stands alone"),
  replicaSet: z.string().optional(),
});

const sheet = {
  name: "mongodb",
  proves: "MongoDB answers",
  facts,
  headline: line(
    facts,
    "MongoDB",
    ["wireVersion"],
    ({ wireVersion }) => `MongoDB answers, wire version ${wireVersion}`,
  ),
  lines: [
    line(facts, "Wire version", ["wireVersion"], ({ wireVersion }) => String(wireVersion)),
    line(facts, "Writable", ["writable"], ({ writable }) => (writable ? "yes" : "no")),
    line(facts, "Replica set", ["replicaSet"], ({ replicaSet }) => replicaSet),
  ],
  gauges: [],
  expect: { mongoWritable: isTrue(facts, "writable", "Whether it is a primary, or stands alone") },
} as const satisfies FactSheet<"mongodb", typeof facts>;

const OP_MSG = 2013;
const REQUEST = 0x5344;

/** `{ hello: 1, $db: "admin" }`, the one command that is answered before any login. */
const hello = Buffer.from("\x1f\0\0\0\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0", "latin1");

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
export const mongodb: Service<typeof sheet> = {
  sheet,
  title: "MongoDB, Cosmos DB for MongoDB",
  schemes: {
    mongodb: { port: 27_017, tls: "never" },
    mongodbs: { port: 10_255, tls: "first" },
  },
  notProved: ["login, and the other members that a driver goes on to"],
  told: {
    sends: "`hello`",
    leaves: "with a high verbosity, lines for a connection that was accepted and ended",
    triedOn:
      "MockupDB 1.8, the stand-in of MongoDB's own makers (Debian), and octets by the specification",
  },

  async greet(talk, { note }) {
    const head = Buffer.alloc(21);
    head.writeUInt32LE(head.length + hello.length, 0);
    head.writeUInt32LE(REQUEST, 4);
    head.writeUInt32LE(OP_MSG, 12);
    talk.say(Buffer.concat([head, hello]));
    const answer = await talk.octets(16);
    const length = answer.readUInt32LE(0);
    const isOurs = answer.readUInt32LE(8) === REQUEST && answer.readUInt32LE(12) === OP_MSG;
    if (!isOurs || length < 26 || length > 0x10000) throw wrongProtocol(talk, "MongoDB");
    const body = await talk.octets(length - 16);
    const said = readDocument(body.subarray(5));
    const wireVersion = said.get("maxWireVersion");
    if (typeof wireVersion !== "number" || !Number.isInteger(wireVersion)) throw noIn(said);
    const set = said.get("setName");
    note({
      wireVersion,
      writable: said.get("isWritablePrimary") === true,
      ...(typeof set === "string" ? { replicaSet: printable(Buffer.from(set)) } : {}),
    });
    return "done";
  },

  reproduce: ({ scheme }, place) => [
    `mongosh 'mongodb://${place}/${scheme === "mongodbs" ? "?tls=true" : ""}' --eval 'db.hello()'`,
  ],
};

/** Servers before 4.4.2 do not know `hello` yet; others have reasons of their own, and words for them. */
function noIn(said: ReadonlyMap<string, Value>): Failure {
  const [error, code] = [said.get("errmsg"), said.get("code")];
  if (typeof error !== "string") return malformed("MongoDB", "hello has no maxWireVersion");
  const numbered = typeof code === "number" ? ` with error ${code}` : "";
  const text = printable(Buffer.from(error), 200);
  return new Failure("service.refused", `MongoDB answers${numbered}: ${text}`);
}
