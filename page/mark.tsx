/** A verdict as a sign and a word, never as a colour alone. */
import { told } from "./known.ts";

const shapes: Readonly<Record<string, string>> = {
  pass: "M5 8l2 3 4-5",
  warn: "M8 5v4M8 11v.3",
  fail: "M5 5l6 6M11 5l-6 6",
  error: "M6 6a2 2 0 1 1 2 2v1M8 11v.3",
  skip: "M5 8h6",
  info: "M8 7v4M8 5v.3",
};

const words: Readonly<Record<string, string>> = {
  pass: "Pass",
  warn: "Warning",
  fail: "Fail",
  error: "Not measured",
  skip: "Skipped",
  info: "Note",
};

export function Mark({ verdict }: { readonly verdict: string }) {
  const shape = Object.hasOwn(shapes, verdict) ? shapes[verdict] : shapes["skip"];
  return (
    <span class={`mark ${verdict}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {verdict === "warn" ? (
          <path d="M8 1l7 13H1z" class="ground" />
        ) : (
          <circle cx="8" cy="8" r="7" class="ground" />
        )}
        <path d={shape} class="sign" />
      </svg>
      <span>{told(words, verdict)}</span>
    </span>
  );
}
