/** Works through the subjects in order, `atOnce` at a time; `waves` counts the rounds still to come. */
export async function few<X>(
  subjects: readonly X[],
  atOnce: number,
  work: (subject: X, index: number, waves: number) => Promise<void>,
): Promise<void> {
  const queue = subjects.entries();
  const worker = async () => {
    for (const [index, subject] of queue) {
      await work(subject, index, Math.ceil((subjects.length - index) / atOnce));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, subjects.length) }, worker));
}
