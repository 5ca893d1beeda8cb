/** A regular expression of a module, in Go's syntax, whoever runs it: in time linear in the text. */
export interface Pattern {
  /** As it was written. */
  readonly source: string;
  fits(text: string): boolean;
  /** The first place that fits. */
  find(text: string): Found | undefined;
}

export interface Found {
  /** `$1`, `${1}` and `${name}` replaced by what the groups caught, `$$` by one `$`. */
  fill(template: string): string;
}

/**
 * Replaces names by what `caught` knows of them; what it does not know is empty. The longest run of
 * letters, digits and underscores is the name, so `$1x` is not `${1}x`.
 */
export function fillTemplate(
  template: string,
  caught: (name: string) => string | undefined,
): string {
  if (!template.includes("$")) return template;
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) =>
    whole === "$$" ? "$" : (caught(bare ?? braced ?? "") ?? ""),
  );
}
