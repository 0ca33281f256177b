import { malformed, type AnswerHead } from './answer-head.ts';

/** How the end of an answer's body is found. */
export type BodyFraming =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until_close' };

const UNTIL_CLOSE: BodyFraming = { kind: 'until_close' };
const CHUNKED: BodyFraming = { kind: 'chunked' };

/**
 * RFC 9112, 6.3: chunked wins over a length, and equal lengths count as one. Throws for
 * contradictory or invalid lengths, as curl 8 does, for HEAD as well.
 */
export function framingOf({ statusCode, fields }: AnswerHead, method: string): BodyFraming {
  const codings = listOf(fields.all('transfer-encoding'));
  const length = codings.includes('chunked') ? null : lengthOf(fields.all('content-length'));
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304)
    return { kind: 'length', bytes: 0 };
  if (codings.includes('chunked')) return CHUNKED;
  return length === null ? UNTIL_CLOSE : { kind: 'length', bytes: length };
}

/**
 * The codings of the body, in the order in which they were applied: RFC 9110, 8.4. Transfer codings
 * come last.
 */
export function codingsOf({ fields }: AnswerHead): string[] {
  const transferred = listOf(fields.all('transfer-encoding')).filter(
    (coding) => coding !== 'chunked',
  );
  return [...listOf(fields.all('content-encoding')), ...transferred].filter(
    (coding) => coding !== 'identity',
  );
}

/** The items of list fields, in lower case and without parameters. */
function listOf(values: readonly string[]): string[] {
  if (values.length === 0) return [];
  return values
    .join(',')
    .split(',')
    .map((item) => (item.split(';')[0] ?? '').trim().toLowerCase())
    .filter(Boolean);
}

/** Null when there is none, or when it is out of range. */
function lengthOf(values: readonly string[]): number | null {
  if (values.length === 0) return null;
  const lengths = values.flatMap((value) => value.split(',')).map((item) => item.trim());
  if (!lengths.every((length) => /^\d+$/.test(length))) throw malformed();
  const [bytes = 0, ...others] = lengths.map(Number);
  if (others.some((other) => other !== bytes)) throw malformed();
  return Number.isSafeInteger(bytes) ? bytes : null;
}
