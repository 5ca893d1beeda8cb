import { expect, test } from "vitest";
import { type FixtureFiles, layOut } from "./fixture.ts";
import { runMain } from "./spawn.ts";

// On Azure each of these ends as an app without functions, often with one line in a log.
const cases: readonly (readonly [string, FixtureFiles, string])[] = [
  ["main matches nothing", { main: "dist/none/*.js" }, "matches no file: dist/none/*.js"],
  ["nothing is registered", { app: "empty" }, "registered no function"],
  ["a name is registered twice", { app: "twice" }, 'id "twin" has already been registered'],
  ["streaming is asked for", { app: "streaming" }, "enableHttpStream"],
  ["host.json is of another age", { host: {} }, "host.json"],
];

test.each(cases)("the host does not start when %s", async (_name, files, reason) => {
  await using app = await layOut(files);
  const { code, out, err } = await runMain({ root: app.root, args: ["--port", "0"] });
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain(reason);
});
