/**
 * The parts of `@azure/functions-core` that this host and `@azure/functions` say to each other.
 *
 * On Azure the worker supplies this module at run time and no npm package declares it, so the
 * shapes are stated here: github.com/Azure/azure-functions-nodejs-worker, types-core/index.d.ts.
 */

/** A map as the worker's protocol carries it: each value in a box, so that empty differs from absent. */
export type Boxed = Record<string, { readonly value: string }>;

export interface HttpData {
  readonly url: string;
  readonly method: string;
  readonly nullableHeaders: Boxed;
  readonly nullableQuery: Boxed;
  readonly nullableParams: Boxed;
  readonly body?: { readonly bytes: Uint8Array };
}

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: { readonly value: string };
  readonly path?: { readonly value: string };
  readonly expires?: { readonly value: { readonly seconds: number } };
  readonly secure?: { readonly value: boolean };
  readonly httpOnly?: { readonly value: boolean };
  /** `none` means "not said"; a stated SameSite=None is `explicitNone`. */
  readonly sameSite: "none" | "lax" | "strict" | "explicitNone";
  readonly maxAge?: { readonly value: number };
}

/** What `getResponse` makes of a handler's answer in plain mode. */
export interface HttpAnswer {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly Cookie[];
  readonly body: { readonly bytes: Uint8Array };
}

export interface Binding {
  readonly type: string;
  readonly direction: string;
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly authLevel?: string;
}

export interface Metadata {
  readonly name: string;
  readonly functionId?: string;
  /** Keyed by binding name; the trigger's name ends in a hash of its options. */
  readonly bindings: Readonly<Record<string, Binding>>;
}

export type Callback = (...args: readonly unknown[]) => unknown;
export type Level = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";
export type Hook = (context: object) => unknown;

export interface Call {
  readonly invocationId: string;
  readonly request: {
    readonly invocationId: string;
    readonly functionId: string;
    readonly inputData: readonly { readonly name: string; readonly data: { http: HttpData } }[];
    readonly triggerMetadata: Readonly<Record<string, never>>;
    readonly traceContext: { readonly traceParent: string; readonly traceState: string };
  };
  readonly metadata: Metadata;
  /** Read by the library to tell a late log line from one written by a hook. */
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: Level, category: string, message: string): void;
}

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(
    context: object,
    result: unknown,
  ): Promise<{ readonly returnValue?: { readonly http?: HttpAnswer } | null }>;
}

export interface ProgrammingModel {
  getInvocationModel(call: Call): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}
