/**
 * The platform's sign-in (Easy Auth): the browser leaves for it and comes back. What stands behind the `#`
 * would not survive that, and is kept in this tab meanwhile; no server sees it.
 */
const NAME = "sonde.ask";

/** Where App Service begins a sign-in with Microsoft Entra ID, and returns to this page. */
export function signInUrl(): string {
  const back = encodeURIComponent(location.pathname);
  return `/.auth/login/aad?post_login_redirect_uri=${back}`;
}

export function leaveForSignIn(): void {
  try {
    sessionStorage.setItem(NAME, location.hash);
  } catch {
    // A browser that stores nothing opens the page empty afterwards.
  }
}

/** What was asked before leaving, once; nothing when a link says something itself. */
export function hashBeforeSignIn(): string | undefined {
  try {
    const kept = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    return kept !== null && location.hash.length < 2 ? kept : undefined;
  } catch {
    return undefined;
  }
}
