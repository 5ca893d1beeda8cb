/** Replies of three digits, on one line or on several: SMTP (RFC 5321 §4.2.1) and FTP (RFC 959 §4.2). */
import { malformed, wrongProtocol, type Talk } from "./talk.ts";

export interface Reply {
  readonly code: number;
  /** Without the number. */
  readonly lines: readonly string[];
}

const MOST_LINES = 128;

/** A hyphen after the number says that more follows. Throws `service.wrong_protocol`. */
export async function readReply(talk: Talk, wanted: string): Promise<Reply> {
  const lines: string[] = [];
  for (;;) {
    const said = await talk.line();
    const [, digits, mark, text = ""] = /^(\d{3})([ -]?)(.*)$/s.exec(said) ?? [];
    // Lines between the first and the last of FTP may be anything.
    if (digits === undefined && lines.length === 0) throw wrongProtocol(talk, wanted);
    if (lines.push(digits === undefined ? said : text) > MOST_LINES) {
      throw malformed(wanted, `a reply has more than ${MOST_LINES} lines`);
    }
    if (digits !== undefined && mark !== "-") return { code: Number(digits), lines };
  }
}
