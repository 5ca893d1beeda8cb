/**
 * Writes docs/services.md out of the table of services, and fails when the page is not what the table says.
 * `npx vitest run test/services/docs.test.ts -u` writes it anew.
 */
import { expect, test } from "vitest";
import { services } from "../../lib/services/index.ts";
import type { Scheme } from "../../lib/services/service.ts";

const tls = {
  never: "never",
  first: "before the first word",
  upgrade: "in mid-conversation, where both sides have it",
} as const;

const intro = `# Services

What Sonde says to a dependency, and what that leaves behind. \`GET /api/service?target=SCHEME://HOST\` and
\`GET /api/check?target=SCHEME://HOST\` greet a service in its own protocol, without credentials, and read what
comes back. A well-known port implies its scheme. A port that speaks something else is an answer too:
\`service.wrong_protocol\` says what it speaks.

This page is made from the table in \`lib/services\`; a test compares the two.
`;

const others = `
## Time and mapped address

- \`ntp\` sends one request for each sample; with \`httpDate=HOST\`, and only where no answer comes, \`HEAD /\` to that
  web server as well. May leave behind: a count of packets. Tried on: chrony 4.3 of Debian.
- \`stun\` sends a binding request, again by the schedule of RFC 8489. May leave behind: with verbose logging a
  line. Tried on: coturn 4.6 of Debian, on loopback and behind a router of Linux that translates addresses.
`;

function ports(schemes: Readonly<Record<string, Scheme>>): string {
  const rows = Object.entries(schemes).map(([name, scheme]) => {
    const all = [scheme.port, ...(scheme.alsoOn ?? [])].join(", ");
    const only = scheme.implied === false ? ", where it is named" : "";
    return `- \`${name}://\` on port ${all}${only}, TLS ${tls[scheme.tls]}.`;
  });
  return rows.join("\n");
}

const parts = services.map(
  ({ title, schemes, sheet, notProved, told }) => `
## ${title}

${ports(schemes)}
- Sent: ${told.sends}.
- A pass proves that ${sheet.proves}. It does not prove: ${notProved.join("; ")}.
- May leave behind: ${told.leaves}.
- Tried on: ${told.triedOn}.
`,
);

test("docs/services.md says what the table says", async () => {
  const page = [intro, ...parts, others].join("");
  await expect(page).toMatchFileSnapshot("../../docs/services.md");
});

test("every scheme belongs to one service, and every well-known port to one scheme", () => {
  const schemes = services.flatMap(({ schemes: all }) => Object.entries<Scheme>(all));
  const names = schemes.map(([name]) => name);
  expect(new Set(names).size).toBe(names.length);
  const aliases = ["postgresql", "sftp"];
  const taken = schemes
    .filter(([name, { implied }]) => !aliases.includes(name) && implied !== false)
    .flatMap(([, { port, alsoOn = [] }]) => [port, ...alsoOn]);
  expect(new Set(taken).size).toBe(taken.length);
});
