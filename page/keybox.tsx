/** Asks for the function key. It goes to the header of requests to this origin, and nowhere else. */
import { useState } from "preact/hooks";

interface KeyBoxProps {
  readonly known: boolean;
  readonly give: (key: string, keep: boolean) => void;
}

export function KeyBox({ known, give }: KeyBoxProps) {
  const [typed, setTyped] = useState("");
  const [keep, setKeep] = useState(true);
  if (known) {
    return (
      <p class="key">
        A key is in use.{" "}
        <button type="button" onClick={() => give("", false)}>
          Forget it
        </button>
      </p>
    );
  }
  return (
    <form
      class="key card"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") give(typed.trim(), keep);
        setTyped("");
      }}
    >
      <label>
        Function key
        <input
          type="password"
          autocomplete="off"
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <button type="submit" class="main">
        Use key
      </button>
      <label class="check">
        <input
          type="checkbox"
          checked={keep}
          onChange={({ currentTarget }) => setKeep(currentTarget.checked)}
        />
        Keep it until this tab is closed
      </label>
      <p class="quiet">
        Portal: the function app, App keys. It is sent to this app alone, and is in no link, log or
        copy.
      </p>
    </form>
  );
}
