const MAX_URL_LENGTH = 2048;
/** What the URL parser would drop in silence, and the NUL that a target might. */
const SUSPICIOUS = /[\0-\x20\x7f]|%00/;

/** Whether `text` is an absolute http or https URL without credentials, short enough and free of blanks. */
export function isTargetUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || SUSPICIOUS.test(text) || !text.isWellFormed()) return false;
  const url = URL.parse(text);
  return url !== null && !url.username && !url.password && url.port !== '0' && normalizeTargetUrl(text).length <= MAX_URL_LENGTH;
}

/** The URL in its one spelling (WHATWG), without the fragment, which no target gets to see. */
export function normalizeTargetUrl(text: string): string {
  const url = new URL(text);
  url.hash = '';
  return url.href;
}
