/**
 * Which Node the command line runs on. What newer ones alone export is reached through the default export
 * of its module, because a missing name would end the program before it could say so.
 */

/** As in the `engines` of package.json. */
export const OLDEST = "22.19.0";

/** Why a Node of this `version`, such as 20.11.1, will not do, if it will not. */
export function whyTooOld(version: string): string | undefined {
  if (version.localeCompare(OLDEST, "en", { numeric: true }) >= 0) return undefined;
  return `Node ${OLDEST} or newer is needed, and this is ${version}`;
}
