/**
 * A small certificate authority by the `openssl` command: one root and a leaf for each thing that can
 * be wrong with one. Made once per run and shared by all test files.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { folder } from "./daemon.ts";
import { pathOf } from "./packages.ts";

/** Paths of PEM files. */
export interface Certificate {
  /** What a server sends: the leaf first, then the intermediate where the variant has one. */
  readonly cert: string;
  readonly key: string;
  /** What `cert` holds beside the leaf, for servers that want it apart. */
  readonly issuers?: string;
}

interface Variant {
  readonly issuer: string;
  readonly section: "authority" | "server" | "client";
  /** `notBefore` and `notAfter`, as years. */
  readonly valid?: readonly [from: number, to: number];
  readonly names?: string;
  /** Sends its issuer too. */
  readonly full?: boolean;
}

/** Whom the outbound probe asks over TLS. */
const operators = [
  "api.ipify.org",
  "api6.ipify.org",
  "ipv4.icanhazip.com",
  "ipv6.icanhazip.com",
  "checkip.amazonaws.com",
  "www.cloudflare.com",
  "cloudflare-dns.com",
]
  .map((name) => `DNS:${name}`)
  .join(",");

const here = "DNS:localhost,DNS:good.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1";

/** In order: an issuer comes before what it issues. One that issues itself is self-signed. */
const variants = {
  /** The root. Trust it and `good` is good. */
  ca: { issuer: "ca", section: "authority" },
  /** A root that nobody trusts. */
  strangerCa: { issuer: "strangerCa", section: "authority" },
  intermediate: { issuer: "ca", section: "authority" },
  /** localhost, good.test, *.wild.test, 127.0.0.1 and ::1; EC, valid until 2045. */
  good: { issuer: "ca", section: "server" },
  expired: { issuer: "ca", section: "server", valid: [2020, 2021] },
  notYetValid: { issuer: "ca", section: "server", valid: [2044, 2045] },
  wrongHost: { issuer: "ca", section: "server", names: "DNS:other.test" },
  /** Expired and for another name: two faults at once. */
  expiredWrongHost: {
    issuer: "ca",
    section: "server",
    valid: [2020, 2021],
    names: "DNS:other.test",
  },
  selfSigned: { issuer: "selfSigned", section: "server" },
  /** Issued by the intermediate and sent with it. */
  fullChain: { issuer: "intermediate", section: "server", full: true },
  /** Issued by the intermediate and sent alone. */
  incompleteChain: { issuer: "intermediate", section: "server" },
  /** Issued by the root that nobody trusts. */
  untrusted: { issuer: "strangerCa", section: "server" },
  /** For the operators that the outbound probe asks, and the same as an inspecting firewall signs it. */
  operators: { issuer: "ca", section: "server", names: operators },
  inspecting: { issuer: "strangerCa", section: "server", names: operators },
  /** For a client to show; issued by the root. */
  client: { issuer: "ca", section: "client", names: "DNS:client.test" },
} as const satisfies Readonly<Record<string, Variant>>;

/** Where the files of a certificate are. */
export type Certificates = (name: keyof typeof variants) => Certificate;

/** All certificates of this run, made by the first who asks: `(await certificates())("expired").cert`. */
export async function certificates(): Promise<Certificates> {
  const shared = process.env["SONDE_TEST_FOLDER"] ?? (await folder());
  const home = join(shared, "certificates");
  if (!existsSync(home)) {
    const draft = await mkdtemp(join(shared, "draft-"));
    await make(draft);
    // Whoever comes second finds the folder there, and takes the other's.
    await rename(draft, home).catch(() => rm(draft, { recursive: true }));
  }
  return (name) => ({
    cert: join(home, `${name}.pem`),
    key: join(home, `${name}.key`),
    ...("full" in variants[name] ? { issuers: join(home, `${variants[name].issuer}.pem`) } : {}),
  });
}

async function make(home: string): Promise<void> {
  await mkdir(join(home, "issued"));
  for (const [name, variant] of Object.entries<Variant>(variants)) await issue(home, name, variant);
}

async function issue(home: string, name: string, variant: Variant): Promise<void> {
  const { issuer, section, valid = [2020, 2045], names = here, full = false } = variant;
  await writeFile(join(home, "openssl.cnf"), configuration(names));
  await writeFile(join(home, "index.txt"), "");
  const openssl = (...args: readonly string[]) => run(pathOf("openssl"), args, { cwd: home });
  const config = ["-config", "openssl.cnf"];
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
  const subject = ["-subj", `/O=Sonde tests/CN=${name}`];
  await openssl(
    "req",
    "-new",
    ...config,
    ...ec,
    ...subject,
    "-keyout",
    `${name}.key`,
    "-out",
    "csr",
  );
  const signer =
    issuer === name
      ? ["-selfsign", "-keyfile", `${name}.key`]
      : ["-cert", `${issuer}.pem`, "-keyfile", `${issuer}.key`];
  const dates = ["-startdate", `${valid[0]}0101000000Z`, "-enddate", `${valid[1]}0101000000Z`];
  // `openssl ca` is the one that takes dates in the past (`x509 -not_before` came with 3.4).
  const files = ["-in", "csr", "-out", `${name}.pem`, "-outdir", "issued"];
  await openssl(
    "ca",
    "-batch",
    "-notext",
    ...config,
    "-extensions",
    section,
    ...signer,
    ...dates,
    ...files,
  );
  if (!full) return;
  const chain = [`${name}.pem`, `${issuer}.pem`].map((file) => readFile(join(home, file), "utf8"));
  await writeFile(join(home, `${name}.pem`), (await Promise.all(chain)).join(""));
}

const run = promisify(execFile);

const configuration = (names: string) => `
[ca]
default_ca = here
[here]
database = index.txt
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
[anything]
organizationName = optional
commonName = supplied
[req]
distinguished_name = none
[none]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = ${names}
subjectKeyIdentifier = hash
[client]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectAltName = ${names}
subjectKeyIdentifier = hash
`;
