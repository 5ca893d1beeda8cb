/** Runs inside a namespace of its own: a MariaDB that counts what ends before a login, and its one client. */
import { expect, test } from "vitest";
import { mariadb } from "../servers/mariadb.ts";
import { greet } from "./greet.ts";

const address = "10.9.1.1";
const ALLOWED = 2;

test("a greeting is counted, and one too many blocks the address", async () => {
  const { port } = await mariadb(undefined, {
    address,
    sql: "CREATE USER 'app'@'%';\n",
    more: [`--max-connect-errors=${ALLOWED}`],
  });
  const ask = () => greet(`mysql://${address}:${port}`);
  const seen: (string | undefined)[] = [];
  for (let left = ALLOWED + 2; left > 0; left -= 1) seen.push((await ask()).codes[0]);
  const counted = Array.from({ length: ALLOWED }, () => "service.counted");
  expect(seen).toEqual([...counted, "service.mysql_blocked", "service.mysql_blocked"]);
});
