import { parseHttpDate } from './http-date.ts';

type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** The pause in seconds that the fields of an answer ask for; null when there is no sensible one. */
export function retryAfterOf(fields: Fields, now: number): number | null {
  const asked = textOf(fields['retry-after']);
  return secondsOf(asked) ?? untilDate(asked, textOf(fields['date']), now);
}

/**
 * The same for a 429 from Discord, which sends this field in other answers, too, where it means
 * nothing.
 */
export function resetAfterOf(fields: Fields): number | null {
  return secondsOf(textOf(fields['x-ratelimit-reset-after']));
}

/**
 * The same from the start of a JSON body: Telegram's `parameters.retry_after`, Discord's
 * `retry_after`.
 */
export function retryAfterInBody(body: string): number | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const said = value as {
    retry_after?: unknown;
    parameters?: { retry_after?: unknown } | null;
  } | null;
  const seconds = said?.parameters?.retry_after ?? said?.retry_after;
  return typeof seconds === 'number' && seconds > 0 ? seconds : null;
}

/** Relative to the receiver's own clock, if the answer shows it. */
function untilDate(asked: string, date: string, now: number): number | null {
  const until = parseHttpDate(asked, now);
  if (until === null) return null;
  const seconds = (until - (parseHttpDate(date, now) ?? now)) / 1000;
  return seconds > 0 ? seconds : null;
}

function secondsOf(text: string): number | null {
  return /^\d{1,9}(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

const textOf = (field: string | string[] | undefined) =>
  typeof field === 'string' ? field.trim() : '';
