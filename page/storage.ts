/** What this browser keeps: for this tab, or until it is cleared. A browser that keeps nothing is no error. */
type Kind = "sessionStorage" | "localStorage";

/** Empty when there is nothing. */
export function kept(kind: Kind, name: string): string {
  try {
    return window[kind].getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** Whether it is kept now; an empty value is forgotten. */
export function keep(kind: Kind, name: string, value: string): boolean {
  try {
    if (value === "") window[kind].removeItem(name);
    else window[kind].setItem(name, value);
    return true;
  } catch {
    return false;
  }
}
