/**
 * Which Node the command line runs on. What newer ones alone export is reached through the default export
 * of its module, because a missing name would end the program before it could say so.
 */

/** As in the `engines` of package.json. */
export const OLDEST = "22.19.0";

/** Whether `version`, such as 20.11.1, is older than what Sonde is made for. */
export function isTooOld(version: string): boolean {
  return version.localeCompare(OLDEST, "en", { numeric: true }) < 0;
}
