/** The command line of the local host. */
import { parseArgs } from "node:util";
import { type Ingress, ingresses } from "./host/simulate.ts";

export interface Flags {
  readonly port: number | undefined;
  readonly keys: boolean;
  readonly simulate: Ingress | undefined;
  readonly help: boolean;
}

const options = {
  port: { type: "string", short: "p" },
  keys: { type: "boolean" },
  simulate: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export const usage = `Serves the functions of this directory as Azure would.

  --port N           listen on 127.0.0.1:N; 0 takes a free port
                     (default: Host.LocalHttpPort of local.settings.json, or 7071)
  --keys             enforce function keys; new ones are printed at the start
  --simulate WHERE   add the headers of an ingress: ${ingresses.join(", ")}
  --help             this text

Settings come from local.settings.json; a variable of the shell wins.
`;

/** Reads the arguments. Throws an Error whose message is one line for the user. */
export function readFlags(args: readonly string[]): Flags {
  const { values, tokens, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "option" && !(token.name in options)) {
      throw new Error(
        `unknown flag ${token.rawName}: did you mean --${nearest(token.name, Object.keys(options))}?`,
      );
    }
  }
  if (positionals.length > 0) throw new Error(`unexpected argument ${positionals[0]}`);
  return {
    port: readPort(values.port),
    keys: values.keys === true,
    simulate: readIngress(values.simulate),
    help: values.help === true,
  };
}

function readPort(text: string | boolean | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = typeof text === "string" && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Error("--port wants a number from 0 to 65535");
  return port;
}

function readIngress(text: string | boolean | undefined): Ingress | undefined {
  if (text === undefined) return undefined;
  const found = ingresses.find((ingress) => ingress === text);
  if (found !== undefined) return found;
  const hint = typeof text === "string" ? `: did you mean ${nearest(text, ingresses)}?` : "";
  throw new Error(`--simulate wants one of ${ingresses.join(", ")}${hint}`);
}

function nearest(text: string, choices: readonly string[]): string | undefined {
  return choices.toSorted((a, b) => distance(text, a) - distance(text, b))[0];
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [line, left] of a.split("").entries()) {
    const next = [line + 1];
    for (const [at, right] of b.split("").entries()) {
      const swap = (row[at] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(swap, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
