/** How a shell reads a line: what stands in one for somebody to paste must not say more than it shows. */

/** One word (POSIX, and the same in PowerShell for what needs no escape). */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
