/** What a suite that Sonde brings is made of: data, with the sources that it follows. */
import type * as z from "zod";
import type { Environment } from "../../here.ts";
import { targetOf, type Dependency } from "../../platform/dependencies.ts";
import type { Place } from "../../platform/place.ts";
import type { check } from "../document.ts";

/** What a suite may be written from. */
export interface Given {
  /** App settings and platform variables of this place. */
  readonly environment: Environment;
  /** The settings of the app that is diagnosed: those of this place, or pasted ones. */
  readonly settings: Iterable<readonly [name: string, value: string | undefined]>;
  /** Somebody pasted them: they are of another app. */
  readonly isPasted: boolean;
  /** Whether the identity suite may ask for a token. */
  readonly token: boolean;
}

export type Written = z.input<typeof check>;

/**
 * What is asked of a place that a setting names. A reference that the platform did not resolve is asked as the
 * setting, so that this is told; in pasted settings references stand as they were written, resolved or not.
 */
export function askedOf(
  { isPasted }: Given,
  { setting, reference }: Dependency,
  place: Place,
): Pick<Written, "target" | "setting"> {
  return reference === undefined || isPasted ? { target: targetOf(place) } : { setting };
}

export interface BuiltIn {
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** What it follows, the first before all. */
  readonly sources: readonly string[];
  /** What cannot be seen by asking from here, or is not shown by an answer. */
  readonly notProved: readonly string[];
  /** It asks what app settings name, so whose they are belongs to the answer. */
  readonly readsSettings?: true;
  /** Why there may be nothing to ask, as the end of a sentence. */
  readonly nothing: string;
  checks(given: Given): readonly Written[];
}
