/** `setting=NAME`: the place that an app setting points at, in place of a target. The value stays here. */
import type { Environment } from "../here.ts";
import { placesIn } from "../platform/connection-string.ts";
import { dependenciesIn, settingNamed, targetOf } from "../platform/dependencies.ts";
import type { AnyProbe } from "../probe.ts";
import type { Pair } from "./decode.ts";
import { nearest } from "../nearest.ts";
import { badInput, type Refused } from "./problem.ts";

const forms =
  "read are connection strings, URLs, Key Vault references and the settings of identity-based connections";

/** Stands for whichever place a setting names (RFC 6761 §6.4). */
const SOMEWHERE = "https://setting.invalid";

/**
 * The pairs once for each place of the setting that they name; as they are where they name none. Without an
 * environment nothing is looked up: whether the rest fits can be told all the same.
 */
export function fillSetting(
  probe: Pick<AnyProbe, "name">,
  pairs: readonly Pair[],
  environment: Environment | undefined,
): readonly (readonly Pair[])[] | Refused {
  const [, given] = pairs.findLast(([key]) => key === "setting") ?? [];
  if (probe.name !== "check") return [pairs];
  if (typeof given !== "string") return eachPlace(pairs);
  if (pairs.some(([key]) => key === "target")) {
    return {
      problem: badInput("setting", "a setting stands in place of a target: give one of them"),
    };
  }
  if (environment === undefined) return [[...pairs, ["target", SOMEWHERE]]];
  const settings = Object.entries(environment);
  const found = settingNamed(given, settings);
  if (found === undefined) {
    const known = dependenciesIn(settings).map(({ setting }) => setting);
    const near = nearest(given, known);
    const hint =
      near === undefined
        ? "GET /api/suites?suite=self shows those that name a place"
        : `did you mean ${near}?`;
    return { problem: badInput("setting", `there is no such setting here: ${hint}`, near) };
  }
  if ("isUnreadable" in found) {
    return { problem: badInput("setting", `it holds no host and port that can be read: ${forms}`) };
  }
  return found.places.map((place) => [...pairs, ["target", targetOf(place)] as const]);
}

/** Of one target each place by itself; of several targets all of them. */
function eachPlace(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const all = pairs.flatMap(severalPlaces);
  const [targets, others] = [true, false].map((is) =>
    all.filter(([name]) => (name === "target") === is),
  );
  const isOne = pairs.filter(([name]) => name === "target").length === 1;
  if (!isOne || targets === undefined || others === undefined) return [all];
  return targets.map((target) => [...others, target]);
}

/** A connection string with several places is as many targets; with one it is read where targets are. */
function severalPlaces(pair: Pair): readonly Pair[] {
  const [name, value] = pair;
  if (name !== "target" || typeof value !== "string") return [pair];
  const places = placesIn(value) ?? [];
  return places.length < 2 ? [pair] : places.map((place) => ["target", place]);
}
