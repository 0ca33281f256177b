const KEY = 'gomon.session';

interface Session {
  readonly token: string;
  readonly username: string;
  readonly expiresAt: string;
}

/**
 * Kept in localStorage, so that a link opened in another tab finds it. A script that ran in this page could use the session
 * wherever it was kept, so none may: the page's policy allows the api's own files only, and requests to its own origin only.
 * A token lives for a day at most and dies at the api when one logs out.
 */
export function readSession(): Session | null {
  const text = localStorage.getItem(KEY);
  const session = text === null ? null : (JSON.parse(text) as Session);
  return session && Date.parse(session.expiresAt) > Date.now() ? session : null;
}

export function keepSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session));
}

export function forgetSession(): void {
  localStorage.removeItem(KEY);
}
