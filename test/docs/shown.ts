/** What a page shows of a run, and what a run prints today, made comparable. */

/** Lines without what differs from run to run, and without those that a busy machine adds. */
export function lasting(shown: string): string[] {
  return shown
    .trimEnd()
    .split("\n")
    .filter((line) => !/^(Timing|Run) /.test(line))
    .map((line) => line.replaceAll(/\d+(\.\d+)? ms/g, "TIME").replaceAll(/ {2,}/g, " "))
    .map((line) => line.replaceAll(/:\d{5}\b/g, ":PORT"));
}

/** The same of a run whose facts differ as well: its first words, and the labels of its lines. */
export function labels(shown: string): string[] {
  return shown
    .trimEnd()
    .split("\n")
    .flatMap(
      (line) => /^(?:[A-Z]+ [a-z.]*| {0,4}[A-Z][^ ]*(?: [^ ]+)*(?= {2}))/.exec(line)?.[0] ?? [],
    )
    .filter((label) => label !== "Timing");
}
