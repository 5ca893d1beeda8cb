/** Options of `prober: websocket`. */
import { websocketRecipe } from "../probes/exporter/websocket.ts";
import { defined } from "../platform/values.ts";
import { clientKeys, clientOf } from "./client.ts";
import { list, pattern, refused, section, text, type ReadFile } from "./form.ts";
import { httpHeaders } from "./headers.ts";
import { preference, preferenceKeys } from "./addresses.ts";

const ofStreams = "messages are text, one for each entry: this is for prober: tcp";

const exchange = section({
  expect: pattern.optional(),
  send: text.optional(),
  expect_bytes: refused(ofStreams),
  labels: refused(ofStreams),
  starttls: refused(ofStreams),
}).transform(({ expect, send }) => ({ ...defined("expect", expect), ...defined("send", send) }));

export function websocketOptions(read: ReadFile) {
  const client = {
    ...clientKeys(read),
    proxy_url: refused("a WebSocket is opened without a proxy"),
  };
  return section({
    ...preferenceKeys,
    http_config: section(client).prefault({}),
    headers: httpHeaders(read),
    query_response: list(exchange),
  }).transform((given) => {
    const said = given.http_config;
    const { terms, headers } = clientOf({ ...said, proxy_url: undefined }, given.headers);
    return websocketRecipe({
      preference: preference(given),
      terms,
      headers,
      exchanges: given.query_response,
    });
  });
}
