/** HTTP servers that mean harm, or mean well and do harm, by what they do. Each gives its URL. */
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Socket } from "node:net";
import { site } from "./http.ts";
import { closingAtOnce, dripping, greeting, silent, tcpServer, type TcpServer } from "./tcp.ts";

export type Start = () => Promise<string>;

/** Says `first` once it was asked, and then `again` for as long as it is read. */
async function flooding(first: string, again = ""): Promise<string> {
  return urlOf(
    await tcpServer((socket: Socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(again, "latin1"));
      };
      // The server must not be the one that keeps a connection.
      socket.on("end", () => socket.destroy());
      socket.once("data", () => {
        socket.write(first, "latin1");
        if (again === "") return;
        socket.on("drain", more);
        more();
      });
    }),
  );
}

const urlOf = ({ port }: TcpServer) => `http://127.0.0.1:${port}/`;
const says = (first: string, again?: string) => () => flooding(first, again);
const answers = (head: string, again?: string) => says(`HTTP/1.1 200 OK\r\n${head}`, again);
const chunked = "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

/** What nobody may read as an answer. */
export const malformed = {
  "speaks SSH": async () => urlOf(await greeting("SSH-2.0-OpenSSH_9.2\r\n")),
  "speaks HTTP/0.9": says("<html>hello</html>"),
  "has headers without end": answers("", "X-Many: yes\r\n".repeat(100)),
  "has 3,000 headers": answers(`${"X-Many: yes\r\n".repeat(3000)}\r\n`),
  "has a NUL in a header": answers("X-Nul: a\0b\r\nContent-Length: 0\r\n\r\n"),
  "answers 103 without end": says("", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50)),
  "has two lengths": answers("Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
  "has a negative length": answers("Content-Length: -1\r\n\r\n"),
  "has a length and chunks": answers(
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ),
  "has a chunk of 2^72-1 octets": answers(`${chunked}ffffffffffffffffff\r\n`),
  "has trailers without end": answers(`${chunked}0\r\n`, "X-Trailer: yes\r\n".repeat(100)),
  "redirects to a megabyte": says(redirectTo(1024 * 1024)),
} satisfies Readonly<Record<string, Start>>;

function redirectTo(length: number): string {
  const long = `http://127.0.0.1/${"a".repeat(length)}`;
  return `HTTP/1.1 302 Found\r\nLocation: ${long}\r\nContent-Length: 0\r\n\r\n`;
}

/** What is cut by the deadline, or by the size that is kept. */
export const endless = {
  "is silent": async () => urlOf(await silent()),
  "hangs up": async () => urlOf(await closingAtOnce()),
  "drips its headers": async () =>
    urlOf(await dripping(`HTTP/1.1 200 OK\r\n${"X-Slow: yes\r\n".repeat(50)}`, 20)),
  "drips its body": () =>
    site((_request, response) => {
      response.writeHead(200, { "content-type": "text/plain", "content-length": "1000" });
      const timer = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(timer));
    }),
  "has a status line without end": says("HTTP/1.1 200 ", "O".repeat(4096)),
  "has a body without end": answers("Content-Type: text/plain\r\n\r\n", "x".repeat(16_384)),
  "has a chunk extension without end": answers(`${chunked}5;ext=`, "x".repeat(4096)),
  "has a chunk of 2^64-1 octets": answers(`${chunked}ffffffffffffffff\r\n`, "x".repeat(4096)),
  "has chunks of one octet": answers(chunked, "1\r\nx\r\n".repeat(1000)),
  "says less than its length": async () =>
    urlOf(
      await tcpServer((socket) =>
        socket.once("data", () =>
          socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
        ),
      ),
    ),
  "says more than its length": answers("Content-Length: 5\r\n\r\nhello, and more of it"),
  "folds a header": answers("X-Fold: a\r\n Set-Cookie: b\r\nContent-Length: 0\r\n\r\n"),
  "redirects in a circle": () =>
    site((request, response) => {
      response.writeHead(302, { location: request.url === "/" ? "/again" : "/" }).end();
    }),
  "redirects for ever": () => {
    let asked = 0;
    return site((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: `/${asked}` }).end();
    });
  },
  "redirects to 8 KiB": says(redirectTo(8192)),
  "switches protocols unasked": says(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "x".repeat(4096),
  ),
} satisfies Readonly<Record<string, Start>>;

const packed = (encoding: string, pack: () => Buffer) => () => {
  const bomb = pack();
  return site((_request, response) => {
    response
      .writeHead(200, { "content-encoding": encoding, "content-type": "text/plain" })
      .end(bomb);
  });
};

const zeros = () => Buffer.alloc(32 * 1024 * 1024);
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

/** What unfolds to far more than it was. */
export const bombs = {
  "of gzip": packed("gzip", () => gzipSync(Buffer.alloc(256 * 1024 * 1024))),
  "of deflate": packed("deflate", () => deflateSync(zeros())),
  "of br": packed("br", () => brotliCompressSync(zeros(), quick)),
  "of zstd": packed("zstd", () => zstdCompressSync(zeros())),
} satisfies Readonly<Record<string, Start>>;

/** What cannot be undone as it says. */
export const undone = {
  "of twenty layers": packed(Array.from({ length: 20 }, () => "gzip").join(", "), () => {
    let layers: Buffer = Buffer.from("hello");
    for (let layer = 0; layer < 20; layer += 1) layers = gzipSync(layers);
    return layers;
  }),
  "cut in the middle": packed("gzip", () =>
    gzipSync(Buffer.alloc(10_000, "text "), { level: 0 }).subarray(0, 5000),
  ),
} satisfies Readonly<Record<string, Start>>;
