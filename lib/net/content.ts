/** The body of an HTTP answer, undone and made readable, never beyond a limit. RFC 9110 §8.3, §8.4. */
import zlib, {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
} from "node:zlib";
import type { Transform } from "node:stream";

export interface Content {
  readonly bytes: Uint8Array;
  /** There was more than the limit. */
  readonly truncated: boolean;
  /** Why the bytes are still encoded. */
  readonly problem?: string;
}

const decoders: Readonly<Record<string, (wire: Uint8Array) => Transform>> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  deflate: (wire) => (isZlib(wire) ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
};

/** RFC 9110 §8.4.1.2: `deflate` means zlib, and some servers send the bare stream. RFC 1950 §2.2. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/**
 * Undoes one Content-Encoding, up to `most` bytes: a bomb is cut while it unfolds. Several encodings on
 * top of each other have no use but to exhaust a reader; they are left as they are.
 */
export async function decodeContent(
  wire: Uint8Array,
  encoding: string,
  most: number,
): Promise<Content> {
  const named = encoding.trim().toLowerCase();
  if (named === "" || named === "identity" || wire.length === 0)
    return { bytes: wire, truncated: false };
  const make = Object.hasOwn(decoders, named) ? decoders[named] : undefined;
  if (make === undefined) {
    return { bytes: wire, truncated: false, problem: `Content-Encoding ${named} is not undone` };
  }
  const { bytes, truncated, broken } = await unfold(make(wire), wire, most);
  return broken
    ? { bytes, truncated, problem: `the ${named} stream is broken or cut` }
    : { bytes, truncated };
}

function unfold(decoder: Transform, wire: Uint8Array, most: number) {
  return new Promise<{ bytes: Buffer; truncated: boolean; broken: boolean }>((resolve) => {
    const chunks: Buffer[] = [];
    let kept = 0;
    const end = (truncated: boolean, broken: boolean) => {
      resolve({ bytes: Buffer.concat(chunks).subarray(0, most), truncated, broken });
      decoder.destroy();
    };
    decoder.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      kept += chunk.length;
      if (kept > most) end(true, false);
    });
    decoder.on("end", () => end(false, false));
    // A cut stream still yields what came before the cut.
    decoder.on("error", () => end(false, true));
    decoder.end(wire);
  });
}

/**
 * The beginning as text; empty for what is not text. What the bytes themselves say of their encoding goes
 * before the charset of the Content-Type, as in browsers (Encoding standard §6.1); where neither says
 * anything it is UTF-8 if it can be, and windows-1252 otherwise.
 */
export function textOf(bytes: Uint8Array, contentType: string): string {
  const said = /charset="?([\w.:-]+)/i.exec(contentType)?.[1];
  const charset = marked(bytes) ?? said ?? (isUtf8(bytes) ? "utf-8" : "windows-1252");
  const decoder = decoderFor(charset);
  // Only in UTF-16 is every other byte of plain text a NUL.
  const isText = decoder.encoding.startsWith("utf-16") || !bytes.subarray(0, 512).includes(0);
  return isText ? decoder.decode(bytes) : "";
}

/** The encoding that a byte order mark names. */
function marked([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** As far as it goes: a character may have been cut at the end. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false; // it is something else
  }
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder("latin1"); // an unknown label: every byte still shows
  }
}
