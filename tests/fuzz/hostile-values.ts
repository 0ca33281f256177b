import fc from 'fast-check';
import type { Schema } from './description.ts';
import { validValue } from './valid-values.ts';

export const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'a\udfffb',
    '\u202e',
    '\ufeff',
    'line\r\nbreak',
    '../../etc/hosts',
    "' OR 1=1 --",
    '"; DROP TABLE users; --',
    '%00',
    '%s%n',
    '${7*7}',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-1',
    '1e400',
    '9223372036854775808',
    '0000-00-00T00:00:00Z',
    '+300000-01-01T00:00:00Z',
    'infinity',
    '00000000-0000-0000-0000-000000000000',
    'http://127.1/',
    'javascript:alert(1)',
    'http://user:pass@example.com/',
    'http://[::ffff:127.0.0.1]/',
  ),
  fc.integer({ min: 1, max: 70_000 }).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const hostileNumber = fc.constantFrom(
  -0,
  -1,
  0.5,
  1e21,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  1e308,
  5e-324,
);

/** Any JSON, rather of the kind that breaks things. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: 1 }, ['5']),
  fc.integer({ min: 10, max: 3000 }).map((length) => Array.from({ length }, () => 'x')),
  fc
    .integer({ min: 10, max: 1000 })
    .map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
  fc.jsonValue(),
);

/** Bodies that are no JSON, or not the JSON that they seem. */
export const hostileBody = fc.oneof(
  fc
    .constantFrom(
      '{',
      '{"a":1,}',
      "{'a':1}",
      '{"a":NaN}',
      '{"__proto__":{"paused":true}}',
      '{"constructor":{"prototype":{}}}',
      '{"name":1e400}',
      '\ufeff{}',
      '{}{}',
      'null',
      '[]',
      '""',
    )
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc
    .integer({ min: 200_000, max: 300_000 })
    .map((length) => Buffer.from(`{"name":"${'x'.repeat(length)}"}`)),
  fc.integer({ min: 1000, max: 50_000 }).map((depth) => Buffer.from('['.repeat(depth))),
);

/** A value that fits the schema but for one place: a property too few, too many, or out of its bounds. */
export function nearMiss(schema: Schema): fc.Arbitrary<unknown> {
  const { properties = {} } = schema;
  const whole = validValue(schema) as fc.Arbitrary<Record<string, unknown>>;
  const names = Object.keys(properties);
  if (names.length === 0) return outOfBounds(schema);
  const name = fc.constantFrom(...names);
  return fc.oneof(
    {
      weight: 1,
      arbitrary: fc.tuple(whole, name).map(([value, left]) => ({ ...value, [left]: undefined })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(whole, hostileText, hostileValue)
        .map(([value, added, what]) => ({ ...value, [added]: what })),
    },
    {
      weight: 4,
      arbitrary: name.chain((spoilt) =>
        fc
          .tuple(whole, outOfBounds(properties[spoilt] ?? {}))
          .map(([value, what]) => ({ ...value, [spoilt]: what })),
      ),
    },
  );
}

function outOfBounds({
  minimum,
  maximum,
  minLength,
  maxLength,
  minItems,
  maxItems,
  items,
  enum: words,
}: Schema): fc.Arbitrary<unknown> {
  const beyond: unknown[] = [
    ...(minimum === undefined ? [] : [minimum - 1, minimum + 0.5, String(minimum)]),
    ...(maximum === undefined ? [] : [maximum + 1, [maximum]]),
    ...(minLength ? ['x'.repeat(minLength - 1)] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1), '😀'.repeat(maxLength + 1)]),
    ...(minItems ? [[]] : []),
    ...(words ?? []).map((word) => (typeof word === 'string' ? word.toUpperCase() : String(word))),
  ];
  const tooMany =
    maxItems === undefined || !items
      ? []
      : [fc.array(validValue(items), { minLength: maxItems + 1, maxLength: maxItems + 1 })];
  return fc.oneof(
    hostileValue,
    ...(beyond.length > 0 ? [fc.constantFrom(...beyond)] : []),
    ...tooMany,
  );
}
