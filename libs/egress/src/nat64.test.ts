import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { parseNetworks } from './allowed-networks.ts';
import { isAllowedAddress } from './egress-guard.ts';
import { createNat64Discovery } from './nat64-discovery.ts';
import { embeddedIpv4, prefixesIn } from './nat64.ts';

/** RFC 6052, 2.4: 192.0.2.33 under each prefix. */
const VECTORS: [string, string][] = [
  ['2001:db8::/32', '2001:db8:c000:221::'],
  ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
  ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
  ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
  ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100::'],
  ['2001:db8:122:344::/96', '2001:db8:122:344::192.0.2.33'],
  ['64:ff9b::/96', '64:ff9b::192.0.2.33'],
];

const [LOW, HIGH] = [[192, 0, 0, 170] as const, [192, 0, 0, 171] as const];

/** The IPv4 address under the prefix. */
function translate(cidr: string, ipv4: readonly number[]): string {
  const [prefix, bits] = ipaddr.parseCIDR(cidr);
  const bytes = prefix.toByteArray();
  let place = bits / 8;
  for (const byte of ipv4) {
    if (place === 8) place += 1;
    bytes[place++] = byte;
  }
  return new ipaddr.IPv6(bytes).toString();
}

test.each(VECTORS)('under %s the address %s reaches 192.0.2.33', (cidr, address) => {
  expect(embeddedIpv4(ipaddr.parse(address), ipaddr.parseCIDR(cidr))?.toString()).toBe(
    '192.0.2.33',
  );
  expect(translate(cidr, [192, 0, 2, 33])).toBe(ipaddr.parse(address).toString());
});

test.each(VECTORS)('the addresses of ipv4only.arpa reveal the prefix %s', (cidr) => {
  const found = prefixesIn([translate(cidr, LOW), translate(cidr, HIGH)]);
  expect(found.map(([prefix, bits]) => `${prefix.toString()}/${bits}`)).toEqual([cidr]);
});

test.each([
  [
    'one of the two addresses alone',
    [translate('2001:db8::/96', LOW), translate('2001:db8::/96', LOW)],
  ],
  [
    'the two under two prefixes',
    [translate('2001:db8::/96', LOW), translate('2001:db9::/96', HIGH)],
  ],
  ['other addresses', ['2001:db8::808:808', '2001:db8::192.0.0.172']],
  ['a prefix of a private network', [translate('fd00::/96', LOW), translate('fd00::/96', HIGH)]],
  ['mapped addresses', ['::ffff:192.0.0.170', '::ffff:192.0.0.171']],
  ['link-local ones', [translate('fe80::/96', LOW), translate('fe80::/96', HIGH)]],
  ['what is no address', ['', 'x', '192.0.0.170', '192.0.0.171']],
])('finds no prefix in %s', (_, addresses) => {
  expect(prefixesIn(addresses)).toEqual([]);
});

test('a NAT64 address is judged by the IPv4 address inside', () => {
  const prefixes = fc.constantFrom(
    ...VECTORS.map(([cidr]) => cidr),
    '64:ff9b:1::/48',
    '64:ff9b:1:fffe::/96',
  );
  const networks = fc.constantFrom([], parseNetworks('10.0.0.0/8, 100.64.0.0/10'));
  const ipv4s = fc.tuple(
    fc.constantFrom(8, 10, 100, 127, 169, 172, 192, 224),
    fc.nat(255),
    fc.nat(255),
    fc.nat(255),
  );
  fc.assert(
    fc.property(prefixes, ipv4s, networks, fc.constantFrom(80, 22), (cidr, ipv4, allowed, port) => {
      const direct = isAllowedAddress(ipv4.join('.'), allowed, port);
      expect(isAllowedAddress(translate(cidr, ipv4), allowed, port, [ipaddr.parseCIDR(cidr)])).toBe(
        direct,
      );
    }),
    { numRuns: 2000 },
  );
});

test("loopback and link-local addresses inside a NAT64 address are the translator's own: no network allows them", () => {
  const allowed = parseNetworks('0.0.0.0/0');
  for (const host of ['127.0.0.1', '169.254.169.254', '0.0.0.0']) {
    expect(isAllowedAddress(`64:ff9b::${host}`, allowed)).toBe(false);
    expect(isAllowedAddress(`64:ff9b::${host}`, parseNetworks('64:ff9b::/96'))).toBe(true);
  }
});

test('the local prefix opens and closes with what the network says, and stays when its resolver fails', async () => {
  const cidr = '64:ff9b:1::/96';
  const answers: (string[] | string)[] = [
    [],
    [translate(cidr, LOW), translate(cidr, HIGH)],
    'EAI_AGAIN',
    'ENOTFOUND',
  ];
  const asked: string[] = [];
  const discovery = createNat64Discovery({
    hasIpv6: () => true,
    resolve: async (name) => {
      asked.push(name);
      const answer = answers.shift() ?? [];
      if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
      return answer;
    },
  });
  const isOpen = () => isAllowedAddress(translate(cidr, [8, 8, 8, 8]), [], 80, discovery.prefixes);
  const seen: boolean[] = [];
  for (let i = 0; i < 4; i++) {
    await discovery.start();
    discovery.stop();
    seen.push(isOpen());
  }
  expect(seen).toEqual([false, true, true, false]);
  expect(new Set(asked)).toEqual(new Set(['ipv4only.arpa']));
  expect(isAllowedAddress('64:ff9b::808:808', [], 80, discovery.prefixes)).toBe(true);
});

test('a machine without IPv6 runs no discovery', async () => {
  const discovery = createNat64Discovery({
    hasIpv6: () => false,
    resolve: () => Promise.reject(new Error('asked')),
  });
  await discovery.start();
  discovery.stop();
  expect(discovery.prefixes).toHaveLength(1);
});
