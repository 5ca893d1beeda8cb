/**
 * Runs something where no packet can leave: a network namespace with nothing in it but `lo`, and a
 * mount namespace in which /etc/hosts and /etc/resolv.conf are what the test says.
 */
import { execFile, execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe } from "vitest";
import { folder } from "./daemon.ts";
import { find } from "./packages.ts";

export interface Inside {
  /** Addresses with prefix length that `lo` carries beside 127.0.0.1 and ::1: `10.0.0.5/32`. */
  readonly addresses?: readonly string[];
  /** Text of /etc/hosts. */
  readonly hosts?: string;
  /** Text of /etc/resolv.conf. */
  readonly resolvConf?: string;
  /** Rules for `nft -f`, for instance what drops or rejects a port. */
  readonly nft?: string;
  /** More environment for what runs inside. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The user's root will do; everybody else is root in a user namespace of their own. */
const unshare = ["-n", "-m", ...(process.getuid?.() === 0 ? [] : ["-r"])];

/** `describe`, skipped where no namespace can be made or set up; where servers are required, never. */
export function inNamespaces(name: string, tests: () => void): void {
  const required = process.env["SONDE_REQUIRE_SERVERS"] === "1";
  if (required || possible()) describe(name, tests);
  else describe.skip(`${name} [needs iproute2, nftables and the right to unshare -n -m]`, tests);
}

function possible(): boolean {
  const program = find("unshare");
  if (program === undefined || find("ip") === undefined || find("nft") === undefined) return false;
  try {
    execFileSync(program, [...unshare, "sh", "-c", "ip link set lo up"], {
      stdio: "ignore",
      env: env(),
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a file in namespaces of its own and resolves with what it printed; rejects, with what it
 * printed, when it fails. A test file (`x.inside.ts`, which the ordinary run leaves alone) is run by
 * vitest, anything else by node. `file` is a URL: `new URL("./x.inside.ts", import.meta.url)`.
 */
export async function inNamespace(file: URL, inside: Inside = {}): Promise<string> {
  const home = await folder();
  const path = fileURLToPath(file);
  const start = path.endsWith(".inside.ts")
    ? ["node_modules/.bin/vitest", "run", relative(root, path)]
    : [process.execPath, path];
  const setUp = await script(home, inside);
  const words = [...unshare, "sh", "-euc", `${setUp}\nexec "$@"`, "sh", ...start];
  const { stdout } = await run("unshare", words, {
    cwd: root,
    env: { ...env(), ...inside.env, SONDE_IN_NAMESPACE: "1" },
    timeout: 120_000,
    maxBuffer: 0x1000000,
  }).catch((error: unknown) => {
    throw new Error(`inside the namespace: ${printedBy(error)}`, { cause: error });
  });
  return stdout;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** Shell lines that furnish the namespaces. */
async function script(home: string, inside: Inside): Promise<string> {
  const { addresses = [], hosts, resolvConf, nft } = inside;
  const lines = [
    "ip link set lo up",
    ...addresses.map((each) => `ip addr add ${each} dev lo nodad`),
  ];
  const files = { "/etc/hosts": hosts, "/etc/resolv.conf": resolvConf };
  for (const [target, text] of Object.entries(files)) {
    if (text === undefined) continue;
    const source = join(home, target.replaceAll("/", "-"));
    await writeFile(source, text);
    lines.push(`mount --bind ${source} ${target}`);
  }
  if (nft !== undefined) {
    await writeFile(join(home, "rules.nft"), nft);
    lines.push(`nft -f ${join(home, "rules.nft")}`);
  }
  return lines.join("\n");
}

/** What tells vitest that it is a worker stays out: inside, another one starts from nothing. */
function env(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TINYPOOL)/.test(name));
  const path = `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
  return { ...Object.fromEntries(kept), PATH: path };
}

function printedBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const out = "stdout" in error ? String(error.stdout) : "";
  const err = "stderr" in error ? String(error.stderr) : "";
  return `${error.message}\n${out}\n${err}`;
}
