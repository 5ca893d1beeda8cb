/** Headers as they are shown: every name that arrived, values without their secrets. */
import { type AddressToken, embeddedAddress, parseAddressList } from "./addresses.ts";
import { parseForwarded } from "./forwarded.ts";
import { type Headers, headerRows, rowOf, valueOf } from "./headers.ts";
import { maskHeader, maskText, type Withheld } from "./mask.ts";

export interface ShownHeader {
  readonly name: string;
  readonly value: string;
  readonly masked?: Withheld[];
  readonly length?: number;
  readonly setBy?: string;
  readonly proves?: string;
}

export interface ForwardedEntry extends AddressToken {
  readonly header: string;
  readonly embedded?: string;
  readonly by?: string;
  readonly host?: string;
  readonly proto?: string;
}

/** Longer values are cut, after their secrets are withheld. */
const shownCharacters = 2048;

/** Every header that arrived, in the order given, under its own name. */
export function headersIn(headers: Headers): ShownHeader[] {
  return headers.map(([name, value]) => {
    const { value: shown, withheld } = maskHeader(name, value);
    const row = rowOf(name);
    const cut = shown.length > shownCharacters;
    return {
      name,
      value: cut ? `${shown.slice(0, shownCharacters)}…` : shown,
      ...(withheld.length === 0 ? {} : { masked: [...withheld] }),
      ...(cut ? { length: value.length } : {}),
      ...(row === undefined ? {} : { setBy: row.setBy, proves: row.proves }),
    };
  });
}

/** Whether something between the client and this process sets it, as far as is known. */
export function setOnTheWay({ setBy }: ShownHeader): boolean {
  return setBy !== undefined && setBy !== "client";
}

/** Every address in a header whose grammar says that it holds some, `Forwarded` included. */
export function forwardedIn(headers: Headers): ForwardedEntry[] {
  const present = headerRows.flatMap(({ name, grammar }) => {
    const value = valueOf(headers, name);
    return value === undefined ? [] : [{ name, grammar, value }];
  });
  return present.flatMap(({ name, grammar, value }) => {
    if (grammar === "forwarded") return forwardedElements(name, value);
    return grammar === "addresses"
      ? parseAddressList(value).map((token) => entryOf(name, token))
      : [];
  });
}

function forwardedElements(header: string, value: string): ForwardedEntry[] {
  return parseForwarded(value).map(({ for: from, by, host, proto }) => ({
    ...entryOf(header, from ?? { kind: "unknown", text: "" }),
    ...(by === undefined ? {} : { by: safe(by) }),
    ...(host === undefined ? {} : { host: maskText(host) }),
    ...(proto === undefined ? {} : { proto: maskText(proto) }),
  }));
}

function entryOf(header: string, token: AddressToken): ForwardedEntry {
  const embedded = token.address === undefined ? undefined : embeddedAddress(token.address);
  return {
    header,
    ...token,
    text: safe(token),
    ...(embedded === undefined ? {} : { embedded }),
  };
}

/** An address is no secret; any other text could hold one. */
function safe(token: AddressToken): string {
  return token.kind === "address" ? token.text : maskText(token.text);
}
