/** Puts text on the clipboard, or selects it where the browser gives no clipboard. */
import { useState } from "preact/hooks";
import { visible } from "./visible.ts";

interface CopyProps {
  readonly label: string;
  readonly text: () => string;
}

/** A button that says what became of it. */
export function Copy({ label, text }: CopyProps) {
  const [state, setState] = useState<"idle" | "copied" | "shown">("idle");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
      setTimeout(() => setState("idle"), 2000);
    } catch {
      setState("shown");
    }
  };
  return (
    <span class="copy">
      <button type="button" onClick={() => void copy()}>
        {state === "copied" ? "Copied" : label}
      </button>
      <span role="status" class="hidden">
        {state === "copied" ? `${label}: copied` : ""}
      </span>
      {state === "shown" ? (
        <textarea
          readOnly
          rows={3}
          aria-label={`${label}: copy this text`}
          value={text()}
          ref={(box) => box?.select()}
        />
      ) : null}
    </span>
  );
}

/** One command and its button. */
export function CopyLine({ text }: { readonly text: string }) {
  return (
    <div class="command">
      <code dir="ltr">{visible(text)}</code>
      <Copy label="Copy" text={() => text} />
    </div>
  );
}
