/**
 * Writes docs/findings.md out of the rules, and fails when the page is not what they say.
 * `npx vitest run test/findings/docs.test.ts -u` writes it anew.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { catalogue, type Entry } from "../../lib/findings/catalogue.ts";
import { rules } from "../../lib/findings/index.ts";

const intro = `# Findings

Every conclusion that Sonde can draw. Codes are stable: new ones are added, none is renamed. A _failure_ ended a
step, or the whole way to one address; a _conclusion_ is drawn from what was learned on the way. Severity is what it
counts for when it leads; blame says whose move it is, as far as that can be told from inside.

What a finding rests on:

- **lab**: it was seen at work on real servers, or on servers scripted after the protocol's own documents.
- **documents**: on published documents or recorded answers; no such system could be run here.
- **unverified**: on answers that users reported and nobody promised, or on an inference.

None of them has been checked in Azure itself. \`curl\` is the exit code with which curl ends in the same case.
\`GET /api/findings\` gives this list as JSON. This page is made from the tables in \`lib/findings\`; a test compares the two.
`;

const areas: Readonly<Record<string, string>> = {
  dns: "Names",
  tcp: "TCP",
  udp: "UDP",
  tls: "TLS",
  http: "HTTP",
  grpc: "gRPC",
  ntp: "Time",
  service: "Services",
  sql: "SQL Server",
  stun: "STUN",
  ingress: "Inbound",
  chain: "Another Sonde",
  names: "Own names",
  outbound: "Outbound",
  setting: "Settings",
  vantage: "The place",
  identity: "The identity endpoint",
  policy: "Refused by policy",
  sonde: "Sonde itself",
};

const areaOf = ({ code }: Entry) => code.slice(0, code.indexOf("."));

function described(entry: Entry): string {
  const { code, kind, severity, blame, confidence, basis, title, why, rivals, next, docs } = entry;
  const curl = entry.curl === undefined ? [] : [`curl ${entry.curl}`];
  const facts = [kind, severity, `blame ${blame}`, confidence, basis, ...curl].join(" · ");
  const list = (label: string, items: readonly string[]) =>
    items.map((item) => `- ${label}: ${item}`);
  return [
    `\n### \`${code}\`: ${title}\n`,
    `${facts}\n`,
    `${why}\n`,
    ...list("Or else", rivals),
    ...list("Next", next),
    ...(docs === undefined ? [] : [`- Docs: <${docs}>`]),
    "",
  ].join("\n");
}

test("docs/findings.md says what the rules say", async () => {
  const all = catalogue();
  const unknown = all.filter((entry) => !Object.hasOwn(areas, areaOf(entry)));
  expect(unknown.map(({ code }) => code)).toEqual([]);
  const parts = Object.entries(areas).map(([area, title]) => {
    const entries = all.filter((entry) => areaOf(entry) === area);
    return `\n## ${title}\n${entries.map(described).join("")}`;
  });
  await expect([intro, ...parts].join("")).toMatchFileSnapshot("../../docs/findings.md");
});

test("each code stands there once, and each says what to look at next", () => {
  const all = catalogue();
  expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
  for (const { code, next } of all) expect(next, code).not.toEqual([]);
});

test("what a rule comes before is something that can be said", () => {
  const said = new Set(catalogue().map(({ code }) => code));
  const strange = rules.filter(({ before }) => before !== undefined && !said.has(before));
  expect(strange.map(({ code }) => code)).toEqual([]);
});

test("nobody is sent to where the traffic of an integrated app does not show", () => {
  // Its addresses are not network interfaces of the customer's: neither place records it.
  const places = /flow log|network watcher/i;
  expect(catalogue().filter((entry) => places.test(JSON.stringify(entry)))).toEqual([]);
});

test("whatever a rule says was seen in a lab, a run against a server has shown", () => {
  // Tests of rules over recorded leaves prove the rule; these folders run against something.
  const rooms = ["api", "cli", "local", "net", "page", "policy", "probes", "services", "stages"];
  const root = fileURLToPath(new URL("..", import.meta.url));
  const single = ["e2e.test.ts", "trail.test.ts", "findings/refusals.test.ts"];
  const files = [...single, ...rooms.flatMap((room) => filesIn(root, room))];
  const run = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const unseen = catalogue()
    .filter(({ code, basis }) => basis === "lab" && !named(run, code))
    .map(({ code }) => code);
  expect(unseen).toEqual([]);
});

const filesIn = (root: string, room: string) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name));

/** `"tcp.refused"`, `"fail tcp.refused"`, but not `tcp.refused_again`. */
const named = (text: string, code: string) =>
  new RegExp(`${code.replace(".", String.raw`\.`)}(?![\\w.])`).test(text);
