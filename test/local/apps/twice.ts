import { app } from "@azure/functions";

app.http("twin", { route: "one", handler: () => ({ body: "one" }) });
app.http("twin", { route: "two", handler: () => ({ body: "two" }) });
