import { TargetFault } from './failure-reason.ts';
import { discard, type Answer, type HttpRequest, type RequestOptions } from './http-request.ts';

const MAX_REDIRECTS = 10;
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** Requests `url` and follows at most ten redirects. The headers stay behind when a redirect leaves the origin. */
export async function requestFollowing(request: HttpRequest, url: URL, options: RequestOptions): Promise<Answer> {
  let { headers } = options;
  for (let redirects = 0; ; redirects++) {
    const answer = await request(url, { ...options, headers });
    if (!REDIRECT_STATUSES.has(answer.statusCode)) return answer;
    const { location } = answer.headers;
    if (!location) return answer;
    discard(answer);
    if (redirects === MAX_REDIRECTS) throw new TargetFault('too_many_redirects');
    const next = resolveLocation(location, url);
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
}

function resolveLocation(location: string, from: URL): URL {
  const text = Buffer.from(location, 'latin1').toString(); // Node reads header bytes as Latin-1, servers write UTF-8.
  const url = URL.parse(text, from.href);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new TargetFault('bad_redirect');
  return url;
}
