/** The troubleshooting page: one document that holds no data, as the build left it beside the bundle. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Edge } from "../lib/api/edge.ts";
import { refuseEntry } from "../lib/api/gate.ts";
import { headerOf, type Request } from "../lib/api/http.ts";
import { problemAnswer } from "../lib/api/problem.ts";
import type { Servable, Served } from "./serve.ts";

/** At `/ui` and at the root, which has to be spelled like this: an empty route would be `/root`. */
export const pages: readonly Servable[] = [
  ["page", "ui"],
  ["root", "{ignored:maxlength(0)?}"],
].map(([name = "", route = ""]) => ({
  name,
  route,
  methods: ["GET", "HEAD"],
  anonymous: true,
  handle: answerPage,
}));

const encodings = [
  ["br", "index.html.br"],
  ["gzip", "index.html.gz"],
] as const;

interface Kept {
  readonly bodies: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
}

let kept: Kept | undefined;

/** Answers with the page in the best encoding that the browser takes. */
function answerPage(request: Request, edge: Edge): Served {
  const closed = refuseEntry(edge, request);
  // Who has to sign in, or sees a setting that cannot be read, is told so by the page itself.
  if (closed !== undefined && closed.status !== 401 && closed.status !== 503) {
    return problemAnswer(closed);
  }
  kept ??= read();
  const { bodies, headers, etag } = kept;
  if (headerOf(request, "if-none-match")?.includes(etag) === true) {
    return { status: 304, headers, body: "" };
  }
  const encoding = encodingFor(headerOf(request, "accept-encoding") ?? "");
  const body = bodies.get(encoding) ?? "";
  return encoding === "identity"
    ? { status: 200, headers, body }
    : { status: 200, headers: { ...headers, "content-encoding": encoding }, body };
}

function encodingFor(accepted: string): string {
  return encodings.find(([name]) => accepts(accepted, name))?.[0] ?? "identity";
}

/** RFC 9110 §12.5.3: a weight of zero means no. */
function accepts(header: string, encoding: string): boolean {
  return header.split(",").some((part) => {
    const [name = "", ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === encoding && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
  });
}

/** `dist/page/` lies beside `dist/functions/`, which this file becomes a part of. */
const file = (name: string) => readFileSync(new URL(`../page/${name}`, import.meta.url));

function read(): Kept {
  const whole = file("index.html");
  // Weak: the encodings differ in their bytes and mean the same (RFC 9110 §8.8.1).
  const etag = `W/"${createHash("sha256").update(whole).digest("base64url").slice(0, 22)}"`;
  return {
    etag,
    bodies: new Map([
      ["identity", whole],
      ...encodings.map(([encoding, name]) => [encoding, file(name)] as const),
    ]),
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": file("index.csp").toString(),
      "cache-control": "no-cache",
      etag,
      vary: "accept-encoding",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    },
  };
}
