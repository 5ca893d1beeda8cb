/** `npm start`: the embedded local host for the directory it is started in. */
import { styleText } from "node:util";
import { readFlags, usage, type Flags } from "./flags.ts";
import { startHost } from "./host/host.ts";
import { type Keys, newKeys } from "./host/keys.ts";

function parse(): Flags {
  try {
    return readFlags(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

function greet(url: string, keys: Keys | undefined): string {
  const key = keys ? `-H 'x-functions-key: ${keys.host}' ` : "";
  const curl = (path: string) => `  ${styleText("cyan", `curl ${key}'${url}${path}'`)}`;
  return [
    `Sonde is at ${styleText("bold", `${url}/`)}`,
    "",
    ...(keys ? [`  function key  ${keys.host}`, `  master key    ${keys.master}`, ""] : []),
    curl(`/api/check?target=localhost:${new URL(url).port}&format=text`),
    curl("/api/dns?name=localhost&format=text"),
    curl("/api/echo?format=text"),
    "",
  ].join("\n");
}

const flags = parse();
if (flags.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const keys = flags.keys ? newKeys() : undefined;
const host = await startHost({
  root: process.cwd(),
  port: flags.port,
  keys,
  simulate: flags.simulate,
});
console.log(greet(host.url, keys));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void host.stop().then(() => process.exit(0));
  });
}
