import { malformed, type AnswerHead } from './answer-head.ts';

/** Where the body of an answer ends. */
export type BodyFraming =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'until_close' };

const UNTIL_CLOSE: BodyFraming = { kind: 'until_close' };
const CHUNKED: BodyFraming = { kind: 'chunked' };

/**
 * RFC 9112, 6.3: chunked wins over a length, and equal lengths are one. Throws for lengths that contradict each other or are none,
 * as curl 8 refuses them, to HEAD as well.
 */
export function framingOf({ statusCode, fields }: AnswerHead, method: string): BodyFraming {
  const codings = listOf(fields.all('transfer-encoding'));
  const length = codings.includes('chunked') ? null : lengthOf(fields.all('content-length'));
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) return { kind: 'length', bytes: 0 };
  if (codings.includes('chunked')) return CHUNKED;
  return length === null ? UNTIL_CLOSE : { kind: 'length', bytes: length };
}

/** What was done to the body, in the order in which it was: RFC 9110, 8.4. The codings of a transfer come last. */
export function codingsOf({ fields }: AnswerHead): string[] {
  const transferred = listOf(fields.all('transfer-encoding')).filter((coding) => coding !== 'chunked');
  return [...listOf(fields.all('content-encoding')), ...transferred].filter((coding) => coding !== 'identity');
}

/** The items of fields that are lists, in lower case and without what parameters they have. */
function listOf(values: readonly string[]): string[] {
  if (values.length === 0) return [];
  return values
    .join(',')
    .split(',')
    .map((item) => (item.split(';')[0] ?? '').trim().toLowerCase())
    .filter(Boolean);
}

/** Null when there is none, or one beyond all bounds. */
function lengthOf(values: readonly string[]): number | null {
  if (values.length === 0) return null;
  const lengths = values.flatMap((value) => value.split(',')).map((item) => item.trim());
  if (!lengths.every((length) => /^\d+$/.test(length))) throw malformed();
  const [bytes = 0, ...others] = lengths.map(Number);
  if (others.some((other) => other !== bytes)) throw malformed();
  return Number.isSafeInteger(bytes) ? bytes : null;
}
