/** Runs inside a namespace of its own: a MariaDB that counts what ends before a login, and its one client. */
import { expect, test } from "vitest";
import { mariadb } from "../servers/mariadb.ts";
import { greet } from "./greet.ts";

const address = "10.9.1.1";
const ALLOWED = 2;

/** What greetings in a row come to: two more than the server allows. */
async function greetings(...more: readonly string[]) {
  const { port } = await mariadb(undefined, {
    address,
    sql: "CREATE USER 'app'@'%';\n",
    more: [`--max-connect-errors=${ALLOWED}`, ...more],
  });
  const seen: (string | undefined)[] = [];
  for (let left = ALLOWED + 2; left > 0; left -= 1) {
    seen.push((await greet(`mysql://${address}:${port}`)).codes[0]);
  }
  return seen;
}

const [counted, blocked] = ["service.counted", "service.mysql_blocked"];

test("a greeting is counted, and one too many blocks the address", async () => {
  expect(await greetings()).toEqual([counted, counted, blocked, blocked]);
});

test("a server that resolves no names keeps no count", async () => {
  expect(await greetings("--skip-name-resolve")).toEqual([counted, counted, counted, counted]);
});
