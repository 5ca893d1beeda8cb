/** An app whose only function does nothing: the price of the Functions library and of the local host. */
import { app } from "@azure/functions";

app.http("empty", { authLevel: "anonymous", handler: () => ({ body: "" }) });
