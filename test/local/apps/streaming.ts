import { app } from "@azure/functions";

app.setup({ enableHttpStream: true });
app.http("any", { handler: () => ({ body: "any" }) });
