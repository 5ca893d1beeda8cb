/** Loading undici takes as long as many requests: whoever times one loads it before. */
export async function loadClient() {
  // A CommonJS package: bundled, it has no named exports but its default.
  return (await import("undici")).default;
}
