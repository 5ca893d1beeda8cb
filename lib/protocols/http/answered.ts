/** Headers of an answer as a report shows them: a server sets cookies and hands out tokens. Pure. */
import { maskText } from "../../ingress/mask.ts";

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What the whole value of is withheld: any name with a key in it, but x-ms-keyvault-region holds none. */
const secret = /authorization|token|secret|passw|key(?!vault)/i;

/** RFC 9110 §11.6.1: a challenge names a scheme and says what to do; credentials are what comes back. */
const challenge = /^(?:www|proxy)-authenticate$/i;

/** Names in lower case, values with their secrets withheld. */
export function shownHeaders(headers: Headers): Record<string, string | string[]> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === "string" ? shown(name, value) : value.map((one) => shown(name, one)),
  ]);
  return Object.fromEntries(entries);
}

function shown(name: string, value: string): string {
  if (/^set-cookie$/i.test(name)) return cookie(value);
  if (secret.test(name)) return "***";
  // Word by word, so that what follows the scheme is not taken for credentials of it.
  return challenge.test(name) ? value.split(" ").map(maskText).join(" ") : maskText(value);
}

/** RFC 6265 §4.1.1. Without a name all of the first part is the value. */
function cookie(value: string): string {
  const [pair = "", ...attributes] = value.split(";");
  const equals = pair.indexOf("=");
  const kept = equals < 1 ? "***" : `${pair.slice(0, equals)}=***`;
  return [kept, ...attributes.map(maskText)].join(";");
}
