import { parseHttpDate } from './http-date.ts';

type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** For how many seconds the fields of an answer ask us to stay away; null when they ask for nothing that makes sense. */
export function retryAfterOf(fields: Fields, now: number): number | null {
  const asked = textOf(fields['retry-after']);
  return secondsOf(asked) ?? untilDate(asked, textOf(fields['date']), now);
}

/** The same of a 429 by Discord, which has this field in other answers, too, where it asks for nothing. */
export function resetAfterOf(fields: Fields): number | null {
  return secondsOf(textOf(fields['x-ratelimit-reset-after']));
}

/** The same of the start of a body in JSON: Telegram says `parameters.retry_after`, Discord `retry_after`. */
export function retryAfterInBody(body: string): number | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const said = value as { retry_after?: unknown; parameters?: { retry_after?: unknown } | null } | null;
  const seconds = said?.parameters?.retry_after ?? said?.retry_after;
  return typeof seconds === 'number' && seconds > 0 ? seconds : null;
}

/** By the receiver's own clock, if it says what that shows: only the difference counts. */
function untilDate(asked: string, date: string, now: number): number | null {
  const until = parseHttpDate(asked, now);
  if (until === null) return null;
  const seconds = (until - (parseHttpDate(date, now) ?? now)) / 1000;
  return seconds > 0 ? seconds : null;
}

function secondsOf(text: string): number | null {
  return /^\d{1,9}(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

const textOf = (field: string | string[] | undefined) => (typeof field === 'string' ? field.trim() : '');
