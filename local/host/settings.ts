/** host.json and local.settings.json, as far as HTTP needs them, and the environment they make. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, strings, under } from "../json.ts";

export interface Settings {
  readonly routePrefix: string;
  /** Added to every answer that does not carry the header already. */
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
  readonly port: number | undefined;
}

/** Reads both files under `root`. host.json must be there; local.settings.json need not. */
export function readSettings(root: string): Settings {
  const hostPath = join(root, "host.json");
  const host = readJson(hostPath);
  if (under(host, "version") !== "2.0") throw new Error(`${hostPath}: version must be "2.0"`);
  const http = under(host, "extensions", "http");
  const prefix = under(http, "routePrefix");

  const path = join(root, "local.settings.json");
  const settings = existsSync(path) ? readJson(path) : {};
  // Core Tools encrypts with a key of its own.
  if (under(settings, "IsEncrypted") === true) throw new Error(`${path} is encrypted`);
  const port = under(settings, "Host", "LocalHttpPort");
  return {
    routePrefix: typeof prefix === "string" ? prefix : "api",
    customHeaders: strings(under(http, "customHeaders"), `${hostPath}: customHeaders`),
    values: strings(under(settings, "Values"), `${path}: Values`),
    port: typeof port === "number" ? port : undefined,
  };
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
