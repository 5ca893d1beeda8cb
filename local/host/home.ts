/** What the Functions host answers at "/" when no function wants it. */
import { bare, type Reply } from "./response.ts";

const page = "<!DOCTYPE html><title>Functions</title><p>Your function app is up and running.</p>\n";

/** 200 with a page, or 204 with AzureWebJobsDisableHomepage=true. */
export function homePage(): Reply {
  if (process.env["AzureWebJobsDisableHomepage"]?.toLowerCase() === "true") return bare(204);
  return { status: 200, headers: [["content-type", "text/html"]], body: Buffer.from(page) };
}
