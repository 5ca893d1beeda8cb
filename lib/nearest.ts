/** So many letters apart is a slip of the fingers. */
const SLIP = 2;

/** The known word nearest to what was typed, or which begins with it; `undefined` when none is near. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const letters = typed.toLowerCase();
  const words = [...known];
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(letters, word.toLowerCase());
    if (best === undefined || distance < best.distance) best = { word, distance };
  }
  if (best === undefined) return undefined;
  const begins = (word: string) => word.toLowerCase().startsWith(letters);
  const longer = letters.length > SLIP ? words.find(begins) : undefined;
  if (longer !== undefined && best.distance > SLIP) return longer;
  return best.distance <= Math.max(1, Math.floor(typed.length / 2)) ? best.word : undefined;
}

/** What to tell whoever typed a word that is not known: the nearest one, or all there are. */
export interface Suggestion {
  readonly near: string | undefined;
  readonly hint: string;
}

/** A `prefix` that all known words share is no likeness: they are given without it, and told with it. */
export function suggest(typed: string, known: Iterable<string>, prefix = ""): Suggestion {
  const words = [...known];
  const found = nearest(typed, words);
  if (found !== undefined) return { near: prefix + found, hint: `did you mean ${prefix}${found}?` };
  return { near: undefined, hint: `known are ${words.map((one) => prefix + one).join(", ")}` };
}

/** Levenshtein, one row at a time. What was typed is cut: nobody means a word of more letters. */
function editDistance(typed: string, word: string): number {
  const from = typed.slice(0, 40);
  let row = Array.from({ length: word.length + 1 }, (_, index) => index);
  for (const [i, letter] of from.split("").entries()) {
    const next = [i + 1];
    for (const [j, other] of word.split("").entries()) {
      const swap = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[word.length] ?? from.length;
}
