import { Cookie, CookieJar, getPublicSuffix } from 'tough-cookie';
import type { AnswerFields } from './wire/answer-head.ts';

/** The cookies that the redirects of one probe have set, for whom they are. */
export interface RedirectCookies {
  keep(fields: AnswerFields, from: URL): void;
  /** The value of a Cookie field: what the monitor sends anyway, and the cookies for that URL, which win over those of the same name. */
  join(own: string | undefined, to: URL): string | undefined;
}

/** Of one answer, as browsers take them. */
const MAX_COOKIES = 50;
const MAX_COOKIE_LENGTH = 4096;
const LENIENT = { ignoreError: true, allowSpecialUseDomain: true };
const SENDABLE = /^[\x20-\x7e\x80-\xff]*$/;

/** A jar is made for the first cookie: few probes meet one. */
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
      const kept = (own ?? '').split(';').filter((pair) => pair.trim() && !names.has((pair.split('=')[0] ?? '').trim()));
      return [...kept.map((pair) => pair.trim()), ...cookies.map((cookie) => cookie.cookieString())].join('; ');
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
