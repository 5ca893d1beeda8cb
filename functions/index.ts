/** What is deployed: every route of the product, as a function of its own. */
import { pathPrefixOf } from "../lib/api/settings.ts";
import { routes } from "../lib/api/routes.ts";
import { pages } from "./page.ts";
import { serve } from "./serve.ts";

const prefix = pathPrefixOf(process.env);

for (const route of [...routes, ...pages]) {
  serve(route);
  // A gateway that keeps its path prefix on the way asks here; one that strips it asks above.
  if (prefix) serve({ ...route, name: `${route.name}Prefixed`, route: `${prefix}/${route.route}` });
}
