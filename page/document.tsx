/** A view of what Sonde says of itself: asked for when it is opened, and not before. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask, type Answer } from "./api.ts";
import type { Known } from "./known.ts";
import { TroubleCard } from "./trouble.tsx";

interface DocumentProps {
  readonly name: string;
  readonly apiKey: string;
  readonly children: (document: Known) => ComponentChildren;
}

export function Document({ name, apiKey, children }: DocumentProps) {
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  useEffect(() => {
    const ending = new AbortController();
    ask(name, { key: apiKey, signal: ending.signal }).then(setAnswer, () => undefined);
    return () => ending.abort();
  }, [name, apiKey]);
  if (answer === undefined) return <p role="status">Asking…</p>;
  if ("trouble" in answer) return <TroubleCard trouble={answer.trouble} />;
  return <>{"document" in answer ? children(answer.document) : null}</>;
}
