/** The app in a command of the Azure CLI, as far as it is known here. */
import type { Platform } from "../platform/detect.ts";

/** A slot has settings of its own: without its name a command would read those of production. */
export function siteIn({ app = "$APP", slot = "Production" }: Platform, group = "$GROUP"): string {
  return `-g ${group} -n ${app}${/^production$/i.test(slot) ? "" : ` --slot ${slot}`}`;
}
