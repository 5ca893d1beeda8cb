/**
 * Before a run: where servers are required, installs the Debian packages that are missing; always
 * makes the folder that the run's certificates are kept in.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missing } from "./packages.ts";

export default function setup(): () => void {
  if (process.env["SONDE_REQUIRE_SERVERS"] === "1") install();
  const folder = mkdtempSync(join(tmpdir(), "sonde-run-"));
  process.env["SONDE_TEST_FOLDER"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

function install(): void {
  const wanted = missing();
  if (wanted.length === 0) return;
  withoutServices(() => {
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...wanted);
  });
  const still = missing();
  if (still.length > 0) throw new Error(`still missing after apt-get install: ${still.join(", ")}`);
}

function apt(...words: readonly string[]): void {
  execFileSync("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: "inherit",
  });
}

/** Debian starts a service as soon as its package is installed, unless this file says no (101). */
const policyFile = "/usr/sbin/policy-rc.d";

function withoutServices(work: () => void): void {
  const before = existsSync(policyFile)
    ? { text: readFileSync(policyFile), mode: statSync(policyFile).mode }
    : undefined;
  writeFileSync(policyFile, "#!/bin/sh\nexit 101\n");
  chmodSync(policyFile, 0o755);
  try {
    work();
  } finally {
    if (before === undefined) rmSync(policyFile, { force: true });
    else {
      writeFileSync(policyFile, before.text);
      chmodSync(policyFile, before.mode);
    }
  }
}
