import type { lookup, LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { parseNetworks } from './config.ts';
import { BlockedTargetError, createEgressAgents, isAllowedAddress } from './egress-guard.ts';

const addressOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '');

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '[2606:4700:4700::1111]',
  '[2a00:1450:4001::1]',
  '[::ffff:8.8.8.8]',
])('lets a probe reach %s', (host) => {
  expect(isAllowedAddress(addressOf(`http://${host}/`), [])).toBe(true);
});

test.each([
  ['loopback', '127.0.0.1'],
  ['loopback, short', '127.1'],
  ['loopback, as a number', '2130706433'],
  ['loopback, hexadecimal', '0x7f.1'],
  ['loopback, octal', '0177.0.0.1'],
  ['loopback, in circled digits', '①②⑦.0.0.1'],
  ['loopback, with ideographic stops', '127。0。0。1'],
  ['loopback of IPv6', '[::1]'],
  ['loopback, mapped', '[::ffff:127.0.0.1]'],
  ['loopback, compatible', '[::127.0.0.1]'],
  ['loopback, by NAT64', '[64:ff9b::7f00:1]'],
  ['loopback, by local NAT64', '[64:ff9b:1::7f00:1]'],
  ['loopback, by 6to4', '[2002:7f00:1::]'],
  ['loopback, by Teredo', '[2001:0:7f00:1::1]'],
  ['nowhere', '0'],
  ['nowhere of IPv6', '[::]'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '192.168.1.1'],
  ['private, mapped', '[::ffff:a00:1]'],
  ['unique local', '[fd00::1]'],
  ['site local', '[fec0::1]'],
  ['link local', '[fe80::1]'],
  ["the clouds' metadata", '169.254.169.254'],
  ["the clouds' metadata, as a number", '2852039166'],
  ["Alibaba's metadata", '100.100.100.200'],
  ["Oracle's metadata", '192.0.0.192'],
  ["Azure's host service", '168.63.129.16'],
  ["Azure's host service, mapped", '[::ffff:168.63.129.16]'],
  ['carrier NAT', '100.64.0.1'],
  ['benchmarks', '198.18.0.1'],
  ['documentation', '192.0.2.1'],
  ['documentation of IPv6', '[2001:db8::1]'],
  ['documentation of IPv6, new', '[3fff::1]'],
  ['segment routing', '[5f00::1]'],
  ['not assigned', '[4000::1]'],
  ['discard', '[100::1]'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['multicast', '224.0.0.1'],
  ['multicast of IPv6', '[ff02::1]'],
])('keeps a probe from %s: %s', (_, host) => {
  expect(isAllowedAddress(addressOf(`http://${host}/`), [])).toBe(false);
});

test('takes what is no address for forbidden', () => {
  for (const text of ['', 'localhost', 'fe80::1%eth0', '8.8.8.8/32']) expect(isAllowedAddress(text, [])).toBe(false);
});

test('lets a probe reach the networks that are allowed, and no others', () => {
  const networks = parseNetworks('127.0.0.0/8, fd00::/8,168.63.129.16/32');
  for (const host of ['127.1', '[::ffff:127.0.0.1]', '[fd12::1]', '168.63.129.16']) {
    expect(isAllowedAddress(addressOf(`http://${host}/`), networks)).toBe(true);
  }
  for (const host of ['10.0.0.1', '[::1]', '[fe80::1]'])
    expect(isAllowedAddress(addressOf(`http://${host}/`), networks)).toBe(false);
});

/** Requests `http://name.example/` of a server on 127.0.0.1, with `answers` as what the name resolves to, one after another. */
async function request(...answers: string[][]): Promise<number | undefined> {
  const resolve = ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(
      null,
      (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
    )) as typeof lookup;
  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const agent = createEgressAgents(parseNetworks('127.0.0.1/32'), resolve).http;
    const [response] = (await once(get({ agent, host: 'name.example', port }), 'response')) as [IncomingMessage];
    return response.statusCode;
  } finally {
    server.close();
  }
}

test('dials the addresses that a name was checked for', async () => {
  expect(await request(['127.0.0.1'], ['127.0.0.2'])).toBe(200);
});

test('refuses a name when one of its addresses is forbidden', async () => {
  await expect(request(['127.0.0.1', '127.0.0.2'], ['127.0.0.1'])).rejects.toThrow(BlockedTargetError);
});

test('refuses a socket file', () => {
  const { http } = createEgressAgents(parseNetworks('127.0.0.1/32'));
  expect(() => http.createConnection({ socketPath: '/run/docker.sock', host: '127.0.0.1' })).toThrow(BlockedTargetError);
});
