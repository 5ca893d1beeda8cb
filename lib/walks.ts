/** The recipes, and which scheme takes which. */
import { connect } from "./stages/connect.ts";
import { handshake } from "./stages/handshake.ts";
import { urlHost, type SchemePorts, type Target } from "./target.ts";
import type { Walk } from "./walk.ts";

export const open: Walk = {
  kind: "tcp",
  stages: [connect],
  notProved: ["that the application behind the port answers: a firewall may have opened it"],
  async walk(trail, peer) {
    using _wire = await trail.take(connect, peer);
  },
  reproduce: ({ host, port }) => [`nc -vz -w 5 ${host} ${port}`],
};

export const greet: Walk = {
  kind: "tls",
  stages: [connect, handshake],
  notProved: ["that the application behind TLS answers"],
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    using _secured = await trail.take(handshake, { wire, target, alpn: ["h2", "http/1.1"] });
  },
  reproduce: (target) => [`openssl s_client -connect ${place(target)}${sni(target)} </dev/null`],
};

const place = ({ host, port }: Target) => `${urlHost(host)}:${port}`;
const sni = ({ host, isAddress }: Target) => (isAddress ? "" : ` -servername ${host}`);

/** From scheme to walk: what `check` climbs. */
export const walks: Readonly<Record<string, Walk>> = {
  tcp: open,
  tls: greet,
  http: { ...open, kind: "http", notProved: ["that HTTP answers"] },
  https: { ...greet, kind: "http", notProved: ["that HTTP answers"] },
};

/** The port that a scheme implies; `tcp` implies none. */
export const schemePorts: SchemePorts = { tcp: undefined, https: 443, http: 80, tls: 443 };
