import Format from 'typebox/format';

/** The last one that RFC 3339 can write in UTC. Milliseconds since the epoch. */
export const LATEST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether it is a moment of RFC 3339 that is one in UTC, too, from 1970 to 9999. */
export function isMoment(text: string): boolean {
  if (!Format.IsDateTime(text)) return false;
  const time = Date.parse(text);
  return time >= 0 && time <= LATEST_MOMENT;
}
