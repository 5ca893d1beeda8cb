/** The troubleshooting page: one document with script and style inside, compressed once, here. */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * Writes `index.html`, the same as `.br` and `.gz`, and `index.csp`, the value of its
 * Content-Security-Policy, into `outdir`. `source` is the folder of the page.
 */
export async function buildPage(source: string, outdir: string): Promise<void> {
  const [script, style] = await Promise.all([
    compile(join(source, "main.tsx")),
    compile(join(source, "style.css")),
  ]);
  // Either would end its element early, and what follows would be markup.
  if (/<\/script|<!--/i.test(script))
    throw new Error("the script of the page holds </script or <!--");
  if (/<\/style/i.test(style)) throw new Error("the style of the page holds </style");
  const template = await readFile(join(source, "index.html"), "utf8");
  const html = template
    // Between elements it means nothing.
    .replaceAll(/>\s+</g, "><")
    .replace("<style></style>", () => `<style>${style}</style>`)
    .replace("<script></script>", () => `<script>${script}</script>`);
  const bytes = Buffer.from(html);
  const files: readonly (readonly [name: string, content: string | Uint8Array])[] = [
    ["index.html", bytes],
    ["index.html.br", shortest(bytes)],
    ["index.html.gz", gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION })],
    ["index.csp", policyFor(script, style)],
  ];
  await mkdir(outdir, { recursive: true });
  await Promise.all(files.map(([name, content]) => writeFile(join(outdir, name), content)));
}

/** How distances are written: NPOSTFIX and NDIRECT of RFC 7932 §4. Which is shortest is told by trying. */
const ways = [
  [0, 0],
  [1, 12],
  [2, 16],
  [2, 32],
] as const;

function shortest(bytes: Buffer): Buffer {
  const all = ways.map(([postfix, direct]) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
        [constants.BROTLI_PARAM_NDIRECT]: direct,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  );
  return all.reduce((best, one) => (one.length < best.length ? one : best));
}

async function compile(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    // light-dark() and the unicode property escapes of the page: browsers since spring 2024.
    target: ["chrome123", "firefox120", "safari17.5"],
    minify: true,
    // Typed as IANA knows it, so that no byte of it depends on how the document is decoded.
    charset: "ascii",
    legalComments: "none",
    // A third of a kilobyte less than the automatic runtime: no `children:` in every element.
    tsconfigRaw: {
      compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" },
    },
    inject: entry.endsWith(".tsx") ? [join(entry, "..", "jsx.ts")] : [],
    logLevel: "warning",
  });
  return outputFiles
    .map((file) => file.text)
    .join("")
    .trim();
}

/** Nothing runs but this very script, and nothing is asked but this origin. CSP level 3, Trusted Types. */
function policyFor(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
