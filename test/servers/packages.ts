/** The Debian packages whose programs serve as reference servers and clients in tests. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** From program, or module of Debian's own Python, to the package that brings it. */
const packages = {
  named: "bind9",
  dig: "bind9-dnsutils",
  kdig: "knot-dnsutils",
  nsd: "nsd",
  unbound: "unbound",
  chronyd: "chrony",
  nginx: "nginx-light",
  haproxy: "haproxy",
  openssl: "openssl",
  testssl: "testssl.sh",
  chromium: "chromium",
  curl: "curl",
  nc: "netcat-openbsd",
  jq: "jq",
  tsql: "freetds-bin",
  pytds: "python3-tds",
  OpenSSL: "python3-openssl",
  turnserver: "coturn",
  mariadbd: "mariadb-server",
  sshd: "openssh-server",
  mosquitto: "mosquitto",
  slapd: "slapd",
  kcat: "kcat",
  vsftpd: "vsftpd",
  "redis-server": "redis-server",
  postgres: "postgresql",
  "rabbitmq-server": "rabbitmq-server",
  epmd: "erlang-base",
  postfix: "postfix",
  dovecot: "dovecot-imapd",
  "dovecot/pop3": "dovecot-pop3d",
  smbd: "samba",
  mockupdb: "python3-mockupdb",
  nft: "nftables",
  ip: "iproute2",
  unshare: "util-linux",
  nsenter: "util-linux",
  python3: "python3",
  grpc: "python3-grpcio",
  prometheus: "prometheus",
  promtool: "prometheus",
  "prometheus-blackbox-exporter": "prometheus-blackbox-exporter",
  wrk: "wrk",
  tcpdump: "tcpdump",
} as const;

export type Program = keyof typeof packages;

const programs = Object.keys(packages).filter((name): name is Program => name in packages);

/** Daemons live in directories that are not on everybody's PATH. */
const folders = [
  // Debian's own come first: modules of Python fit no other.
  "/usr/bin",
  ...(process.env["PATH"] ?? "").split(":"),
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/usr/lib/postgresql/15/bin",
  "/usr/lib",
  // A module of Python is found by its folder.
  "/usr/lib/python3/dist-packages",
];

/** The path of a program, or undefined when it is not installed. */
export function find(program: Program): string | undefined {
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** The path of a program that a test said it needs. */
export function pathOf(program: Program): string {
  const path = find(program);
  if (path === undefined) throw new Error(`${program} is missing: install ${packages[program]}`);
  return path;
}

/** The packages of those programs that are not installed: all that are known, if none is named. */
export function missing(wanted: readonly Program[] = programs): string[] {
  const absent = wanted.filter((program) => find(program) === undefined);
  return [...new Set(absent.map((program) => packages[program]))];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
