/** host.json and local.settings.json, as far as HTTP needs them, and the environment they make. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const hostFile = z.object({
  version: z.literal("2.0"),
  extensions: z
    .object({
      http: z
        .object({
          routePrefix: z.string().default("api"),
          customHeaders: z.record(z.string(), z.string()).default({}),
        })
        .prefault({}),
    })
    .prefault({}),
});

const settingsFile = z.object({
  IsEncrypted: z.literal(false, "encrypted settings need Core Tools").optional(),
  Values: z.record(z.string(), z.string()).default({}),
  Host: z.object({ LocalHttpPort: z.int().min(0).max(65535).optional() }).prefault({}),
});

export interface Settings {
  readonly routePrefix: string;
  /** Added to every answer that does not carry the header already. */
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
  readonly port: number | undefined;
}

/** Reads both files under `root`. host.json must be there; local.settings.json need not. */
export function readSettings(root: string): Settings {
  const { http } = read(hostFile, join(root, "host.json")).extensions;
  const path = join(root, "local.settings.json");
  const settings = existsSync(path) ? read(settingsFile, path) : settingsFile.parse({});
  return {
    routePrefix: http.routePrefix,
    customHeaders: http.customHeaders,
    values: settings.Values,
    port: settings.Host.LocalHttpPort,
  };
}

function read<S extends z.ZodType>(schema: S, path: string): z.output<S> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * Puts the environment of a local run into `process.env`. The app reads it while it registers.
 *
 * A variable that is already set wins over local.settings.json, as with Core Tools. Two of the
 * product's own are added: `SONDE_LOCAL_HOST=1`, an internal marker by which the functions know
 * that no platform is around them, and `SONDE_TARGETS`, which opens loopback when nobody has said
 * what may be probed, because on one's own machine the first target is usually there.
 */
export function applyEnvironment(values: Settings["values"]): void {
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
  process.env["AZURE_FUNCTIONS_ENVIRONMENT"] ??= "Development";
  process.env["FUNCTIONS_WORKER_RUNTIME"] ??= "node";
  process.env["SONDE_LOCAL_HOST"] = "1";
  process.env["SONDE_TARGETS"] ||= "@private @public @loopback";
}
