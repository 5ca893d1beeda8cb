/** What docs/architecture.md says of the rooms is what there is. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pureFolders, rooms } from "../house/rooms.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/docs/architecture.md`, "utf8");
const [, section = ""] = /^## Rooms$(.*?)^## /ms.exec(page) ?? [];
const rows = new Map(
  [...section.matchAll(/^\| `(?<room>[a-z/]+)` +\| (?<is>.+?) +\|$/gm)].map(
    ({ groups: { room = "", is = "" } = {} }) => [room, is] as const,
  ),
);

test("every folder that has arrows has its row, and no other", () => {
  const folders = globSync("{lib/*,*}", { cwd: root, withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map((one) => `${one.parentPath}/${one.name}`.slice(root.length));
  const known = Object.keys(rooms).filter((room) => folders.includes(room));
  expect(known.length).toBeGreaterThan(15);
  expect([...rows.keys()].toSorted()).toEqual(known.toSorted());
});

test("the pure ones are called so", () => {
  const pure = [...rows].filter(([, is]) => is.startsWith("pure: ")).map(([room]) => room);
  expect(pure.toSorted()).toEqual(pureFolders.toSorted());
});
