/**
 * The platform's sign-in (Easy Auth): the browser leaves for it and comes back. What stands behind the `#`
 * would not survive that, and is kept in this tab meanwhile; no server sees it.
 */
import { keep, kept } from "./storage.ts";

const NAME = "sonde.ask";

/** Where App Service begins a sign-in with Microsoft Entra ID, and returns to this page. */
export function signInUrl(): string {
  const back = encodeURIComponent(location.pathname);
  return `/.auth/login/aad?post_login_redirect_uri=${back}`;
}

export function leaveForSignIn(): void {
  keep("sessionStorage", NAME, location.hash);
}

/** What was asked before leaving, once; nothing when a link says something itself. */
export function hashBeforeSignIn(): string {
  const before = kept("sessionStorage", NAME);
  keep("sessionStorage", NAME, "");
  return location.hash.length < 2 ? before : "";
}
