import { domainToASCII } from "node:url";
import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { nameFault, reverseName } from "../protocols/dns/name.ts";
import { knownTypes, typeNumber } from "../protocols/dns/types.ts";
import { ask } from "../stages/ask.ts";
import { askSystem } from "../stages/ask-system.ts";
import type { Question } from "../stages/dialogue.ts";
import { resolve } from "../stages/resolve.ts";
import { urlHost, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";

const input = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(1024)
    .transform((text, check) => {
      const name = reverseName(text) ?? domainToASCII(text);
      const fault = name === "" ? "it is not a domain name" : nameFault(name);
      if (fault !== undefined) check.addIssue({ code: "custom", message: fault });
      return name;
    })
    .describe("The name to ask for; an address asks for its PTR record"),
  type: z
    .string()
    .toUpperCase()
    .refine((type) => typeNumber(type) !== undefined, {
      error: `use one of ${knownTypes.join(", ")}, or TYPE followed by a number`,
    })
    .optional()
    .describe("The record type; A unless the name is an address"),
  server: z
    .array(field.target({ schemes: { dns: 53, udp: 53, tcp: 53 }, otherwise: "dns" }, "A server"))
    .max(8)
    .default([])
    .describe(
      "Ask only these servers: address[:port], tcp://address; the default is all configured",
    ),
  tries: z.int().min(1).max(5).default(2).describe("Questions over UDP before silence is believed"),
  timeoutMs: field.timeoutMs,
});

type Asked = z.output<typeof input>;

/** Who is asked: the system resolver, or a server with the place it was configured in. */
type View = "system" | { readonly target: Target; readonly origin?: string };

const labelOf = (view: View) =>
  view === "system" ? view : `${urlHost(view.target.host)}:${view.target.port}`;

/** A little less than the whole, so that the stage ends by its own word and not by the trail's. */
const questionOf = ({ name, type, tries, timeoutMs }: Asked): Omit<Question, "transport"> => ({
  // A server is asked for exactly this name; only the system resolver has a search list.
  name: name.endsWith(".") ? name : `${name}.`,
  type: type ?? (/\.(in-addr|ip6)\.arpa\.?$/.test(name) ? "PTR" : "A"),
  tries,
  waitMs: Math.max(1, Math.floor((timeoutMs * 0.9) / tries)),
});

export const dns: Probe<typeof input> = {
  name: "dns",
  title: "Name resolution",
  summary: "Asks the system resolver and every configured or given server, each on its own.",
  input,
  stages: [ask, resolve],
  cost: "light",
  example: "name=localhost",

  async run(asked, trail) {
    const question = questionOf(asked);
    trail.plan([ask]);
    await trail.fork(
      "servers",
      viewsOf(asked, question.type, trail),
      labelOf,
      async (own, view) => {
        if (view === "system") {
          return own.take(askSystem, { name: asked.name, type: question.type });
        }
        const { target, origin } = view;
        const [peer] = target.isAddress
          ? own.here.admit({ ...place(target), kind: "dns", addresses: [target.host] })
          : await own.take(resolve, { target, kind: "dns" });
        const transport = target.scheme === "tcp" ? "tcp" : "udp";
        return peer && own.take(ask, { peer, origin, question: { ...question, transport } });
      },
    );
  },

  about(asked) {
    const { type } = questionOf(asked);
    const [first] = asked.server;
    const at = first === undefined ? "" : ` @${first.host} -p ${first.port}`;
    return {
      target: { input: asked.name, scheme: "dns", host: asked.name },
      notProved: ["that anything listens at the addresses"],
      reproduce: [`dig${at} ${asked.name} ${type}`],
    };
  },
};

const place = ({ host, port }: Target) => ({ host, port });

/** The servers that were named; or the system's view, where it can answer, and all configured ones. */
function viewsOf({ server }: Asked, type: string, { here }: Trail): View[] {
  if (server.length > 0) return server.map((target) => ({ target }));
  const system: View[] = ["A", "AAAA"].includes(type) ? ["system"] : [];
  const configured = here.resolvers.map(({ address, port, origin }) => ({
    target: literal(address, port),
    origin,
  }));
  return [...system, ...configured];
}

function literal(host: string, port: number): Target {
  return { input: host, scheme: "dns", host, isAddress: true, absolute: true, port, path: "/" };
}
