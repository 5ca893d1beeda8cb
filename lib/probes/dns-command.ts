/** The line for a shell that puts the question again. */
import { classNumber, typeNumber } from "../protocols/dns/types.ts";
import { quoted } from "../protocols/shell.ts";
import type { Asked } from "./dns-input.ts";

/** dig speaks every transport but the ones of old packages; kdig speaks all. */
export function command(asked: Asked, type: string): string {
  const {
    name,
    class: kind,
    server: [first],
  } = asked;
  const record = kind === "IN" ? [type] : [kind, type];
  const question = [digName(name), ...record];
  if (first === undefined) return ["dig", ...question, ...optionsOf(asked)].join(" ");
  const { scheme, host, port } = first;
  const path = first.path.replace(/\?.*$/s, ""); // a query may hold a secret
  const flag = { tcp: "+tcp", tls: "+tls", https: `+https${path === "/" ? "" : `=${path}`}` }[
    scheme
  ];
  const program = scheme === "tls" || scheme === "https" ? "kdig" : "dig";
  const carried = flag === undefined ? [] : [quoted(flag)];
  const get = scheme === "https" && asked.doh === "GET" ? ["+https-get"] : [];
  const at = [`@${host}`, "-p", port];
  return [program, ...at, ...question, ...carried, ...get, ...optionsOf(asked)].join(" ");
}

/** A name for dig and kdig, which by themselves take `mx` for a type, and `-f` and `+short` for options. */
export function digName(name: string): string {
  const isWord = typeNumber(name) !== undefined || classNumber(name) !== undefined;
  return isWord || /^[-+]/.test(name) ? `-q ${quoted(name)}` : quoted(name);
}

/** What differs from what the programs ask by themselves, in words that both know. */
function optionsOf({ trace, rd, cd, do: signed, edns, nsid, cookie }: Asked): readonly string[] {
  const options = {
    "+trace": trace,
    "+norecurse": !rd && !trace,
    "+cdflag": cd,
    "+dnssec": signed,
    "+noedns": edns === "off",
    [`+bufsize=${edns}`]: edns !== "off" && edns !== 1232,
    "+nsid": nsid,
    "+cookie": cookie,
  };
  return Object.entries(options).flatMap(([option, isWanted]) => (isWanted ? [option] : []));
}
