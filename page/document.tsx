/** Something to be asked for when a view is opened, and not before. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask, type Answer } from "./api.ts";
import type { Known } from "./known.ts";
import { TroubleCard } from "./trouble.tsx";

interface AskedProps<Told> {
  readonly name: string;
  readonly apiKey: string;
  readonly children: (told: Told) => ComponentChildren;
}

export function Asked({ name, apiKey, children }: AskedProps<Answer>) {
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  useEffect(() => {
    const ending = new AbortController();
    ask(name, { key: apiKey, signal: ending.signal }).then(setAnswer, () => undefined);
    return () => ending.abort();
  }, [name, apiKey]);
  if (answer === undefined) return <p role="status">Asking…</p>;
  if ("trouble" in answer) return <TroubleCard trouble={answer.trouble} />;
  return <>{children(answer)}</>;
}

/** What Sonde says of itself. */
export function Document({ name, apiKey, children }: AskedProps<Known>) {
  return (
    <Asked name={name} apiKey={apiKey}>
      {(answer) => ("document" in answer ? children(answer.document) : null)}
    </Asked>
  );
}
