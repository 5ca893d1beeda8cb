/** What an app has registered while it loaded: functions, hooks and its programming model. */
import { type Callback, type Hook, type Metadata, type ProgrammingModel } from "./rpc.ts";

export interface Registered {
  readonly id: string;
  readonly metadata: Metadata;
  readonly callback: Callback;
}

export interface Registry {
  readonly functions: Map<string, Registered>;
  readonly hooks: Map<string, Hook[]>;
  /** Shared by every hook of the app, as the worker does. */
  readonly appHookData: Record<string, unknown>;
  model: ProgrammingModel | undefined;
  /** Set once the app has loaded: functions can be registered during start-up only. */
  locked: boolean;
}

export function emptyRegistry(): Registry {
  return {
    functions: new Map(),
    hooks: new Map(),
    appHookData: {},
    model: undefined,
    locked: false,
  };
}

/** Runs the hooks of one kind in the order they were registered. A hook that throws ends the row. */
export async function runHooks(registry: Registry, name: string, context: object): Promise<void> {
  for (const hook of registry.hooks.get(name) ?? []) await hook(context);
}
