/** Text that somebody else wrote: isolated in direction, its invisible characters made visible. */
import { visible } from "./visible.ts";

interface TextProps {
  /** Whatever is no string is not shown. */
  readonly text: unknown;
}

/** A foreign string in running text. */
export function Foreign({ text }: TextProps) {
  return <bdi>{typeof text === "string" ? visible(text) : ""}</bdi>;
}

/** A foreign name, address or code. */
export function Code({ text }: TextProps) {
  return (
    <code>
      <Foreign text={text} />
    </code>
  );
}

/** Several of them, none broken where it need not be. */
export function Codes({ of }: { readonly of: readonly unknown[] }) {
  return (
    <>
      {of.map((one, index) => (
        <span key={index} class="pair">
          <Code text={one} />
        </span>
      ))}
    </>
  );
}

/** Several lines as they are; an empty one is said to be empty by the style. */
export function Block({ text }: { readonly text: string }) {
  return (
    <pre tabIndex={0} dir="auto">
      {text.split(/\r?\n/).map(visible).join("\n")}
    </pre>
  );
}
