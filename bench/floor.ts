/**
 * The floor: a bare `node:http` server that does the same exchanges with no product code at all. What
 * a probe costs beyond this is ours. Listens on 127.0.0.1:$PORT.
 */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { connect as connectSecurely, createSecureContext } from "node:tls";
import { NAME } from "./places.ts";

const secureContext = createSecureContext({ ca: readFileSync(process.env["CA"] ?? "") });

/** A standard query for an A record, RFC 1035 §4.1, with the id zero. */
const query = Buffer.concat([
  Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
  ...NAME.split(".").flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]),
  Buffer.from([0, 0, 1, 0, 1]),
]);

type Done = (error?: Error) => void;

const exchanges: Readonly<Record<string, (port: number, done: Done) => void>> = {
  "/empty": (_port, done) => done(),
  "/tcp": (port, done) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      done();
    });
    socket.on("error", done);
  },
  "/tls": (port, done) => {
    const socket = connectSecurely({ port, host: "127.0.0.1", secureContext }, () => {
      socket.destroy();
      done();
    });
    socket.on("error", done);
  },
  "/http": (port, done) => {
    const asked = request({ port, host: "127.0.0.1", agent: false }, (answer) => {
      answer.resume().on("end", done);
    });
    asked.on("error", done).end();
  },
  "/dns": (port, done) => {
    const socket = createSocket("udp4");
    socket.on("error", done).on("message", () => socket.close(() => done()));
    socket.connect(port, "127.0.0.1", () => socket.send(query));
  },
};

process.once("SIGTERM", () => process.exit(0));
createServer((message, response) => {
  const [path = "", port] = (message.url ?? "").split("?");
  const exchange = exchanges[path];
  if (exchange === undefined) return void response.writeHead(404).end();
  exchange(Number(port), (error) => {
    // A socket may still fail when its exchange is over.
    if (response.headersSent) return;
    response.writeHead(error === undefined ? 200 : 502, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: error === undefined }));
  });
}).listen(Number(process.env["PORT"]), "127.0.0.1");
