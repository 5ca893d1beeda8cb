/**
 * Which function answers: ASP.NET Core's classic routing, with the order and the refusals of the
 * Functions host (ScriptHost.ValidateFunction, WebScriptHostHttpRoutesManager).
 */
import { type Registered } from "./registry.ts";
import { type Binding } from "./rpc.ts";
import { parseTemplate, type Segment, matchTemplate } from "./template.ts";

export interface Route {
  readonly fn: Registered;
  /** The trigger's binding name: hashed by the library, so it is read, never guessed. */
  readonly binding: string;
  readonly template: string;
  /** Upper case; empty means any method. */
  readonly methods: readonly string[];
  readonly authLevel: string;
  readonly segments: readonly Segment[];
}

export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

export interface Routes {
  /** In the order in which they are tried: by function name, ignoring case. No ranking. */
  readonly routes: readonly Route[];
  /** One sentence for each function that the real host would put in error. The others still run. */
  readonly refused: readonly string[];
}

/** Builds the route table as the host does at start-up. */
export function buildRoutes(functions: Iterable<Registered>, prefix: string): Routes {
  const routes: Route[] = [];
  const refused: string[] = [];
  const byName = [...functions].toSorted((a, b) => ordinal(a.metadata.name, b.metadata.name));
  for (const fn of byName) {
    const trigger = httpTrigger(fn);
    if (trigger === undefined) continue;
    const [binding, options] = trigger;
    const template = routeOf(fn, options);
    const methods = (options.methods ?? []).map((method) => method.toUpperCase());
    const problem = whyRefused(fn, template, methods, routes);
    if (problem !== undefined) {
      refused.push(`${fn.metadata.name}: ${problem}`);
      continue;
    }
    const authLevel = (options.authLevel ?? "function").toLowerCase();
    const segments = parseTemplate([trim(prefix), template].filter(Boolean).join("/"));
    routes.push({ fn, binding, template, methods, authLevel, segments });
  }
  return { routes, refused };
}

/** The first route that fits path and method. A wrong method is no match, hence 404 and never 405. */
export function findRoute(routes: Routes, method: string, path: string): Match | undefined {
  for (const route of routes.routes) {
    if (route.methods.length > 0 && !route.methods.includes(method)) continue;
    const params = matchTemplate(route.segments, path);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function httpTrigger(fn: Registered): readonly [string, Binding] | undefined {
  return Object.entries(fn.metadata.bindings).find(
    ([, binding]) => binding.type.toLowerCase() === "httptrigger",
  );
}

function routeOf(fn: Registered, options: Binding): string {
  const route = options.route ?? "";
  return route.trim() === "" ? fn.metadata.name : trim(route);
}

function whyRefused(
  fn: Registered,
  template: string,
  methods: readonly string[],
  others: readonly Route[],
): string | undefined {
  if (!/^(?!host$)[a-z][a-z0-9_-]{0,127}$/i.test(fn.metadata.name)) {
    return "the name must be a letter followed by at most 127 letters, digits, - or _";
  }
  // Any route that starts with these letters, "adminonly" too.
  if (/^(?:admin|runtime)/i.test(template)) {
    return "the specified route conflicts with one or more built in routes";
  }
  const rival = others.find(
    (other) =>
      other.template.toLowerCase() === template.toLowerCase() &&
      (methods.length === 0 ||
        other.methods.length === 0 ||
        other.methods.some((method) => methods.includes(method))),
  );
  return rival && `the route conflicts with that of function '${rival.fn.metadata.name}'`;
}

/** StringComparer.OrdinalIgnoreCase: by code unit after upper-casing, so "_" sorts after letters. */
function ordinal(a: string, b: string): number {
  const [left, right] = [a.toUpperCase(), b.toUpperCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function trim(route: string): string {
  return route.replace(/^\/+|\/+$/g, "");
}
