import { describe, expect, test } from '@jest/globals';
import { parseNetworks } from '@gomon/egress';
import { targetFault } from './target-policy.ts';

const loopback = parseNetworks('127.0.0.0/8, fd00::/8');

describe('without networks of the operator', () => {
  test.each([
    'https://example.com/',
    'https://example.com./',
    'http://example.com:8080/',
    'https://localhost.example/',
    'https://internal.example/',
    'https://xn--mnchen-3ya.example/',
    'http://8.8.8.8/',
    'http://[2606:4700:4700::1111]/',
    'http://[64:ff9b::5db8:d70e]/',
  ])('%s may be a target', (url) => expect(targetFault(url, [])).toBeNull());

  test.each([
    ['http://127.1/', 'address'],
    ['http://2130706433/', 'address'],
    ['http://0x7f.1/', 'address'],
    ['http://0177.0.0.1/', 'address'],
    ['http://①②⑦.0.0.1/', 'address'],
    ['http://127。0。0。1/', 'address'],
    ['http://127.0.0.1./', 'address'],
    ['http://[::ffff:127.0.0.1]/', 'address'],
    ['http://[::1]/', 'address'],
    ['http://[64:ff9b::7f00:1]/', 'address'],
    ['http://[64:ff9b::a00:1]/', 'address'],
    ['http://[64:ff9b:1::808:808]/', 'address'],
    ['http://[2002:7f00:1::]/', 'address'],
    ['http://[64:ff9b::5db8:d70e]:25/', 'port 25'],
    ['http://0/', 'address'],
    ['http://10.0.0.1/', 'address'],
    ['http://192.168.1.1/', 'address'],
    ['http://[fd00::1]/', 'address'],
    ['http://169.254.169.254/latest/meta-data/', 'address'],
    ['http://100.100.100.200/', 'address'],
    ['http://168.63.129.16/', 'address'],
    ['http://localhost/', 'name'],
    ['http://localhost./', 'name'],
    ['http://ＬＯＣＡＬＨＯＳＴ/', 'name'],
    ['http://a.localhost:3000/', 'name'],
    ['http://metadata.google.internal/', 'name'],
    ['http://printer.local/', 'name'],
    ['http://router.home.arpa/', 'name'],
    ['http://intranet/', 'name'],
    ['http://example.com:22/', 'port 22'],
    ['http://example.com:6379/', 'port 6379'],
    ['https://8.8.8.8:25/', 'port 25'],
  ])('%s may not: its %s', (url, what) =>
    expect(targetFault(url, [])).toMatch(new RegExp(`^(leads to|uses) .*${what}`)),
  );
});

describe('with networks of the operator', () => {
  test.each([
    'http://127.1:6379/',
    'http://[fd12::1]/',
    'http://8.8.8.8/',
    'http://localhost:3000/',
    'http://target/',
  ])('%s may be a target', (url) => expect(targetFault(url, loopback)).toBeNull());

  test.each(['http://10.0.0.1/', 'http://[::1]/', 'http://169.254.169.254/', 'http://8.8.8.8:22/'])(
    '%s may not',
    (url) => expect(targetFault(url, loopback)).not.toBeNull(),
  );
});
