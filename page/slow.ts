import { useEffect, useState } from "preact/hooks";

/** Becomes true once whoever uses it has been on the page for so many milliseconds. */
export function useSlow(ms: number): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return slow;
}
