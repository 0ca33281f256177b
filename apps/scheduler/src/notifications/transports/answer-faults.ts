/** Statuses below 500 that another attempt may change: too early, too often, in conflict, or a dependency that is away. */
const MENDED_BY_TIME: ReadonlySet<number> = new Set([408, 409, 421, 423, 424, 425, 429]);
/** Those from 500 on that none does: the receiver cannot do what we ask, ever. */
const FOR_GOOD: ReadonlySet<number> = new Set([501, 505]);

/** Whether the same message would be answered so again, however long we wait. */
export function isFinalStatus(status: number): boolean {
  return status < 500 ? !MENDED_BY_TIME.has(status) : FOR_GOOD.has(status);
}

const WHAT_TO_DO: Readonly<Record<number, string>> = {
  400: 'it cannot read the message; check the settings of the channel',
  401: 'it does not know us; check its URL, key or token',
  403: 'it refuses us; check its URL, key or token',
  404: 'nothing is at this URL, or its webhook was removed; give the new one',
  405: 'it takes no POST; check its URL',
  407: 'it asks for a proxy; check its URL',
  413: 'the message is too large for it',
  415: 'it takes no JSON; check its URL',
  422: 'it cannot use the message; check the settings of the channel',
  429: 'it gets too many messages',
  501: 'it takes no POST; check its URL',
};

/** In our words, for the owner of the channel. */
export function describeStatus(status: number): string {
  const said = `it answered ${status}`;
  if (status >= 300 && status < 400) return `${said}: redirects are not followed; give its final address`;
  const advice = WHAT_TO_DO[status] ?? (isFinalStatus(status) ? 'check its URL and the settings of the channel' : null);
  return advice ? `${said}: ${advice}` : said;
}
