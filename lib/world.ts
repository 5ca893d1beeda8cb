/**
 * What a process can see of the place it runs in. Its environment is handed in: only those who start
 * (`functions/`, `cli/`) read it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces, release, type } from "node:os";
import { versions } from "node:process";
import type { World } from "./api/edge.ts";
import type { Environment } from "./here.ts";
import { defaultGateways } from "./platform/routes.ts";
import manifest from "../package.json" with { type: "json" };

export function seeWorld(environment: Environment): World {
  return {
    environment,
    version: manifest.version,
    resolvConf: readText("/etc/resolv.conf"),
    host: {
      node: versions.node,
      os: `${type()} ${release()}`,
      startedAt: new Date(performance.timeOrigin).toISOString(),
      gateways: defaultGateways(readText("/proc/net/route"), readText("/proc/net/ipv6_route")),
      interfaces,
      ...(type() === "Linux" ? { tcpTable } : {}),
    },
    ownAddresses,
    privateCertificate,
  };
}

/**
 * Linux plans of App Service keep the certificates that WEBSITE_LOAD_CERTIFICATES names in this folder.
 * Windows plans keep them in the certificate store of the user, which Node cannot read keys from.
 * https://learn.microsoft.com/azure/app-service/configure-ssl-certificate-in-code
 */
function privateCertificate(thumbprint: string): Uint8Array | undefined {
  if (!/^[0-9A-F]{40}$/i.test(thumbprint)) return undefined;
  try {
    return readFileSync(`/var/ssl/private/${thumbprint.toUpperCase()}.p12`);
  } catch {
    return undefined;
  }
}

/** Empty where there is no such file: Windows has none of them, and a container may not. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The suites in a folder, by the names of their files; none where there is no such folder. */
export function readSuites(folder: string): NonNullable<World["suiteFiles"]> {
  return namesIn(folder).flatMap((file) => {
    const [, name] = /^([a-z0-9][a-z0-9_-]{0,63})\.ya?ml$/i.exec(file) ?? [];
    if (name === undefined) return [];
    return [{ name, path: `suites/${file}`, text: readText(`${folder}/${file}`) }];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return []; // nothing was deployed there
  }
}

function tcpTable(): string {
  return readText("/proc/net/tcp") + readText("/proc/net/tcp6");
}

/** Interfaces come and go with the VNet; asking the kernel for every probe would cost more than it. */
const FRESH_MS = 5000;

let seen: { readonly at: number; readonly addresses: readonly string[] } | undefined;

function interfaces() {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address }) => ({ name, address })),
  );
}

function ownAddresses(): readonly string[] {
  if (seen === undefined || performance.now() - seen.at > FRESH_MS) {
    const addresses = interfaces().map(({ address }) => address);
    seen = { at: performance.now(), addresses };
  }
  return seen.addresses;
}
