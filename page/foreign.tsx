/** Text that somebody else wrote: isolated in direction, its invisible characters made visible. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `\u{202e}` for what would turn, hide or break a line. */
export function visible(text: string): string {
  return text.replace(hidden, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A foreign string in running text. */
export function Foreign({ text }: { readonly text: string }) {
  return <bdi>{visible(text)}</bdi>;
}

/** A foreign name, address or code. */
export function Code({ text }: { readonly text: string }) {
  return (
    <code>
      <bdi>{visible(text)}</bdi>
    </code>
  );
}

/** Several lines as they are. */
export function Block({ text }: { readonly text: string }) {
  return (
    <pre tabIndex={0} dir="auto">
      {text.split(/\r?\n/).map(visible).join("\n")}
    </pre>
  );
}
