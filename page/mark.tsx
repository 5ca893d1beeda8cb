/** A verdict as a sign and a word, never as a colour alone. */
import { told } from "./known.ts";

const shapes: Readonly<Record<string, string>> = {
  pass: "M4.5 8.5l2.5 2.5 4.5-5.5",
  warn: "M8 4.2v4.6M8 11.2v.3",
  fail: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6",
  error: "M6 6.2a2 2 0 1 1 2.6 1.9q-.6.2-.6 1M8 11.6v.2",
  skip: "M5 8h6",
  info: "M8 7.2v4.2M8 4.6v.3",
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
          <path d="M8 1l7.2 13.2H.8z" class="ground" />
        ) : (
          <circle cx="8" cy="8" r="7.2" class="ground" />
        )}
        <path d={shape} class="sign" />
      </svg>
      <span>{told(words, verdict)}</span>
    </span>
  );
}
