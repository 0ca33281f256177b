import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FORMATS } from './formats.ts';

const described = Object.entries(FORMATS).flatMap(([name, { holds, pattern }]) =>
  pattern ? [{ name, holds, pattern }] : [],
);
const TEXTS: Record<string, fc.Arbitrary<string>> = {
  'target-url': fc.webUrl({ withQueryParameters: true, withFragments: true }),
  'websocket-url': fc.webUrl({
    validSchemes: ['ws', 'wss'],
    withQueryParameters: true,
    withFragments: true,
  }),
  host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
  'status-expectation': fc.stringMatching(/^[1-5]\d\d(-[1-5]\d\d)?$/),
};

test.each(described)('the pattern of $name accepts every valid one', ({ name, holds, pattern }) => {
  const text = fc.oneof(
    TEXTS[name] ?? fc.stringMatching(/^[!-~]{1,9}$/),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
  );
  const expression = new RegExp(pattern, 'u');
  fc.assert(fc.property(text, (value) => !holds(value) || expression.test(value)));
});

test.each([
  ['text', '\0'],
  ['line', 'a\nb'],
  ['name', '  '],
  ['name', 'a\u202eb'],
  ['target-url', 'ftp://example.com'],
  ['target-url', 'wss://example.com'],
  ['websocket-url', 'https://example.com'],
  ['status-expectation', '600'],
  ['header-name', 'a b'],
  ['header-value', 'a\nb'],
])('the pattern of %s refuses %j', (name, value) => {
  expect(new RegExp(FORMATS[name]?.pattern ?? '', 'u').test(value)).toBe(false);
});
