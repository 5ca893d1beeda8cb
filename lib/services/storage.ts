import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { readHead, writeHead, type Head } from "../protocols/http/head.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const answers = ["open", "wants authentication", "refused by its firewall", "unclear"] as const;

const facts = z.object({
  status: z.int(),
  errorCode: z.string().optional().describe("In Storage's own words, as in AuthorizationFailure"),
  answer: z
    .enum(answers)
    .describe(
      "What the account makes of a caller without a name: only the firewall is about where it is",
    ),
  server: z.string().optional().describe("As the server calls itself"),
});

const sheet = {
  name: "storage",
  proves: "a storage account answers",
  facts,
  headline: line(facts, "Storage", ["answer"], ({ answer }) => `Storage answers: ${answer}`),
  lines: [
    line(facts, "Answer", ["answer"], ({ answer }) => answer),
    line(facts, "Status", ["status"], ({ status }) => String(status)),
    line(facts, "Error", ["errorCode"], ({ errorCode }) => errorCode),
    line(facts, "Server", ["server"], ({ server }) => server),
  ],
  gauges: [],
  expect: {
    storageAnswer: oneOf(facts, "answer", `What an anonymous list meets: ${answers.join(", ")}`),
  },
} as const satisfies FactSheet<"storage", typeof facts>;

/** The network rules of the account; a missing role is AuthorizationPermissionMismatch. */
const firewall = new Set(["AuthorizationFailure"]);

/** https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
const anonymous = new Set([
  "AuthenticationFailed",
  "InvalidAuthenticationInfo",
  "KeyBasedAuthenticationNotPermitted",
  "NoAuthenticationInformation",
  "PublicAccessNotPermitted",
  "ResourceNotFound",
]);

/** As long as the error of Storage, many times over. */
const BODY = 4096;

/** https://learn.microsoft.com/rest/api/storageservices/list-containers2, by somebody without a name. */
export const storage: Service<typeof sheet> = {
  sheet,
  title: "Azure Storage",
  schemes: { storage: { port: 443, tls: "first", alpn: ["http/1.1"], shared: true } },
  notProved: ["that a credential is accepted, and that the container, share or queue exists"],
  told: {
    sends: "`GET /?comp=list` without a credential, the list of what the account holds",
    leaves: "with diagnostic settings, a line for an anonymous request that was refused",
    triedOn:
      "no real account: a server of the tests that gives back errors of Storage as reports of others quote them",
  },

  async greet(talk, { note, host }) {
    const head = { host, accept: "application/xml", connection: "close", "user-agent": "Sonde" };
    talk.say(writeHead("GET /?comp=list", head));
    const { answer, body } = await readAnswer(talk);
    const { status, headers } = answer;
    const errorCode = headers.get("x-ms-error-code") ?? codeIn(body);
    const server = headers.get("server");
    const known = headers.has("x-ms-request-id") || errorCode !== undefined;
    if (!known) throw new Failure("service.wrong_protocol", notStorage(answer), { speaks: "http" });
    const meant = answerOf(status, errorCode);
    note({
      status,
      answer: meant,
      ...(errorCode === undefined ? {} : { errorCode: clean(errorCode) }),
      ...(server === undefined ? {} : { server: clean(server) }),
    });
    if (meant !== "refused by its firewall") return "done";
    const message = `the firewall of the storage account does not admit this address: ${status} ${errorCode}`;
    throw new Failure("service.firewall", message, { status });
  },

  reproduce: (_target, place) => [`curl -i 'https://${place}/?comp=list'`],
};

function answerOf(status: number, code: string | undefined): (typeof answers)[number] {
  if (status === 200) return "open";
  if (code !== undefined && firewall.has(code)) return "refused by its firewall";
  return status === 401 || (code !== undefined && anonymous.has(code))
    ? "wants authentication"
    : "unclear";
}

function notStorage({ status }: Head): string {
  return `this port speaks http and answers ${status}, but not as Azure Storage does`;
}

/** The head, and what of the body came with it or behind it: the error code stands in both. */
async function readAnswer(talk: Talk): Promise<{ answer: Head; body: string }> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    bytes = Buffer.concat([bytes, await talk.some()]);
    const answer = readHead(bytes);
    if (answer === "wrong") throw wrongProtocol(talk, "HTTP");
    if (answer === "more") continue;
    const announced = Number(answer.headers.get("content-length") ?? 0);
    if (!Number.isSafeInteger(announced)) throw malformed("HTTP", "a length that is no number");
    const start = bytes.length - answer.rest;
    const whole = start + Math.min(announced, BODY);
    while (bytes.length < whole) bytes = Buffer.concat([bytes, await talk.some()]);
    return { answer, body: bytes.toString("latin1", start, whole) };
  }
}

function codeIn(body: string): string | undefined {
  return /<Code>([A-Za-z]{3,60})<\/Code>/.exec(body)?.[1];
}

function clean(text: string): string {
  return printable(Buffer.from(text, "latin1"));
}
