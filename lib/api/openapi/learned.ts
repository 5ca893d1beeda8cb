/**
 * Facts and steps for the examples. Names and addresses are those that are kept for documentation (RFC 2606,
 * RFC 5737) and stand in for public ones.
 */
import type { Step } from "../../report.ts";

export const on = "192.0.2.10";
export const address = { address: on, family: 4, class: "public" };
export const place = { address: on, class: "public" };

export const resolved = (host: string) => ({
  resolve: { host, chain: [], resolver: "system", addresses: [address] },
});

/** What a climb learned at the one address of a name. */
export const climbed = (host: string, facts: object) => ({
  ...resolved(host),
  addresses: [{ on, ...facts }],
});

export const silent = { message: "no answer within 5.0 s" };

type Taken = readonly [name: string, ms: number, code?: string];

/** Steps that follow one another: those on the one address, after its name was resolved. */
export function steps(...taken: readonly Taken[]): Step[] {
  let startMs = 12;
  const later = taken.map(([name, ms, code]): Step => {
    const verdict = code === undefined ? "pass" : "fail";
    const step: Step = { name, on, verdict, startMs, ms, ...(code === undefined ? {} : { code }) };
    startMs += ms;
    return step;
  });
  return [{ name: "resolve", verdict: "pass", startMs: 0, ms: 12 }, ...later];
}

export const opened = {
  connect: { ...address, localAddress: "198.51.100.4", localPort: 49_712, connectMs: 3.41 },
};

const certificate = {
  subject: "CN=www.example.com",
  issuer: "C=US, O=Example, CN=Example Issuing CA",
  names: ["DNS:www.example.com"],
  serial: "04A1B2C3D4E5F60718293A4B5C6D7E8F",
  validFrom: "2026-10-01T00:00:00.000Z",
  validTo: "2026-12-30T23:59:59.000Z",
  daysLeft: 40,
  key: "EC prime256v1",
  signature: "ecdsa-with-SHA256",
  sha1: "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B",
  sha256: "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
  selfIssued: false,
};

export const handshake = {
  servername: "www.example.com",
  protocol: "TLSv1.3",
  cipher: "TLS_AES_256_GCM_SHA384",
  group: "X25519MLKEM768",
  forwardSecrecy: true,
  signatureScheme: "ecdsa_secp256r1_sha256",
  alpn: "h2",
  handshakeMs: 9.87,
  clientHelloBytes: 1577,
  helloRetry: false,
  trusted: true,
  faults: [],
  trustedBy: ["bundled", "system"],
  checkedName: "www.example.com",
  daysLeft: 40,
  earliestDaysLeft: 40,
  leaf: certificate,
  chain: { sent: [certificate], sentCount: 1, built: [certificate], oddities: [] },
  clientCertificate: { demand: "none", acceptableCAs: [], shown: false },
  ocsp: { stapled: false },
  signedTimestamps: 2,
  revocation: { crl: ["http://crl.example.com/issuing.crl"], ocsp: [] },
};

export const request = { method: "GET", url: "http://www.example.com/", version: "1.1" };

export const answered = {
  ...request,
  status: 200,
  statusText: "OK",
  timings: { dns: 12, connect: 3.41, request: 0.2, firstByte: 21.4, download: 0.6, total: 37.61 },
  totalMs: 37.61,
  headers: { "content-type": "text/plain", "content-length": "2" },
  body: { text: "ok", bytes: 2, decodedBytes: 2, truncated: false },
};

export const record = { name: "www.example.com", type: "A", ttl: 300, data: on };

export const asked = {
  question: { name: "www.example.com.", type: "A" },
  server: "192.0.2.53:53",
  transport: "udp",
  flags: { qr: true, aa: false, tc: false, rd: true, ra: true, ad: false, cd: false },
  authority: [],
  additional: [],
  chain: [],
  attempts: [{ transport: "udp", ms: 8.2, outcome: "answered" }],
};

export const time = {
  server: `${on}:123`,
  version: 4,
  leap: "none",
  stratum: 2,
  referenceId: "192.0.2.1",
  referenceKind: "address",
  referenceTime: "2026-11-20T18:20:11.000Z",
  precisionMs: 0.000_954,
  rootDelayMs: 4.2,
  rootDispersionMs: 1.1,
  offsetMs: 0.8,
  delayMs: 6.2,
  errorMs: 3.1,
  rootDistanceMs: 6.3,
  samples: [{ outcome: "answered", offsetMs: 0.8, delayMs: 6.2 }],
};
