import { expect, test } from '@jest/globals';
import { isAllowedAddress, parseNetworks } from '@gomon/egress';
import fc from 'fast-check';
import { targetFault } from '@gomon/api/testing';

const networks = fc.constantFrom([], parseNetworks('127.0.0.0/8, fd00::/8'));

test('the api refuses an address exactly when the prober refuses to dial it', () => {
  const ipv4 = fc.ipV4();
  const ipv6 = fc.oneof(
    fc.ipV6(),
    fc.ipV4().map((ip) => `::ffff:${ip}`),
    fc.ipV4().map((ip) => `64:ff9b::${ip}`),
  );
  const hosts = fc.oneof(
    ipv4,
    ipv4.map((ip) => ip.replace(/^\d+/, '127')),
    ipv6.map((ip) => `[${ip}]`),
  );
  fc.assert(
    fc.property(hosts, fc.integer({ min: 1, max: 65_535 }), networks, (host, port, allowed) => {
      const url = new URL(`http://${host}:${port}/`);
      const address = url.hostname.replace(/^\[|\]$/g, '');
      expect(targetFault(url.href, allowed) === null).toBe(
        isAllowedAddress(address, allowed, port),
      );
    }),
    { numRuns: 5000 },
  );
});

test('the api refuses a port exactly when the prober refuses to dial it', () => {
  for (let port = 1; port <= 65_535; port += 1) {
    if (
      (targetFault(`http://8.8.8.8:${port}/`, []) === null) !==
      isAllowedAddress('8.8.8.8', [], port)
    )
      throw new Error(`${port}`);
  }
});
