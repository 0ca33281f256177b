import { expect, test } from '@jest/globals';
import { hostAndPort, isHost, normalizeHost } from './host.ts';

test.each([
  ['DB.Example', 'db.example'],
  ['127.1', '127.0.0.1'],
  ['münchen.example', 'xn--mnchen-3ya.example'],
  ['[2001:DB8::1]', '2001:db8::1'],
  ['2001:db8:0::1', '2001:db8::1'],
  ['db.example.', 'db.example.'],
])('%s may be checked, as %s', (text, normal) => {
  expect(isHost(text)).toBe(true);
  expect(normalizeHost(text)).toBe(normal);
  expect(normalizeHost(normal)).toBe(normal);
});

test.each([
  '',
  ' ',
  'a b',
  'a:80',
  'a/b',
  'user@a',
  'a?b',
  'a#b',
  'a\\b',
  'a%00',
  '::g',
  '256.0.0.1',
  'a'.repeat(254),
  '\ud800',
])('%j is no host', (text) => expect(isHost(text)).toBe(false));

test('an IPv6 address has brackets before its port', () => {
  expect(hostAndPort('::1', 22)).toBe('[::1]:22');
  expect(hostAndPort('db.example', 5432)).toBe('db.example:5432');
});
