/** Certificates from the leaf to the root, as the verifier put them together. */
import type { Report } from "../lib/report.ts";
import { Code } from "./foreign.tsx";
import { known, number, records, text, texts, type Known } from "./known.ts";
import { factsOf } from "./tree.ts";

const sentences: Readonly<Record<string, string>> = {
  "tls.expired": "A certificate has expired.",
  "tls.not_yet_valid": "A certificate is not valid yet.",
  "tls.name_mismatch": "The certificate is for other names.",
  "tls.self_signed": "The certificate is signed by itself.",
  "tls.incomplete_chain": "A certificate between the leaf and a trusted root is missing.",
  "tls.untrusted": "The chain ends in a root that is not trusted here.",
  "tls.weak": "Key or signature is weak.",
};

export function Certificates({ report }: { readonly report: Report }) {
  const shown = new Map<string, { readonly facts: Known; readonly on: string[] }>();
  for (const { on, facts } of factsOf(report.result, "handshake")) {
    const print = text(known(facts["leaf"])["sha256"]);
    if (print === undefined) continue;
    const before = shown.get(print);
    if (before === undefined) shown.set(print, { facts, on: [on] });
    else before.on.push(on);
  }
  if (shown.size === 0) return null;
  return (
    <section aria-labelledby="certificates">
      <h2 id="certificates">Certificates</h2>
      {[...shown].map(([print, one]) => (
        <Chain key={print} facts={one.facts} on={one.on} />
      ))}
    </section>
  );
}

function Chain({ facts, on }: { readonly facts: Known; readonly on: readonly string[] }) {
  const built = records(known(facts["chain"])["built"]);
  const faults = texts(facts["faults"]);
  const chain = built.length > 0 ? built : [known(facts["leaf"])];
  return (
    <div class="card">
      <p>
        {facts["trusted"] === true ? "Trusted" : "Not trusted"} for{" "}
        <Code text={text(facts["checkedName"]) ?? ""} />, {text(facts["protocol"])}, seen on{" "}
        {on.map((one) => (
          <span key={one} class="pair">
            <Code text={one} />
          </span>
        ))}
      </p>
      {faults.length === 0 ? null : (
        <ul class="faults">
          {faults.map((fault) => (
            <li key={fault}>
              {sentences[fault] ?? fault} <Code text={fault} />
            </li>
          ))}
        </ul>
      )}
      <ol class="certificates">
        {chain.map((one, index) => (
          <Certificate
            key={index}
            seen={one}
            role={roleOf(index, chain.length, one)}
            mismatch={index === 0 && faults.includes("tls.name_mismatch")}
          />
        ))}
      </ol>
    </div>
  );
}

function roleOf(index: number, length: number, seen: Known): string {
  if (index === 0) return length === 1 && seen["selfIssued"] === true ? "Self-signed" : "Leaf";
  return seen["selfIssued"] === true ? "Root" : "Intermediate";
}

interface CertificateProps {
  readonly seen: Known;
  readonly role: string;
  readonly mismatch: boolean;
}

function Certificate({ seen, role, mismatch }: CertificateProps) {
  const days = number(seen["daysLeft"]);
  const names = texts(seen["names"]).map((name) => name.replace(/^DNS:/, ""));
  return (
    <li>
      <b>{role}</b> <Code text={text(seen["subject"]) ?? ""} />
      <dl>
        <dt>Days left</dt>
        <dd>
          {days !== undefined && days < 0 ? <b>expired {-days} days ago</b> : days} (
          {text(seen["validFrom"])?.slice(0, 10)} to {text(seen["validTo"])?.slice(0, 10)})
        </dd>
        {names.length === 0 ? null : (
          <>
            <dt>Names</dt>
            <dd>
              {names.map((name) => (
                <span key={name} class="pair">
                  <Code text={name} />
                </span>
              ))}
              {mismatch ? <b> none of them matches</b> : null}
            </dd>
          </>
        )}
        <dt>Issuer</dt>
        <dd>
          <Code text={text(seen["issuer"]) ?? ""} />
        </dd>
        <dt>Key</dt>
        <dd>{text(seen["key"])}</dd>
        <dt>Thumbprint</dt>
        <dd>
          <Code text={text(seen["sha1"]) ?? ""} />
        </dd>
      </dl>
    </li>
  );
}
