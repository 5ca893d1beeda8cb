/** `npm start`: the embedded local host for the directory it is started in. */
import { once } from "node:events";
import { styleText } from "node:util";
import { type Flags, readFlags, usage } from "./flags.ts";
import { type Host, startHost } from "./host/host.ts";
import { type Keys, newKeys } from "./host/keys.ts";

/** Serves until a signal ends it. Resolves to the exit code. */
async function main(args: readonly string[]): Promise<number> {
  let flags: Flags;
  try {
    flags = readFlags(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { port, simulate } = flags;
  const keys = flags.keys ? newKeys() : undefined;
  let host: Host;
  try {
    host = await startHost({ root: process.cwd(), port, keys, simulate });
  } catch (error) {
    console.error(isPortTaken(error) ? `${error.message}: try --port 0` : error);
    return 1;
  }
  // Listened for before anybody can know that there is something to end.
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  console.log(greeting(host.url, keys));
  await ended;
  await host.stop();
  return 0;
}

function isPortTaken(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** The page's address, the keys if they are enforced, and three calls that work at once. */
function greeting(url: string, keys: Keys | undefined): string {
  const key = keys ? `-H 'x-functions-key: ${keys.host}' ` : "";
  const curl = (path: string) => `  ${styleText("cyan", `curl ${key}'${url}${path}'`)}`;
  return [
    `Sonde is at ${styleText("bold", `${url}/`)}`,
    "",
    ...(keys ? [`  function key  ${keys.host}`, `  master key    ${keys.master}`, ""] : []),
    // Liveness alone answers its own deployment: whatever else would come back to itself is a loop.
    curl(`/api/check?target=${url}/api/health&format=text`),
    curl("/api/dns?name=localhost&format=text"),
    curl("/api/echo?format=text"),
    "",
  ].join("\n");
}

process.exit(await main(process.argv.slice(2)));
