/**
 * Statuses below 500 that a retry may change: too early, too often, in conflict, or a failed
 * dependency.
 */
const MENDED_BY_TIME: ReadonlySet<number> = new Set([408, 409, 421, 423, 424, 425, 429]);
/** Statuses from 500 on that no retry changes: the receiver can never do what we ask. */
const FOR_GOOD: ReadonlySet<number> = new Set([501, 505]);

/** Whether the same message would always get the same answer. */
export function isFinalStatus(status: number): boolean {
  return status < 500 ? !MENDED_BY_TIME.has(status) : FOR_GOOD.has(status);
}

const WHAT_TO_DO: Readonly<Record<number, string>> = {
  400: 'it cannot read the message; check the settings of the channel',
  401: 'it rejects our credentials; check its URL, key or token',
  403: 'it denies access; check its URL, key or token',
  404: 'nothing is at this URL, or the webhook was removed; enter the new URL',
  405: 'it does not accept POST; check its URL',
  407: 'it demands a proxy login; check its URL',
  413: 'the message is too large for it',
  415: 'it does not accept JSON; check its URL',
  422: 'it cannot use the message; check the settings of the channel',
  429: 'it gets too many messages',
  501: 'it does not accept POST; check its URL',
};

/** In our words, for the channel's owner. */
export function describeStatus(status: number): string {
  const said = `it answered ${status}`;
  if (status >= 300 && status < 400)
    return `${said}: redirects are not followed; enter the final address`;
  const advice =
    WHAT_TO_DO[status] ??
    (isFinalStatus(status) ? 'check its URL and the settings of the channel' : null);
  return advice ? `${said}: ${advice}` : said;
}
