import { loginSheet as sheet } from "../facts/login.ts";
import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { talkOver } from "../protocols/talk.ts";
import { codeOf, isRefusal, seenAs } from "../protocols/tds/errors.ts";
import { encodeLogin } from "../protocols/tds/login.ts";
import { pack, readReply, types } from "../protocols/tds/packet.ts";
import { decodeLoginReply, type LoginReply, type Route } from "../protocols/tds/tokens.ts";
import type { Wire } from "../protocols/wire.ts";
import type { Stage } from "../stage.ts";

export interface LoginQuestion {
  /** Where the login is sent: inside TLS, but on servers that have none. */
  readonly wire: Wire;
  readonly encrypted: boolean;
  /** Where the answer comes: outside of TLS on servers that encrypt the login only. */
  readonly answers: Wire;
  readonly dialect: 7 | 8;
  readonly host: string;
  readonly database: string | undefined;
}

/** In the audit of the server it should be seen who that was, and that nobody tried to break in. */
const user = "sonde-probe";

/**
 * Sends a login that must be refused: what the server says about it tells what of the way works. Gives
 * back where the server sends its clients instead, if anywhere.
 */
export const login: Stage<LoginQuestion, Route | undefined, typeof sheet> = {
  ...sheet,
  silence: "sql.login_timeout",

  async run({ wire, encrypted, answers, dialect, host, database }, { signal, note }) {
    note({ user, encrypted, ...(database === undefined ? {} : { database }) });
    const message = encodeLogin(
      { user, password: "not-a-password", app: "Sonde", server: host, database: database ?? "" },
      dialect,
    );
    wire.write(pack(types.login, message));
    const reply = decodeLoginReply(await readReply(talkOver(answers, signal)));
    const { route, accepted } = reply;
    const errors = reply.errors.slice(0, 8).map(harmless);
    note({ errors });
    if (route !== undefined) {
      note({ outcome: "routed", route: { ...route } });
      return route;
    }
    if (accepted !== undefined) {
      note({ outcome: "accepted" });
      return undefined;
    }
    const no = refusalIn(errors);
    if (no === undefined) {
      note({ outcome: "refused" });
      return undefined;
    }
    const address = seenAs(no.message);
    if (address !== undefined) note({ seenAs: address });
    throw no;
  },
};

function clean(text: string): string {
  return printable(Buffer.from(text, "utf8"), 400);
}

function harmless(error: LoginReply["errors"][number]) {
  return { ...error, message: clean(error.message), server: clean(error.server) };
}

/** The no that is about more than a user who does not exist. */
function refusalIn(errors: LoginReply["errors"]): Failure | undefined {
  const [first] = errors;
  if (first === undefined) {
    return new Failure("service.malformed", "the answer to the login says neither yes nor no");
  }
  const { number, state, message } = errors.find((one) => !isRefusal(one.number)) ?? first;
  if (isRefusal(number)) return undefined;
  return new Failure(codeOf(number), `error ${number}: ${message}`, { number, state });
}
