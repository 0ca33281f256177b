import { expect, test } from '@jest/globals';
import { isTargetUrl, normalizeTargetUrl } from './target-url.ts';

test.each([
  'http://example.com',
  'HTTPS://EXAMPLE.com:8443/a?b=c#d',
  'http://[::1]:3000/',
  'http://127.1/',
  'https://münchen.example/ß',
  'http://a',
])('%s may be monitored', (url) => expect(isTargetUrl(url)).toBe(true));

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'unix:/var/run/docker.sock',
  'http:/example.com',
  'http:\\\\example.com',
  'http://user@example.com',
  'http://:password@example.com',
  'http://example.com:99999',
  'http://exam%00ple.com',
  'http://example.com/\tx',
  '\u0000http://example.com',
  'http://①②⑦.256.0.1',
])('%s may not', (url) => expect(isTargetUrl(url)).toBe(false));

test.each([
  ['HTTP://EXAMPLE.com:80/a/../b#c', 'http://example.com/b'],
  ['http://127.1', 'http://127.0.0.1/'],
  ['http://①②⑦.0.0.1', 'http://127.0.0.1/'],
  ['http://2130706433/x y', 'http://127.0.0.1/x%20y'],
])('%s is %s', (url, normal) => expect(normalizeTargetUrl(url)).toBe(normal));
