import { TargetFault } from '../failure-reason.ts';
import type { Answer, HttpRequest, RequestOptions } from './request.ts';
import { createRedirectCookies } from './redirect-cookies.ts';

const MAX_REDIRECTS = 10;
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

type Headers = RequestOptions['headers'];

/**
 * Requests `url` and follows at most ten redirects, with the cookies they set. Once a redirect
 * leaves the origin, credentials among the headers are dropped for the rest of the probe.
 */
export async function requestFollowing(
  request: HttpRequest,
  url: URL,
  options: RequestOptions,
): Promise<Answer> {
  const cookies = createRedirectCookies();
  const seen = new Set<string>();
  let { headers } = options;
  for (let redirects = 0; ; redirects++) {
    const cookie = redirects === 0 ? headers['cookie'] : cookies.join(headers['cookie'], url);
    const answer = await request(url, {
      ...options,
      headers: cookie === undefined ? headers : { ...headers, cookie },
    });
    if (!REDIRECT_STATUSES.has(answer.statusCode)) return answer;
    const location = answer.fields.first('location');
    if (!location) return answer;
    answer.discard();
    if (redirects === MAX_REDIRECTS)
      throw new TargetFault('too_many_redirects', seen.has(url.href) ? 'redirect_loop' : undefined);
    seen.add(url.href);
    cookies.keep(answer.fields, url);
    const next = resolveLocation(location, url);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

/** Names of fields that carry credentials; other fields, such as User-Agent, go to every origin. */
const CREDENTIALS =
  /auth|bearer|cert|cookie|credential|hmac|jwt|key|otp|pass|pwd|secret|session|sid\b|sign|token|\bp(?:in|w)\b/;

function withoutCredentials(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.test(name)));
}

function resolveLocation(location: string, from: URL): URL {
  const text = Buffer.from(location, 'latin1').toString(); // Header bytes are read as Latin-1; servers write UTF-8.
  const url = URL.parse(text, from.href);
  if (!url) throw new TargetFault('bad_redirect', 'redirect_malformed');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TargetFault('bad_redirect', 'redirect_not_http');
  return url;
}
