/** Keys that work anywhere on the page: `/` goes to the box, Escape stops what runs. */
import { useEffect } from "preact/hooks";

export function useShortcuts(show: () => void, stop: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Escape") stop();
      const held = event.ctrlKey || event.metaKey || event.altKey;
      if (event.key !== "/" || held || isField(event.target)) return;
      event.preventDefault();
      show();
      // The box may have to be drawn before it can be focused.
      setTimeout(() => document.querySelector<HTMLElement>("#target")?.focus());
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [show, stop]);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}
