/** In which form a caller wants the answer. */
import { selecting } from "../surfaces/selected.ts";
import { surfaceNamed, surfaces, type Surface } from "../surfaces/index.ts";
import type { Askable } from "./fields.ts";
import { nearest, suggest } from "../nearest.ts";
import { badInput, type Refused } from "./problem.ts";
import { astray } from "./select.ts";

/** A value on its own, or the report in some format. */
export function surfaceFor(
  probe: Askable,
  values: ReadonlyMap<string, readonly unknown[]>,
  accept?: string,
): Surface | Refused {
  const select = values.get("select");
  if (select === undefined) return surfaceOf(values.get("format"), accept);
  if (values.has("format")) {
    return { problem: badInput("select", "select is plain text: leave out format") };
  }
  const path = String(select.at(-1));
  const wrong = astray(probe, path);
  if (wrong === undefined) return selecting(path);
  const { near, hint } = suggest(wrong.segment, wrong.known);
  const detail = `select leads nowhere at ${wrong.segment || "its end"}: ${hint}`;
  return { problem: badInput("select", detail, near) };
}

function surfaceOf(format: readonly unknown[] | undefined, accept = ""): Surface | Refused {
  if (format === undefined) return accepted(accept);
  const name = String(format.at(-1));
  const names = surfaces.map((one) => one.name);
  const detail = `format must be one of ${names.join(", ")}`;
  return surfaceNamed(name) ?? { problem: badInput("format", detail, nearest(name, names)) };
}

/** By the order of the Accept header; quality values are rare here and are not weighed. */
function accepted(accept: string): Surface | Refused {
  const types = accept.split(",").map((type) => type.split(";")[0]?.trim().toLowerCase());
  for (const type of types) {
    const found = surfaces.find(
      (one) => one.contentType.startsWith(`${type};`) || one.contentType === type,
    );
    if (found !== undefined) return found;
  }
  const [first] = surfaces;
  if (first === undefined) throw new Error("there is no surface");
  return first;
}
