/** Whether what `Accept-Encoding` asks for includes the compression that a module counts on. */

interface Weighed {
  readonly name: string;
  readonly weight: number;
}

/** RFC 9110 §12.5.3: the best that fits decides, and a weight of zero means no. */
export function isAccepted(compression: string, header: string): boolean {
  if (compression === "" || header === "") return true;
  const all = header.split(",").map((part): Weighed => {
    const [name = "", parameter] = part.split(";");
    const weight =
      parameter === undefined ? 1 : Number(/^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1] ?? 0);
    return { name: name.trim(), weight };
  });
  const best = all
    .toSorted((one, other) => other.weight - one.weight)
    .find(({ name }) => name === compression || name === "*");
  return best !== undefined && best.weight > 0;
}
