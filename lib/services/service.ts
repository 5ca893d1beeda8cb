/**
 * A service: a dependency that Sonde can greet in its own protocol, without credentials. One value in one
 * file; schemes, ports, facts, text, expectations and documentation are derived from it.
 */
import type { Failure } from "../failure.ts";
import type { Talk } from "../protocols/talk.ts";
import type { AnySheet, FactsOf } from "../stage.ts";
import type { Target } from "../target.ts";

/** When TLS begins: never, before the first word, or in mid-conversation once both sides agree. */
export type TlsManner = "never" | "first" | "upgrade";

export interface Scheme {
  /** The port it implies. */
  readonly port: number;
  /** Further ports that imply this scheme in `check`. */
  readonly alsoOn?: readonly number[];
  /** False where another scheme has the port as well, and this one must be named. */
  readonly implied?: false;
  readonly tls: TlsManner;
  readonly alpn?: readonly string[];
  /** What is spoken goes inside a WebSocket: the path that opens it unless the target has one. */
  readonly webSocket?: { readonly path: string; readonly subprotocol: string };
}

export interface Speaking<Sheet extends AnySheet> {
  /** Keeps facts as soon as they are known. */
  readonly note: (facts: Partial<FactsOf<Sheet>>) => void;
  /** The name or address that was asked for. */
  readonly host: string;
  readonly scheme: string;
}

/**
 * What comes after the greeting: TLS on the same connection; TLS inside packets of TDS, for everything or for
 * the login alone, as SQL Server has it; another hello on a connection of its own; or nothing more.
 */
export type Next = "tls" | "framed-tls" | "login-tls" | "again" | "done";

/** Says hello and reads what comes back. Rejects with a `Failure`. */
type Greet<Sheet extends AnySheet> = (talk: Talk, at: Speaking<Sheet>) => Promise<Next>;

export interface Service<Sheet extends AnySheet = AnySheet> {
  /** Its name is the name of the stage, and where the facts stand in the result. */
  readonly sheet: Sheet;
  /** As people call it. */
  readonly title: string;
  readonly schemes: Readonly<Record<string, Scheme>>;
  /** What even a pass does not establish. */
  readonly notProved: readonly string[];
  /** What the first octets of a conversation are told apart by, where that is not the name of the sheet. */
  readonly speaks?: string;
  /** The no of a port that speaks something else, where it is not the usual one. */
  mistaken?(talk: Talk): Failure;
  /** For people who run the other side. */
  readonly told: Told;
  /** The sandbox of App Service on Windows closes its port, so nothing can be learned from there. */
  readonly closedOnWindowsPlans?: true;
  /**
   * Some kind of `tls` only where the scheme's manner is `upgrade`, when the other side waits for the ClientHello;
   * `again` only where there is another hello.
   */
  readonly greet: Greet<Sheet>;
  /** The hello for servers that name another dialect and hang up. */
  readonly again?: { readonly on: string; readonly greet: Greet<Sheet> };
  /** TLS before the first word, where the plain hello is hung up on or the target asks for it. */
  readonly direct?: Direct<Sheet>;
  /** Commands of other tools that ask the same. `place` is `host:port`, IPv6 in brackets. */
  reproduce(target: Target, place: string): readonly string[];
}

export interface Direct<Sheet extends AnySheet> {
  /** What the attempt is called. */
  readonly on: string;
  /** The one name in the ALPN list. */
  readonly alpn: string;
  /** The hello inside TLS. */
  readonly greet: Greet<Sheet>;
  /** Whether the target asks for this and nothing else. */
  isWanted(target: Target): boolean;
}

export interface Told {
  readonly sends: string;
  /** What may stay behind in the log of the server, and what it may count. */
  readonly leaves: string;
  /** The real server it was tried on. */
  readonly triedOn: string;
}
