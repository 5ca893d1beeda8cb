/** An app that shows what a handler sees, and answers in every way the host has to carry. */
import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { app, type HttpHandler, type HttpRequest, output, trigger } from "@azure/functions";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

async function seen(request: HttpRequest) {
  return {
    method: request.method,
    url: request.url,
    params: request.params,
    query: [...request.query],
    headers: [...request.headers],
    body: await request.text(),
  };
}

const show: HttpHandler = async (request, context) => ({
  jsonBody: { ...(await seen(request)), name: context.functionName },
});

app.http("see", { route: "see", methods: [...methods], authLevel: "anonymous", handler: show });

// Names decide the order, not how specific a route is: "alpha" is tried before "beta" and "Gamma".
app.http("Gamma", { route: "order/{any}", authLevel: "anonymous", handler: show });
app.http("beta", { route: "order/literal", authLevel: "anonymous", handler: show });
app.http("alpha", { route: "order/{number:int}", authLevel: "anonymous", handler: show });

app.http("optional", { route: "optional/{Name?}", authLevel: "anonymous", handler: show });
app.http("fallback", { route: "fallback/{name=nobody}", authLevel: "anonymous", handler: show });
app.http("everything", { route: "rest/{*path}", authLevel: "anonymous", handler: show });
app.http("named", { authLevel: "anonymous", handler: show });
app.http("ranged", {
  route: "ranged/{n:range(1,5)}/{code:length(2)}/{id:guid}",
  authLevel: "anonymous",
  handler: show,
});
app.http("pattern", {
  route: "pattern/{day:regex(^\\d{{4}}:\\d{{2}}$)}",
  authLevel: "anonymous",
  handler: show,
});

// The same path twice is no conflict while the methods differ.
app.get("pairGet", { route: "pair", authLevel: "anonymous", handler: () => ({ body: "got" }) });
app.post("pairPost", {
  route: "pair",
  authLevel: "anonymous",
  handler: () => ({ body: "posted" }),
});

app.http("forbiddenAdmin", { route: "AdminOnly", authLevel: "anonymous", handler: show });
app.http("forbiddenRuntime", { route: "runtime/x", authLevel: "anonymous", handler: show });
app.http("seeAgain", { route: "SEE", methods: ["POST"], authLevel: "anonymous", handler: show });

app.generic("nothing", {
  trigger: trigger.http({ authLevel: "anonymous" }),
  return: output.http({}),
  handler: () => undefined,
});
app.http("throws", {
  authLevel: "anonymous",
  handler: () => {
    throw new Error("as planned");
  },
});
app.http("baked", {
  authLevel: "anonymous",
  handler: () => ({
    status: 201,
    headers: { "X-Own": "mine", "Content-Type": "text/x-baked", "Content-Length": "3" },
    cookies: [
      { name: "plain", value: "a b;c" },
      {
        name: "full",
        value: "1",
        domain: "example.test",
        path: "/deep",
        expires: new Date("2030-01-02T03:04:05Z"),
        maxAge: 60,
        secure: true,
        httpOnly: true,
        sameSite: "None",
      },
    ],
    body: "baked\n",
  }),
});

app.http("open", { authLevel: "anonymous", handler: () => ({ body: "open" }) });
app.http("keyed", { authLevel: "function", handler: () => ({ body: "keyed" }) });
app.http("mastered", { authLevel: "admin", handler: () => ({ body: "mastered" }) });

app.http("slow", {
  authLevel: "anonymous",
  handler: async (request) => {
    await wait(Number(request.query.get("ms") ?? 400));
    return { body: "slow but done" };
  },
});
app.http("environment", {
  authLevel: "anonymous",
  handler: () => ({ jsonBody: environmentAtRegistration }),
});
const environmentAtRegistration = { ...process.env };

app.http("hooked", {
  authLevel: "anonymous",
  handler: (request: unknown) => ({ jsonBody: { input: String(request) } }),
});
app.hook.appStart((context) => {
  context.hookData["started"] = true;
});
app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName === "hooked") context.inputs = ["swapped"];
});
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName !== "hooked") return;
  context.result = { ...Object(context.result), headers: { "x-hook": "after" } };
});
app.hook.appTerminate(() => {
  const path = process.env["TERMINATED"];
  if (path !== undefined) appendFileSync(path, "terminated\n");
});
