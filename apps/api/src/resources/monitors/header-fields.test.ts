import { expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { headerFaults, isHeaderName, isHeaderValue, encryptHeaders } from './header-fields.ts';

test.each(['Authorization', 'x-api-key', 'User-Agent', "!#$%&'*+.^_`|~-9a"])(
  '%s may be set',
  (name) => expect(isHeaderName(name)).toBe(true),
);

test.each([
  '',
  'Host',
  'CONTENT-LENGTH',
  'Transfer-Encoding',
  'proxy-authorization',
  'a b',
  'a:b',
  'ä',
  'a\n',
])('%j may not be set', (name) => {
  expect(isHeaderName(name)).toBe(false);
});

test.each(['', 'a', 'Bearer a.b-c', 'tab\tinside', 'Zoë', '"quoted, text"'])(
  '%j is a value',
  (value) => expect(isHeaderValue(value)).toBe(true),
);

test.each(['a\r\nX-B: c', 'a\n', ' a', 'a ', 'nul\0', 'a\x7f', '☃', '\ud800'])(
  '%j is not a value',
  (value) => expect(isHeaderValue(value)).toBe(false),
);

test('a name may occur once, and null only where a value is stored', () => {
  expect(headerFaults({ 'X-A': null, 'X/~B': null, 'x-a': 'b' }, { 'x-a': 'encrypted' })).toEqual([
    { pointer: '/headers/X~1~0B', message: 'has no stored value to keep' },
    { pointer: '/headers/x-a', message: 'must not repeat a name in another case' },
  ]);
});

test('new values are encrypted for their monitor, kept ones stay, others are removed', async () => {
  const encryption = await createEncryption('k'.repeat(32));
  const encrypted = await encryptHeaders(
    encryption,
    'monitor',
    { 'X-New': 'new', 'X-Kept': null },
    { 'x-kept': 'as it was', 'x-gone': 'gone' },
  );
  expect(Object.keys(encrypted)).toEqual(['X-New', 'X-Kept']);
  expect(encrypted['X-Kept']).toBe('as it was');
  expect(await encryption.decrypt(encrypted['X-New'] ?? '', 'monitor')).toBe('new');
});
