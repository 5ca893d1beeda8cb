import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as dial, type Socket } from "node:net";
import { connect, createServer, type ConnectionOptions, type TlsOptions } from "node:tls";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readFlight, type Overheard } from "../../../lib/protocols/tls/flight.ts";
import { recordsOf, spokenIn } from "../../../lib/protocols/tls/records.ts";
import { certificates, type Certificates } from "../../servers/certificates.ts";
import { needs } from "../../servers/needs.ts";
import { portOf } from "../../servers/ports.ts";

let made: Certificates;
const pem = (name: Parameters<Certificates>[0]) => readFileSync(made(name).cert);
const own = (name: Parameters<Certificates>[0]): TlsOptions => ({
  cert: pem(name),
  key: readFileSync(made(name).key),
});

/** A handshake between two sides of Node, with everything that passed. */
async function overhear(
  server: TlsOptions,
  client: ConnectionOptions = {},
): Promise<Overheard & { readonly chunks: readonly Buffer[] }> {
  const listening = createServer(server).on("tlsClientError", () => {});
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  onTestFinished(() => void listening.close());
  const raw = dial(portOf(listening), "127.0.0.1");
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  let secret: Buffer | undefined;
  const socket = connect({
    socket: between(raw, sent, received),
    rejectUnauthorized: false,
    ...client,
  });
  socket.on("keylog", (line) => {
    const [label, , hex = ""] = String(line).trim().split(" ");
    if (label === "SERVER_HANDSHAKE_TRAFFIC_SECRET") secret = Buffer.from(hex, "hex");
  });
  await once(socket, "secureConnect").catch(() => {});
  socket.destroy();
  return { sent: Buffer.concat(sent), received: Buffer.concat(received), secret, chunks: received };
}

function between(raw: Socket, sent: Buffer[], received: Buffer[]): Duplex {
  const stream = new Duplex({
    read: () => void raw.resume(),
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk);
      raw.write(chunk, done);
    },
    destroy(error, done) {
      raw.destroy();
      done(error);
    },
  });
  raw.on("data", (chunk) => {
    received.push(chunk);
    stream.push(chunk);
  });
  raw.on("close", () => stream.push(null));
  raw.on("error", () => {});
  return stream;
}

needs("openssl")("a flight of handshake messages", () => {
  beforeAll(async () => {
    made = await certificates();
  });

  test.each(["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])(
    "is opened in TLS 1.3 with %s",
    async (ciphers) => {
      const flight = readFlight(await overhear(own("fullChain"), { ciphers }));
      expect(flight).toMatchObject({ version: 0x0304, complete: true, helloRetry: false });
      expect(flight.signatureScheme).toBe("ecdsa_secp256r1_sha256");
      expect(flight.chain).toHaveLength(2);
      expect(flight.certificateRequest).toBeUndefined();
    },
  );

  test("is read in TLS 1.2 as it is", async () => {
    const flight = readFlight(await overhear(own("fullChain"), { maxVersion: "TLSv1.2" }));
    expect(flight).toMatchObject({ version: 0x0303, complete: true });
    expect(flight.signatureScheme).toBe("ecdsa_secp256r1_sha256");
    expect(flight.chain).toHaveLength(2);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "names the issuers it accepts in %s",
    async (version) => {
      const asking = { ...own("good"), requestCert: true, rejectUnauthorized: false };
      const client = { minVersion: version, maxVersion: version };
      const flight = readFlight(await overhear({ ...asking, ca: pem("ca") }, client));
      expect(flight.certificateRequest).toMatchObject({ authorities: ["O=Sonde tests, CN=ca"] });
      expect(flight.certificateRequest?.signatureSchemes).toContain("ecdsa_secp256r1_sha256");
    },
  );

  test("counts the hello, and sees that another key share was wanted", async () => {
    const small = readFlight(await overhear(own("good"), { ecdhCurve: "X25519" }));
    expect(small.helloRetry).toBe(false);
    const retried = readFlight(
      await overhear({ ...own("good"), ecdhCurve: "P-384" }, { ecdhCurve: "X25519:P-384" }),
    );
    expect(retried).toMatchObject({ helloRetry: true, complete: true, version: 0x0304 });
    const large = readFlight(await overhear(own("good")));
    // Before OpenSSL 3.5 there was no post-quantum share, which is what makes the hello large.
    const [major = 0, minor = 0] = process.versions.openssl.split(".").map(Number);
    const postQuantum = major > 3 || (major === 3 && minor >= 5);
    expect(large.clientHelloBytes).toBeGreaterThan(postQuantum ? 1200 : small.clientHelloBytes);
    expect(small.clientHelloBytes).toBeLessThan(600);
  });

  test("without the secret shows what is not encrypted, and claims no more", async () => {
    const flight = readFlight({ ...(await overhear(own("good"))), secret: undefined });
    expect(flight).toMatchObject({ version: 0x0304, chain: undefined, complete: false });
  });

  test("with another secret shows no more either", async () => {
    const flight = readFlight({ ...(await overhear(own("good"))), secret: Buffer.alloc(48, 1) });
    expect(flight).toMatchObject({ version: 0x0304, chain: undefined, complete: false });
  });

  test("is read as far as it came, wherever it is cut, and whatever is changed", async () => {
    const heard = [
      await overhear(own("fullChain")),
      await overhear(
        { ...own("fullChain"), requestCert: true, ca: pem("ca") },
        { maxVersion: "TLSv1.2" },
      ),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...heard),
        fc.nat(5000),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 6 }),
        ({ sent, received, secret }, length, changes) => {
          const bytes = Buffer.from(received.subarray(0, length));
          for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet;
          const flight = readFlight({ sent, received: bytes, secret });
          expect(flight.chain?.length ?? 0).toBeLessThanOrEqual(200);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a record reader", () => {
  test("never throws, and makes no more of it than there is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const flight = readFlight({ sent: noise, received: noise, secret: noise });
        expect(flight.chain?.length ?? 0).toBeLessThanOrEqual(200);
      }),
    );
  });

  test("reads a message that spans many records, and stops listening to one octet at a time", () => {
    const finished = Buffer.of(20, 0, 0, 4, 1, 2, 3, 4);
    const drip = (octets: Buffer) =>
      Buffer.concat([...octets].map((octet) => Buffer.of(22, 3, 3, 0, 1, octet)));
    const plain = { isNew: () => false, keyAfter: () => undefined };
    const spoken = spokenIn(recordsOf(drip(finished)), plain);
    expect(spoken.messages).toEqual([{ type: 20, body: Buffer.of(1, 2, 3, 4) }]);
    expect(recordsOf(drip(Buffer.alloc(5000)))).toHaveLength(512);
  });

  test("hears alerts and stops where it is no longer TLS", () => {
    const bytes = Buffer.concat([Buffer.of(21, 3, 3, 0, 2, 2, 40), Buffer.from("HTTP/1.1 400")]);
    const flight = readFlight({ sent: Buffer.alloc(0), received: bytes, secret: undefined });
    expect(flight.alerts).toEqual([{ fatal: true, number: 40 }]);
    expect(flight).toMatchObject({ version: undefined, complete: false });
  });
});
