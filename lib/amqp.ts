/** The walk to AMQP inside a WebSocket: how Service Bus and Event Hubs are reached where only 443 is open. */
import { greeting } from "./stages/greet.ts";
import { connect } from "./stages/connect.ts";
import { handshake } from "./stages/handshake.ts";
import { upgrade } from "./stages/upgrade.ts";
import { websocketWire } from "./protocols/http/websocket-wire.ts";
import { amqp } from "./services/amqp.ts";
import { placeOf } from "./target.ts";
import type { Walk } from "./walk.ts";

/** Where Service Bus listens for it, and the name of what is spoken: OASIS AMQP WebSocket Binding 1.0 §2. */
const PATH = "/$servicebus/websocket";
const subprotocol = { "sec-websocket-protocol": "amqp" };

const hello = greeting(amqp);

export const askAmqpOverWebSocket: Walk = {
  kind: "service",
  stages: [connect, handshake, upgrade, hello],
  notProved: amqp.notProved,
  reproduce: (target) => [
    `curl -i --http1.1 -N -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' ` +
      `-H 'Sec-WebSocket-Key: c29uZGVzb25kZXNvbmRlcw==' -H 'Sec-WebSocket-Protocol: amqp' ` +
      `'https://${placeOf(target)}${PATH}'`,
  ],
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    const greet = { wire, target, alpn: ["http/1.1"] };
    using secured = await trail.take(handshake, greet);
    const path = target.path === "/" ? PATH : target.path;
    const asked = { ...target, scheme: "wss", path };
    await trail.take(upgrade, { wire: secured, target: asked, headers: subprotocol, open: true });
    await trail.take(hello, { wire: websocketWire(secured), target });
  },
};
