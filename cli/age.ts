/**
 * Comes first, so that a Node of another age is told as that. What newer ones alone export is reached
 * through the default export of its module for the same reason: a missing name ends a program before its
 * first line.
 */

/** As in the `engines` of package.json. */
export const OLDEST = "22.19.0";
const OURS = 4;

/** Whether `version`, such as 20.11.1, is older than what Sonde is made for. */
export function isTooOld(version: string): boolean {
  return version.localeCompare(OLDEST, "en", { numeric: true }) < 0;
}

if (isTooOld(process.versions.node)) {
  console.error(`sonde: Node ${OLDEST} or newer is needed, and this is ${process.versions.node}`);
  process.exit(OURS);
}
