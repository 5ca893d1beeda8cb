let loading: ReturnType<typeof load> | undefined;

/** Loading undici takes as long as many requests: whoever times one loads it before. */
export function loadClient() {
  return (loading ??= load());
}

async function load() {
  // A CommonJS package: bundled, it has no named exports but its default.
  return (await import("undici")).default;
}
