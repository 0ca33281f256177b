import { expect, test } from '@jest/globals';
import { isName } from './name.ts';

test.each([
  'a',
  ' Home page ',
  '.',
  '7',
  '漢字',
  'می\u200cخواهم',
  'क\u094d\u200dष',
  'é'.normalize('NFD'),
  '👨\u200d👩\u200d👧',
  '❤\ufe0f\u200d🔥',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  '🇦🇹',
  'שלום world',
])('%j is a name', (text) => {
  expect(isName(text)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['blanks alone', '   '],
  ['other blanks alone', '\u00a0\u2003\u3000'],
  ['a braille blank', '\u2800'],
  ['a Hangul filler', '\u3164'],
  ['a mark alone', '\u0301'],
  ['a zero-width space alone', '\u200b'],
  ['a zero-width space inside', 'pay\u200bpal'],
  ['a joiner alone', '\u200d'],
  ['a joiner between Latin letters', 'pay\u200dpal'],
  ['a byte order mark', '\ufeffa'],
  ['a word joiner', 'a\u2060b'],
  ['a soft hyphen', 'a\u00adb'],
  ['an override of the direction', 'a\u202eb'],
  ['an isolate', '\u2066a\u2069'],
  ['a mark of the direction', 'a\u200f'],
  ['an Arabic letter mark', 'a\u061c'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a line break', 'a\nb'],
  ['a tab', 'a\tb'],
  ['NUL', 'a\0b'],
  ['C1 controls', 'a\u0085b'],
  ['tags that spell in secret', 'a\u{e0041}\u{e0042}'],
  ['half a character', 'a\ud800'],
])('%s is not a name: %j', (_, text) => {
  expect(isName(text)).toBe(false);
});

test.each(['\u3164', 'admin\u115f', 'a\u034f', 'a\u180b', 'a\u{e0100}'])(
  '%j has hidden characters and is not a name',
  (text) => {
    expect(isName(text)).toBe(false);
  },
);

test('a text of any length is refused at once, whatever flags it starts', () => {
  for (let i = 0; i < 20; i++) expect(isName(`\u{1f3f4}${'\u{e0061}'.repeat(60_000)}`)).toBe(false);
  expect(isName(`\u{1f3f4}${'\u{e0061}'.repeat(400)}\u{1f3f4}\u{e0061}\u{e007f}`)).toBe(true);
});
