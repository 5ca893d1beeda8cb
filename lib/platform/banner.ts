/**
 * `SONDE_BANNER`: what stands above everything the page shows, so that nobody takes production for a
 * test: a text, and after a bar one of a few colours, such as `prod: orders|red`.
 */
import type { Environment } from "../here.ts";

export const bannerColours = ["grey", "blue", "green", "yellow", "orange", "red"] as const;

export interface Banner {
  readonly text: string;
  readonly colour: (typeof bannerColours)[number];
}

/** Words and light punctuation: neither a connection string nor a URL with a query fits. */
const textShape = /^[\p{L}\p{N}](?:[\p{L}\p{N} .,:;!()#&'/_+-]{0,78}[\p{L}\p{N}.!)])?$/u;

/** Nothing when the setting is absent; grey without a colour. `wrong` never repeats what was set. */
export function bannerOf(
  environment: Environment,
): { readonly banner?: Banner } | { readonly wrong: string } {
  const written = environment["SONDE_BANNER"] ?? "";
  if (written === "") return {};
  const at = written.lastIndexOf("|");
  const text = (at < 0 ? written : written.slice(0, at)).trim();
  const name = at < 0 ? "grey" : written.slice(at + 1).trim();
  const colour = bannerColours.find((one) => one === name.toLowerCase());
  if (colour === undefined) {
    return { wrong: `SONDE_BANNER: the colour after | is one of ${bannerColours.join(", ")}` };
  }
  if (!textShape.test(text)) {
    return { wrong: "SONDE_BANNER: the text is 1 to 80 letters, digits and .,:;!()#&'/_+-" };
  }
  return { banner: { text, colour } };
}
