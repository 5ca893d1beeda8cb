import { app } from "@azure/functions";

app.http("page", { route: "{ignored:maxlength(0)?}", handler: () => ({ body: "page" }) });
app.http("deep", { route: "api/deep", handler: () => ({ body: "deep" }) });
