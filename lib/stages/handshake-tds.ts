import { frameTds } from "../net/tds.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Wire } from "../protocols/wire.ts";
import { handshakeSheet as sheet } from "../facts/handshake.ts";
import type { Stage } from "../stage.ts";
import { handshake, type Handshake } from "./handshake.ts";

export interface TdsHandshake extends Pick<Handshake, "target"> {
  readonly wire: SocketWire;
}

export interface TdsSecured {
  readonly secured: SocketWire;
  /** What the server says outside of TLS afterwards, where it encrypts the login only. */
  readonly plain: Wire;
}

/** The handshake of SQL Server: TLS as everywhere, inside TDS packets until it is complete. */
export const handshakeTds: Stage<TdsHandshake, TdsSecured, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run({ wire, target }, at) {
    const framed = frameTds(wire);
    const secured = await handshake.run({ wire: framed, target, alpn: [] }, at);
    framed.finish();
    return { secured, plain: framed.plain };
  },
};
