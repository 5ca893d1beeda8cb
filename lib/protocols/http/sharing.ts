/** How several answers to the same request are shared out over those who gave them. Pure. */

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** The headers of an answer, lower-case. */
export interface Heard {
  readonly headers: Headers;
  /** With secrets withheld: what may be shown. */
  readonly shown: Headers;
}

/**
 * Cookies by which Azure's balancers keep a client where it is: App Service, Container Apps, Application
 * Gateway and Front Door.
 */
const affinityCookie =
  /^(ARRAffinity|ARRAffinitySameSite|acaAffinity|ApplicationGatewayAffinity|ApplicationGatewayAffinityCORS|ASLBSA|ASLBSACORS)=([^;]*)/i;

export interface Share {
  readonly calls: number;
  readonly answered: number;
  /** By how many calls each value of the header was given, the most frequent first. */
  readonly values?: { value: string; calls: number; percent: number }[];
  readonly affinity?: { cookie?: string; moved: number };
}

export function shareOf(
  heard: readonly (Heard | undefined)[],
  { affinity, split }: { readonly affinity: boolean; readonly split?: string | undefined },
): Share {
  const answers = heard.filter((one) => one !== undefined);
  return {
    calls: heard.length,
    answered: answers.length,
    ...(split === undefined ? {} : { values: valuesOf(answers, split) }),
    ...(affinity ? { affinity: affinityOf(answers) } : {}),
  };
}

function valuesOf(answers: readonly Heard[], header: string): NonNullable<Share["values"]> {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const value = [answer.shown[header] ?? "(none)"].flat().join(", ").slice(0, 200);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, calls]) => ({
      value,
      calls,
      percent: Math.round((calls / answers.length) * 1000) / 10,
    }))
    .toSorted((one, other) => other.calls - one.calls);
}

/** A balancer that sends its cookie anew with another value has sent the call elsewhere. */
function affinityOf(answers: readonly Heard[]): NonNullable<Share["affinity"]> {
  const given = answers.map((answer) =>
    [answer.headers["set-cookie"] ?? []]
      .flat()
      .map((one) => affinityCookie.exec(one))
      .find((one) => one !== null),
  );
  const [first, ...later] = given;
  const [, cookie, value] = first ?? [];
  if (cookie === undefined) return { moved: 0 };
  return { cookie, moved: later.filter((one) => one !== undefined && one[2] !== value).length };
}
