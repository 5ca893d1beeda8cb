/** The deep link: everything of a question but the key, behind the `#`, which no server sees. */

export interface Question {
  /** The probe that is asked: `check` unless another one was chosen. */
  readonly probe: string;
  /** The box, as it was read: a target a line. */
  readonly targets: readonly string[];
  /** Further parameters of the probe, such as `timeoutMs=2000 expect.status=200`. */
  readonly more: string;
}

export interface Opened extends Question {
  /** Given once in the link; the caller takes it out of the address at once. */
  readonly key: string | undefined;
}

/** What stands behind the `#`. Its own three words, and any other parameter for the probe. */
export function readHash(hash: string): Opened {
  const given = [...new URLSearchParams(hash.replace(/^#/, ""))];
  const all = (name: string) => given.flatMap(([key, value]) => (key === name ? [value] : []));
  const own = new Set(["target", "probe", "key", "code"]);
  return {
    targets: all("target").filter((one) => one.trim() !== ""),
    probe: all("probe")[0] ?? "check",
    more: given.flatMap(([name, value]) => (own.has(name) ? [] : [`${name}=${value}`])).join(" "),
    key: all("key")[0],
  };
}

/** `#target=db%3A1433&timeoutMs=2000`; empty when there is nothing to ask. */
export function hashOf({ probe, targets, more }: Question): string {
  const pairs: [name: string, value: string][] = [
    ...targets.map((target): [string, string] => ["target", withoutSecrets(target)]),
    ...pairsOf(probe === "check" ? "" : `probe=${probe}`),
    ...pairsOf(more),
  ];
  return targets.length === 0 ? "" : `#${new URLSearchParams(pairs)}`;
}

/** `name=value` words as pairs; a word without a value is `true`. */
export function pairsOf(more: string): [name: string, value: string][] {
  return more
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => {
      const at = word.indexOf("=");
      return at < 0 ? [word, "true"] : [word.slice(0, at), word.slice(at + 1)];
    });
}

/** What is sent: the target under the name that the probe knows it by; a repeated name is a list. */
export function inputOf({ probe, more }: Question, target: string): Record<string, unknown> {
  const input: Record<string, unknown> = { [subjectOf(probe)]: target };
  for (const [name, value] of pairsOf(more)) {
    const before = input[name];
    input[name] = before === undefined ? value : [before, value].flat();
  }
  return input;
}

export function subjectOf(probe: string): "name" | "target" {
  return probe === "dns" ? "name" : "target";
}

const secret = /sig|key|token|code|secret|pass|pwd|auth|cred|session/i;

/** A query may hold a key of the target; links, history and commands leave that parameter out. */
export function withoutSecrets(target: string): string {
  const at = target.indexOf("?");
  if (at < 0) return target;
  const kept = target
    .slice(at + 1)
    .split("&")
    .filter((pair) => !secret.test(pair.split("=")[0] ?? ""));
  return kept.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${kept.join("&")}`;
}
