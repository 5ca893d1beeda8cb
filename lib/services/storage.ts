import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { urlHost } from "../protocols/authority.ts";
import { readHead, writeHead, type Head } from "../protocols/http/head.ts";
import { printable } from "../protocols/speaks.ts";
import { wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const accesses = ["authentication", "firewall", "open", "unknown"] as const;

const facts = z.object({
  status: z.int().describe("Of the answer to a list that was asked for without a name"),
  errorCode: z.string().optional().describe("`x-ms-error-code`"),
  message: z.string().optional().describe("What the answer says beside its status"),
  server: z.string().optional(),
  access: z
    .enum(accesses)
    .describe("What stands before the data: who asks, from where, nothing, or something else"),
});

const says: Readonly<Record<(typeof accesses)[number], string>> = {
  authentication: "wants to know who asks",
  firewall: "does not admit this address",
  open: "shows its list to anybody",
  unknown: "answers",
};

const sheet = {
  name: "storage",
  proves: "Azure Storage answers",
  facts,
  headline: line(
    facts,
    "Storage",
    ["access", "status"],
    ({ access, status }) => `Azure Storage ${says[access]} (${status})`,
  ),
  lines: [
    line(facts, "Status", ["status", "errorCode"], (seen) => `${seen.status} ${seen.errorCode}`),
    line(facts, "Message", ["message"], ({ message }) => message),
    line(facts, "Server", ["server"], ({ server }) => server),
    line(facts, "Access", ["access"], ({ access }) => says[access]),
  ],
  gauges: [],
  expect: {
    storageAccess: oneOf(facts, "access", "authentication, firewall, open or unknown"),
  },
} as const satisfies FactSheet<"storage", typeof facts>;

/** Of a missing signature the emulator says AuthorizationFailure too, and in its message what it means. */
function accessIn(status: number, errorCode: string, message: string) {
  if (status === 200) return "open";
  if (/failed to authenticate/i.test(message)) return "authentication";
  if (errorCode === "AuthorizationFailure") return "firewall";
  return asksWho.has(errorCode) ? "authentication" : "unknown";
}

/**
 * What a request without a name meets behind the firewall. ResourceNotFound is said where single containers
 * may be public: the list itself is not.
 */
const asksWho = new Set([
  "NoAuthenticationInformation",
  "AuthenticationFailed",
  "PublicAccessNotPermitted",
  "ResourceNotFound",
]);

/** States of an account that are no matter of who asks. */
const refuses = new Set(["AccountIsDisabled", "AccountBeingCreated"]);

/** https://learn.microsoft.com/rest/api/storageservices: every answer has an id of the request, and a version. */
export const storage: Service<typeof sheet> = {
  sheet,
  title: "Azure Storage (blobs, files, queues, tables)",
  speaks: "http",
  schemes: { storage: { port: 443, tls: "first", alpn: ["http/1.1"], implied: false } },
  notProved: ["that a key, token or role is accepted, and that the container exists"],
  told: {
    sends: "`GET /?comp=list` without a name or key; of tables `GET /Tables`",
    leaves: "a request that was refused, in the account's logs and metrics where they are on",
    triedOn:
      "Azurite 3.35, Microsoft's emulator, by hand; its answers and those that the documentation has are replayed",
  },

  async greet(talk, { note, host }) {
    const head = await ask(talk, host);
    const seen = answerIn(head);
    note(seen);
    const { status, errorCode = "", message = "" } = seen;
    if (!head.headers.has("x-ms-request-id")) {
      const text = `a web server answers with ${status}, and not as Azure Storage does`;
      throw new Failure("service.wrong_protocol", text, { speaks: "http", wanted: "Storage" });
    }
    const access = accessIn(status, errorCode, message);
    note({ access });
    if (access === "firewall" || refuses.has(errorCode)) {
      throw new Failure("service.refused", `Azure Storage answers: ${status} ${errorCode}`);
    }
    return "done";
  },

  reproduce: ({ host }, place) => [
    `curl -i -H 'x-ms-version: ${VERSION}' 'https://${place}${pathFor(host)}'`,
  ],
};

/** From 2019-12-12 on the service says that it wants a name, and not only that something failed. */
const VERSION = "2021-12-02";

const pathFor = (host: string) => (/\.table\./.test(host) ? "/Tables" : "/?comp=list");

async function ask(talk: Talk, host: string): Promise<Head> {
  const more = { "user-agent": "Sonde", "x-ms-version": VERSION, connection: "close" };
  talk.say(writeHead(`GET ${pathFor(host)}`, { host: urlHost(host), ...more }));
  let bytes = Buffer.alloc(0);
  for (;;) {
    bytes = Buffer.concat([bytes, await talk.some()]);
    const head = readHead(bytes);
    if (head === "wrong") throw wrongProtocol(talk, "Azure Storage");
    if (head !== "more") return head;
  }
}

function answerIn({ status, statusText, headers }: Head) {
  const errorCode = shown(headers.get("x-ms-error-code"));
  const server = shown(headers.get("server"));
  const message = shown(statusText);
  return {
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(message === undefined ? {} : { message }),
    ...(server === undefined ? {} : { server }),
  };
}

const shown = (text = "") =>
  text === "" ? undefined : printable(Buffer.from(text, "latin1"), 200);
