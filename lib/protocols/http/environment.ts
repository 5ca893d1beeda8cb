/**
 * The names of one container app: learn.microsoft.com/azure/container-apps/connect-apps. Its short name
 * and the one with `.internal.` answer inside of its environment, its FQDN wherever the ingress lets it.
 */
export interface AppNames {
  readonly short: string;
  readonly internal: string;
  readonly external: string;
}

const pattern =
  /^([a-z](?:[a-z0-9-]*[a-z0-9])?)(?:\.internal)?\.((?:[a-z0-9-]+\.)+azurecontainerapps\.[a-z]+)$/;

/** The three names, told from either of the long ones; `undefined` for any other host. */
export function appNames(host: string): AppNames | undefined {
  const [, short, suffix] = pattern.exec(host) ?? [];
  if (short === undefined || suffix === undefined) return undefined;
  return { short, internal: `${short}.internal.${suffix}`, external: `${short}.${suffix}` };
}
