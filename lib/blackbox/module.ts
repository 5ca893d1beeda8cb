/** One module: from what was written down to a recipe that can be probed with. */
import * as z from "zod";
import type { Recipe } from "../probes/exporter/recipe.ts";
import { dnsOptions } from "./dns.ts";
import { duration, isRefusal, type ReadFile } from "./form.ts";
import { grpcOptions } from "./grpc.ts";
import { httpOptions } from "./http.ts";
import { tcpOptions } from "./tcp.ts";
import { websocketOptions } from "./websocket.ts";

export interface Module {
  readonly name: string;
  readonly prober: Prober;
  /** Zero when it says none. */
  readonly timeoutMs: number;
  readonly recipe: Recipe;
  /** The Host that it sends, where it names one. */
  readonly hostHeader: string | undefined;
  /** As it was written, secrets and all: for `show`, and nobody else. */
  readonly written: unknown;
}

/** What is understood and not done here, of a module that is named. */
export interface RefusedModule {
  readonly refused: string;
  readonly path: readonly PropertyKey[];
}

export interface InvalidModule {
  readonly issues: readonly z.core.$ZodIssue[];
}

export const probers = ["http", "tcp", "dns", "grpc", "websocket"] as const;
export type Prober = (typeof probers)[number];

const notHere = {
  icmp: "the platform gives no raw sockets: probe a port of the host by prober: tcp",
  unix: "nothing on this machine is probed, by policy",
};

const unknownProber = `use one of ${probers.join(", ")}`;

const proberName = z.string().transform((given, check): Prober => {
  const found = probers.find((one) => one === given);
  if (found !== undefined) return found;
  const why = Object.entries(notHere).find(([name]) => name === given)?.[1];
  const params = why === undefined ? {} : { refused: true };
  check.addIssue({ code: "custom", message: why ?? unknownProber, params });
  return z.NEVER;
});

/** The section of each prober, made when the first of its modules is read: that takes some milliseconds. */
const makers = {
  http: httpOptions,
  tcp: tcpOptions,
  dns: dnsOptions,
  grpc: grpcOptions,
  websocket: websocketOptions,
} as const;

/** By how their files are read. */
const made = new WeakMap<ReadFile, Map<Prober, z.ZodType<Recipe>>>();

function optionsOf(prober: Prober, read: ReadFile): z.ZodType<Recipe> {
  const own = made.get(read) ?? new Map<Prober, z.ZodType<Recipe>>();
  made.set(read, own);
  const before = own.get(prober);
  if (before !== undefined) return before;
  const options = makers[prober](read);
  own.set(prober, options);
  return options;
}

const shape = z.strictObject(
  {
    prober: proberName,
    timeout: duration.default(0),
    http: z.unknown().optional(),
    tcp: z.unknown().optional(),
    dns: z.unknown().optional(),
    icmp: z.unknown().optional(),
    grpc: z.unknown().optional(),
    unix: z.unknown().optional(),
    websocket: z.unknown().optional(),
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `${issue.keys?.[0]} is not known here: known are prober, timeout, ${probers.join(", ")}`
        : undefined,
  },
);

/** Reads a module. Issues tell where, below the module; never throws. */
export async function readModule(
  name: string,
  written: unknown,
  read: ReadFile,
): Promise<Module | RefusedModule | InvalidModule> {
  const outer = await shape.safeParseAsync(written);
  if (!outer.success) return wrongIn(outer.error.issues);
  const { prober: kind, timeout: timeoutMs } = outer.data;
  const inner = await optionsOf(kind, read).safeParseAsync(outer.data[kind] ?? {});
  if (!inner.success) {
    return wrongIn(inner.error.issues.map((issue) => ({ ...issue, path: [kind, ...issue.path] })));
  }
  const recipe = inner.data;
  return { name, prober: kind, timeoutMs, recipe, hostHeader: hostIn(outer.data[kind]), written };
}

function hostIn(options: unknown): string | undefined {
  const { headers = {} } = z
    .object({ headers: z.record(z.string(), z.string()) })
    .partial()
    .catch({})
    .parse(options);
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "host")?.[1];
}

function wrongIn(issues: readonly z.core.$ZodIssue[]): RefusedModule | InvalidModule {
  const [first] = issues;
  if (first === undefined || !issues.every(isRefusal)) {
    return { issues: issues.filter((issue) => !isRefusal(issue)) };
  }
  return { refused: `${first.path.join(".")}: ${first.message}`, path: first.path };
}
