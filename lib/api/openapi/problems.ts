/** Every answer that is not a report, with its examples: RFC 9457. */
import * as z from "zod";
import { badInput, problemAnswer, type Problem } from "../problem.ts";

/** The body of a problem. A code may bring further members. */
export const problem = z
  .object({
    type: z.string().describe("`urn:sonde:problem:` and the code"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("What was wrong, in one sentence"),
    code: z.string().describe("Dotted and stable: what a program should look at"),
    parameter: z.string().optional().describe("The parameter that was wrong"),
    line: z.int().optional().describe("Where in a suite it stands, from 1"),
    column: z.int().optional(),
    suggestion: z.string().optional().describe("The known word nearest to what was given"),
    address: z.string().optional().describe("The address that the policy refused"),
    class: z.string().optional().describe("The class of that address"),
    rule: z.string().optional().describe("The rule that decided, where one did"),
    run: z.string().optional().describe("The run that ended so, as in the audit log"),
  })
  .describe("Why there is no report");

export interface ProblemGroup {
  /** The name of the response among the components. */
  readonly name: string;
  readonly description: string;
  readonly examples: Readonly<Record<string, Problem>>;
}

const run = "0b6f1f4e-4f0c-4d0e-9a55-3b1f7a1c2d10";

/** By status. The compiler asks for each status that a problem can have. */
export const problems: Readonly<Record<Exclude<Problem["status"], 404>, ProblemGroup>> = {
  400: {
    name: "BadRequest",
    description: "A parameter is missing, misspelt or malformed; it is named",
    examples: {
      misspelt: badInput(
        "tmeoutMs",
        "the parameter tmeoutMs is not known: did you mean timeoutMs?",
        "timeoutMs",
      ),
      missing: badInput("target", "target is needed"),
    },
  },
  401: {
    name: "Unauthorized",
    description:
      "Nobody is signed in. A missing function key is refused by the host, without a body",
    examples: {
      signIn: {
        status: 401,
        code: "request.sign_in",
        title: "Sign in",
        detail: "nobody is signed in",
      },
    },
  },
  403: {
    name: "Forbidden",
    description: "The policy refuses the target, or the request came from a page of another site",
    examples: {
      floor: {
        status: 403,
        code: "policy.floor",
        title: "Refused by policy",
        detail:
          "169.254.169.254 is link-local (instance metadata and platform services): never probed, by design",
        more: { address: "169.254.169.254", class: "link-local", run },
      },
      crossSite: {
        status: 403,
        code: "request.cross_site",
        title: "Cross-site request",
        detail: "probes are not for pages of other sites",
      },
    },
  },
  410: {
    name: "Expired",
    description: "SONDE_EXPIRES has closed this Sonde",
    examples: {
      expired: {
        status: 410,
        code: "sonde.expired",
        title: "Expired",
        detail: "SONDE_EXPIRES closed this Sonde on 2026-12-31T00:00:00.000Z",
      },
    },
  },
  413: {
    name: "TooLarge",
    description: "The body is longer than any question",
    examples: {
      tooLarge: {
        status: 413,
        code: "request.too_large",
        title: "Too large",
        detail: "the body is longer than 262144 characters",
      },
    },
  },
  415: {
    name: "UnsupportedMediaType",
    description: "The body is of a type that is not read here",
    examples: {
      form: {
        status: 415,
        code: "request.media_type",
        title: "Unsupported",
        detail: "the body must be application/json, not text/plain",
      },
    },
  },
  421: {
    name: "Misdirected",
    description: "Only from the local host: the Host header names another machine",
    examples: {
      rebound: {
        status: 421,
        code: "request.host",
        title: "Misdirected request",
        detail: "the local host answers to localhost, 127.0.0.1 and [::1] only",
      },
    },
  },
  429: {
    name: "TooMany",
    description: "A quota of this caller or of this instance is used up",
    examples: {
      busy: {
        status: 429,
        code: "sonde.busy",
        title: "Too many requests",
        detail: "the limit is reached: 40 medium probes a minute",
        retryAfter: 2,
      },
    },
  },
  500: {
    name: "Fault",
    description: "A fault of Sonde's own",
    examples: {
      fault: {
        status: 500,
        code: "sonde.fault",
        title: "Fault",
        detail: "a fault of Sonde's own; its log has the details",
      },
    },
  },
  503: {
    name: "Unusable",
    description: "A setting or the policy cannot be read, and nothing is probed until it can",
    examples: {
      settings: {
        status: 503,
        code: "sonde.settings",
        title: "A setting cannot be read",
        detail: "SONDE_AUTH must be one of key, easyauth, anonymous",
      },
    },
  },
  508: {
    name: "Loop",
    description: "This deployment has asked itself",
    examples: {
      loop: {
        status: 508,
        code: "sonde.loop",
        title: "Loop detected",
        detail: "this request was sent by this very deployment",
      },
    },
  },
};

/** The body as it is sent. */
export function bodyOf(one: Problem): unknown {
  return JSON.parse(problemAnswer(one).body);
}
