/** What is deployed: every route of the product, as a function of its own. */
import { routes } from "../lib/api/routes.ts";
import { pages } from "./page.ts";
import { serve } from "./serve.ts";

for (const route of [...routes, ...pages]) serve(route);
