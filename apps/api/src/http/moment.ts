import Format from 'typebox/format';

/** The latest time that RFC 3339 can express in UTC, in milliseconds since the epoch. */
export const LATEST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether it is an RFC 3339 time that lies between 1970 and 9999 in UTC. */
export function isMoment(text: string): boolean {
  if (!Format.IsDateTime(text)) return false;
  const time = Date.parse(text);
  return time >= 0 && time <= LATEST_MOMENT;
}
