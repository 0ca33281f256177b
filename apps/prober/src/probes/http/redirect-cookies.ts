import { Cookie, CookieJar, getPublicSuffix } from 'tough-cookie';
import type { AnswerFields } from './wire/answer-head.ts';

/** The cookies that the redirects of one probe have set, by the hosts they are for. */
export interface RedirectCookies {
  keep(fields: AnswerFields, from: URL): void;
  /**
   * The value of the Cookie field for a URL: the monitor's cookies and those of redirects, which
   * win over the monitor's of the same name.
   */
  join(own: string | undefined, to: URL): string | undefined;
}

/** Takes the cookies of one answer, as browsers do. */
const MAX_COOKIES = 50;
const MAX_COOKIE_LENGTH = 4096;
const LENIENT = { ignoreError: true, allowSpecialUseDomain: true };
const SENDABLE = /^[\x20-\x7e\x80-\xff]*$/;

/** Created with the first cookie: few probes meet one. */
export function createRedirectCookies(): RedirectCookies {
  let jar: CookieJar | null = null;
  return {
    keep(fields, from) {
      for (const text of fields.all('set-cookie').slice(0, MAX_COOKIES)) {
        const cookie = parse(text, from);
        if (!cookie) continue;
        jar ??= new CookieJar();
        jar.setCookieSync(cookie, from.href, { ignoreError: true });
      }
    },
    join(own, to) {
      const cookies = jar?.getCookiesSync(to.href) ?? [];
      if (cookies.length === 0) return own;
      const names = new Set(cookies.map(({ key }) => key));
      const kept = (own ?? '')
        .split(';')
        .filter((pair) => pair.trim() && !names.has((pair.split('=')[0] ?? '').trim()));
      return [
        ...kept.map((pair) => pair.trim()),
        ...cookies.map((cookie) => cookie.cookieString()),
      ].join('; ');
    },
  };
}

function parse(text: string, { hostname }: URL): Cookie | undefined {
  if (text.length > MAX_COOKIE_LENGTH || !SENDABLE.test(text)) return undefined;
  const cookie = Cookie.parse(text, { loose: true });
  // The domain of a host such as "intranet" is the host itself (RFC 6265, 5.3, step 5); tough-cookie would refuse the cookie.
  if (cookie?.domain === hostname && !getPublicSuffix(hostname, LENIENT)) cookie.domain = null;
  return cookie?.cookieString() ? cookie : undefined;
}
