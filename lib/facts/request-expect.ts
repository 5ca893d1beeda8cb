/** What may be demanded of an HTTP answer beyond a number: its status, a header, its content. */
import { refusalCodes } from "../findings/refusals/index.ts";
import { parseJsonPath, valueAt } from "../protocols/json-path.ts";
import type { Expectation, Known } from "../stage.ts";

/** `200`, `2xx`, `200-399`, several with commas. Holding settles what the status alone would say. */
export const status: Expectation = {
  summary: "The status: 200, 2xx, 200-399 or several with commas",
  needs: ["status"],
  settles: ["http.status", "http.client_error", ...refusalCodes],
  read(text) {
    const ranges = text.split(",").map((part) => rangeOf(part.trim()));
    if (ranges.includes(undefined)) return { wrong: "use a status such as 200, 2xx or 200-399" };
    const within = (value: unknown) =>
      ranges.some(
        (range) => range !== undefined && range[0] <= Number(value) && Number(value) <= range[1],
      );
    return {
      wanted: text,
      actual: ({ status: seen }: Known) => (typeof seen === "number" ? `${seen}` : "unknown"),
      holds: (seen: Known) => within(seen["status"]),
    };
  },
};

function rangeOf(text: string): readonly [low: number, high: number] | undefined {
  const [, family] = /^([1-5])xx$/i.exec(text) ?? [];
  if (family !== undefined) return [Number(family) * 100, Number(family) * 100 + 99];
  const [, low, high = low] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text) ?? [];
  return low === undefined ? undefined : [Number(low), Number(high)];
}

/** The excerpt of the body; unknown where there is none. */
function excerptOf({ body }: Known): string | undefined {
  const text: unknown =
    typeof body === "object" && body !== null ? Reflect.get(body, "text") : undefined;
  return typeof text === "string" ? text : undefined;
}

/** As much of an excerpt as a row of a report bears. */
const SHOWN = 60;

export const bodyContains: Expectation = {
  summary: "Words that the first 4096 characters of the body must hold, as they stand",
  needs: ["body"],
  whole: true,
  read(text) {
    if (text === "") return { wrong: "some words are needed" };
    return {
      wanted: text,
      actual: (seen) => excerptOf(seen)?.slice(0, SHOWN) ?? "unknown",
      holds: (seen) => excerptOf(seen)?.includes(text) ?? false,
    };
  },
};

/** `$.status=ok`; without `=` the member must be there. Names and indices only: a caller brings no programme. */
export const jsonPath: Expectation = {
  summary:
    "A value in a JSON body of up to 4096 characters: $.checks[0].status=ok, or $.id for any value",
  needs: ["body"],
  whole: true,
  read(text) {
    const at = text.indexOf("=");
    const path = parseJsonPath(at < 0 ? text : text.slice(0, at));
    if (path === undefined) return { wrong: "use names and indices, as in $.checks[0].status=ok" };
    const value = at < 0 ? undefined : text.slice(at + 1);
    const found = (seen: Known) => valueAt(excerptOf(seen) ?? "", path);
    return {
      wanted: text,
      actual: (seen) => found(seen)?.slice(0, SHOWN) ?? "unknown",
      holds: (seen) => {
        const actual = found(seen);
        return actual !== undefined && (value === undefined || actual === value);
      },
    };
  },
};

/** Header names are tokens, RFC 9110 §5.6.2. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** The values of a header, each line on its own and each member of a list as well. */
function valuesOf({ headers }: Known, name: string): string[] {
  const found: unknown =
    typeof headers === "object" && headers !== null && Object.hasOwn(headers, name)
      ? Reflect.get(headers, name)
      : undefined;
  return [found].flat().filter((one) => typeof one === "string");
}

export const responseHeader: Expectation = {
  summary: "A header of the answer: name:value, or only its name; one member of a list is enough",
  needs: ["headers"],
  whole: true,
  read(text) {
    const [, name = "", value] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
    if (!headerName.test(name)) return { wrong: "use name:value, as in content-type:text/html" };
    const lower = name.toLowerCase();
    const wanted = value?.trim().toLowerCase();
    return {
      wanted: text,
      actual: (seen) => valuesOf(seen, lower).join(", ").slice(0, SHOWN) || "unknown",
      holds: (seen) => {
        const values = valuesOf(seen, lower).map((one) => one.toLowerCase());
        const each = values.flatMap((one) => [one, ...one.split(",")]).map((one) => one.trim());
        return wanted === undefined ? values.length > 0 : each.includes(wanted);
      },
    };
  },
};
