/**
 * `@azure/functions-core`, as the Node worker supplies it.
 *
 * The library asks for it with `require` when the first function is registered and keeps what it
 * gets for the life of the process, so a process can load one app only.
 */
import Module from "node:module";
import { log } from "./log.ts";
import { type Registry } from "./registry.ts";
import {
  type Callback,
  type Hook,
  type Level,
  type Metadata,
  type ProgrammingModel,
} from "./rpc.ts";

function registerFunction(
  registry: Registry,
  metadata: Metadata,
  callback: Callback,
): Registration {
  if (registry.locked) throw new Error("A function can only be registered during app startup.");
  const id = metadata.functionId ?? metadata.name;
  if (registry.functions.has(id)) {
    throw new Error(`A function with id "${id}" has already been registered.`);
  }
  registry.functions.set(id, { id, metadata, callback });
  return registration(() => {
    if (registry.locked) throw new Error("A function can only be disposed during app startup.");
    registry.functions.delete(id);
  });
}

function registerHook(registry: Registry, name: string, hook: Hook): Registration {
  const hooks = registry.hooks.get(name) ?? [];
  registry.hooks.set(name, hooks);
  hooks.push(hook);
  return registration(() => {
    const at = hooks.indexOf(hook);
    if (at >= 0) hooks.splice(at, 1);
  });
}

/** Takes a registration back, as long as the app is still loading. */
interface Registration {
  dispose(): void;
}

function registration(dispose: () => void): Registration {
  return { dispose };
}

/** Makes `require("@azure/functions-core")` yield a module that fills `registry`. */
export function supplyCore(registry: Registry): void {
  const core = {
    // The worker and host whose behaviour is reproduced; an app may ask.
    version: "3.9.1",
    hostVersion: "4.0.0",
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.model = model;
    },
    getProgrammingModel: () => registry.model,
    registerFunction: (metadata: Metadata, callback: Callback) =>
      registerFunction(registry, metadata, callback),
    registerHook: (name: string, hook: Hook) => registerHook(registry, name, hook),
    log: (level: Level, _category: string, message: string) => log(level, message),
  };
  // oxlint-disable-next-line typescript/unbound-method -- the proxy passes its receiver on
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self, args: [string]): unknown =>
      args[0] === "@azure/functions-core" ? core : Reflect.apply(target, self, args),
  });
}
