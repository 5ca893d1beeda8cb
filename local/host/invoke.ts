/** One call of a function, through the library's own programming model and the app's hooks. */
import { randomBytes, randomUUID } from "node:crypto";
import { log } from "./log.ts";
import { type Registry, runHooks } from "./registry.ts";
import { type Route } from "./routing.ts";
import { type Call, type HttpAnswer, type HttpData } from "./rpc.ts";

/** What hooks after the call may look at and change. */
interface After {
  readonly inputs: unknown[];
  result: unknown;
  error: unknown;
}

/**
 * Calls the function behind `route` and returns its answer, or nothing when it gave none.
 *
 * The order is that of the worker's InvocationHandler: arguments, hooks before (which may swap
 * inputs and handler), the handler, hooks after (which may set result and error), response.
 * Rejects with whatever the handler, a hook or the library threw.
 */
export async function invoke(
  registry: Registry,
  route: Route,
  http: HttpData,
): Promise<HttpAnswer | undefined> {
  if (registry.model === undefined) throw new Error("the app set no programming model");
  const call = describe(route, http);
  const model = registry.model.getInvocationModel(call);
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData: registry.appHookData, invocationContext: context };

  const before = { ...shared, inputs, functionCallback: route.fn.callback };
  call.state = "preInvocationHooks";
  await runHooks(registry, "preInvocation", before);

  const after: After = { ...shared, inputs: before.inputs, result: null, error: null };
  call.state = "invocation";
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error("the handler threw nothing at all");
  }
  call.state = "postInvocationHooks";
  await runHooks(registry, "postInvocation", after);
  call.state = undefined;
  if (after.error !== null && after.error !== undefined) throw after.error;
  const { returnValue } = await model.getResponse(context, after.result);
  return returnValue?.http;
}

function describe({ fn, binding }: Route, http: HttpData): Call {
  const invocationId = randomUUID();
  return {
    invocationId,
    request: {
      invocationId,
      functionId: fn.id,
      inputData: [{ name: binding, data: { http } }],
      triggerMetadata: {},
      traceContext: { traceParent: traceParent(http), traceState: stateOf(http) },
    },
    metadata: fn.metadata,
    log: (level, _category, message) => log(level, `${fn.metadata.name}: ${message}`),
  };
}

/** W3C Trace Context: the caller's trace goes on, with a span of our own; else a new one begins. */
function traceParent(http: HttpData): string {
  const given = http.nullableHeaders["traceparent"]?.value ?? "";
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(given);
  const span = randomBytes(8).toString("hex");
  return `00-${trace?.[1] ?? randomBytes(16).toString("hex")}-${span}-${trace?.[2] ?? "00"}`;
}

function stateOf(http: HttpData): string {
  return http.nullableHeaders["tracestate"]?.value ?? "";
}
