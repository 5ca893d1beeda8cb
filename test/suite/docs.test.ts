/**
 * Writes docs/suites.md out of the built-in suites, and fails when the page is not what they say.
 * `npx vitest run test/suite/docs.test.ts -u` writes it anew.
 */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { builtIns } from "../../lib/suite/built-in/index.ts";
import type { BuiltIn } from "../../lib/suite/built-in/built-in.ts";

const intro = `# Suites by name

A suite is an ordered list of checks; [ci.md](ci.md) says how one is written. One that everybody needs has a name:

- **built-in**: the suites below.
- **deployed**: every \`suites/NAME.yaml\` beside \`host.json\`. \`npm run package\` takes the folder along; the command line reads \`suites/\` of
  the directory it is started in. A file that cannot be understood is a 503 with its line and column, and nothing of it is asked.
- **self**: what the app settings point at.

\`\`\`sh
curl -H "x-functions-key: $SONDE_KEY" "$SONDE_URL/api/suites"                        # which there are, and how many checks each would ask here
curl -H "x-functions-key: $SONDE_KEY" "$SONDE_URL/api/suites?suite=functions-host"   # one of them as a document, not run
curl -H "x-functions-key: $SONDE_KEY" -H 'content-type: application/yaml' --data-binary @smoke.yaml "$SONDE_URL/api/suites"   # is it written well?
curl -H "x-functions-key: $SONDE_KEY" "$SONDE_URL/api/smoke?suite=functions-host"    # asks it: 200 when all holds, 424 when not
az webapp config appsettings list -g $GROUP -n $APP |
  curl -H "x-functions-key: $SONDE_KEY" -H 'content-type: application/json' --data-binary @- "$SONDE_URL/api/smoke?suite=self"
sonde smoke --suite self
\`\`\`

The last but one asks the dependencies of **another** app, the one that is diagnosed. Its settings hold secrets: of each value only scheme, host
and port are read, and nothing of the rest is kept, answered or logged. The page reads them in the browser and sends places alone. A connection
string, a URL, a Key Vault reference and settings of an identity-based connection (\`…__fullyQualifiedNamespace\`, \`…__accountName\`,
\`…__blobServiceUri\`) are understood; a place in a setting that looks like none of these is not found.

Nothing here has been run in Azure itself. The tests run the suites against servers on loopback and in network namespaces.
`;

function described({ name, title, summary, sources, notProved, nothing }: BuiltIn): string {
  return [
    `\n## \`${name}\`: ${title}\n`,
    `${summary}\n`,
    ...(nothing === "" ? [] : [`- Nothing to ask where: ${nothing}.`]),
    ...notProved.map((one) => `- Not shown: ${one}.`),
    ...sources.map((one) => `- Source: <${one}>`),
    "",
  ].join("\n");
}

test("docs/suites.md says what the built-in suites say", async () => {
  const page = intro + builtIns.map(described).join("");
  await expect(page).toMatchFileSnapshot(
    fileURLToPath(new URL("../../docs/suites.md", import.meta.url)),
  );
});
