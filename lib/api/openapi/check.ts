/**
 * What `/api/check` takes in place of its target: a setting, or a suite by name. The schema of the probe is about
 * one target, which is what either of them comes down to.
 */
import { check } from "../../probes/check.ts";
import { smoke } from "../suite.ts";
import type { AnyProbe } from "../../probe.ts";
import { operationsOf, parametersOf, questionSchema, type Operation } from "./operations.ts";

const suite = "suite";

/** The parameter as `/api/smoke` has it. */
function suiteParameter() {
  const found = parametersOf(smoke).find((one) => "name" in one && one.name === suite);
  if (found === undefined || !("name" in found)) throw new Error("smoke takes no suite");
  return { ...found, required: false };
}

function checkOperations(): { readonly get: Operation; readonly post: Operation } {
  const { get, post } = operationsOf(check);
  const parameters = (get.parameters ?? []).map((one) =>
    "name" in one && one.name === "target" ? { ...one, required: false } : one,
  );
  return { get: { ...get, parameters: [...parameters, suiteParameter()] }, post };
}

function checkQuestion(): Record<string, object> {
  const { schema, description } = suiteParameter();
  const settings = "What az webapp config appsettings list prints of another app, for suite=self";
  const asked = questionSchema(check);
  return Object.fromEntries(
    Object.entries(asked).map(([name, question]) => {
      const { properties, required: _, ...rest } = { properties: {}, required: [], ...question };
      const more = {
        [suite]: { ...schema, description },
        appsettings: { type: "array", items: { type: "object" }, description: settings },
      };
      return [name, { ...rest, properties: { ...properties, ...more } }];
    }),
  );
}

/** A probe as it is asked: two operations. */
export function askedBy(probe: AnyProbe) {
  return probe.name === check.name ? checkOperations() : operationsOf(probe);
}

/** The component that a POST of a probe sends. */
export function sentTo(probe: AnyProbe): Record<string, object> {
  return probe.name === check.name ? checkQuestion() : questionSchema(probe);
}
