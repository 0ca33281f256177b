import type { lookup, LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { parseNetworks } from './allowed-networks.ts';
import { BlockedTargetError, createDial, isAllowedAddress } from './egress-guard.ts';

const addressOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '');

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '[2606:4700:4700::1111]',
  '[2a00:1450:4001::1]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::8.8.8.8]',
  '[64:ff9b::5db8:d70e]',
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
  ['loopback, in full-width digits', '１２７．０．０．１'],
  ['loopback, with ideographic stops', '127。0。0。1'],
  ['loopback, with a stop at its end', '127.0.0.1.'],
  ['loopback, as a hexadecimal number', '0x7f000001'],
  ['loopback, as an octal number', '017700000001'],
  ['loopback, percent-encoded', '%31%32%37.0.0.1'],
  ['loopback of IPv6', '[::1]'],
  ['loopback, mapped', '[::ffff:127.0.0.1]'],
  ['loopback, mapped and written out', '[0:0:0:0:0:ffff:7f00:1]'],
  ['loopback, translated', '[::ffff:0:127.0.0.1]'],
  ['loopback, compatible', '[::127.0.0.1]'],
  ['loopback, by NAT64', '[64:ff9b::7f00:1]'],
  ['loopback, by local NAT64', '[64:ff9b:1::7f00:1]'],
  ['a public address, by local NAT64', '[64:ff9b:1::808:808]'],
  ['private, by NAT64', '[64:ff9b::a00:1]'],
  ['multicast, by NAT64', '[64:ff9b::224.0.0.1]'],
  ["Azure's host service, by NAT64", '[64:ff9b::168.63.129.16]'],
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
  ["the clouds' metadata, mapped", '[::ffff:169.254.169.254]'],
  ["the clouds' metadata, by NAT64", '[64:ff9b::a9fe:a9fe]'],
  ["the clouds' metadata, by 6to4", '[2002:a9fe:a9fe::1]'],
  ["Amazon's metadata of IPv6", '[fd00:ec2::254]'],
  ["Google's metadata of IPv6", '[fd20:ce::254]'],
  ["Alibaba's metadata", '100.100.100.200'],
  ["Oracle's metadata", '192.0.0.192'],
  ["Azure's host service", '168.63.129.16'],
  ["Azure's host service, as a number", '2822734096'],
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
])('refuses %s: %s', (_, host) => {
  expect(isAllowedAddress(addressOf(`http://${host}/`), [])).toBe(false);
});

test('refuses what is not an address', () => {
  for (const text of ['', 'localhost', 'fe80::1%eth0', '8.8.8.8/32'])
    expect(isAllowedAddress(text, [])).toBe(false);
});

test.each([22, 25, 53, 110, 465, 587, 6379, 6667, 11211])(
  'refuses port %i of a public address',
  (port) => {
    expect(isAllowedAddress('8.8.8.8', [], port)).toBe(false);
    expect(isAllowedAddress('2606:4700:4700::1111', parseNetworks('127.0.0.0/8'), port)).toBe(
      false,
    );
  },
);

test.each([80, 443, 3000, 8080, 8443, 50_000])(
  'lets a probe reach port %i of a public address',
  (port) => {
    expect(isAllowedAddress('8.8.8.8', [], port)).toBe(true);
  },
);

test('lets a probe reach any port in the allowed networks', () => {
  for (const port of [22, 6379, 80])
    expect(isAllowedAddress('127.0.0.1', parseNetworks('127.0.0.0/8'), port)).toBe(true);
});

test('lets a probe reach the allowed networks, and no others', () => {
  const networks = parseNetworks('127.0.0.0/8, fd00::/8,168.63.129.16/32');
  for (const host of ['127.1', '[::ffff:127.0.0.1]', '[fd12::1]', '168.63.129.16']) {
    expect(isAllowedAddress(addressOf(`http://${host}/`), networks)).toBe(true);
  }
  for (const host of ['10.0.0.1', '[::1]', '[fe80::1]'])
    expect(isAllowedAddress(addressOf(`http://${host}/`), networks)).toBe(false);
});

/** What a name resolves to, one answer after another. */
function resolving(...answers: string[][]): typeof lookup {
  return ((
    _name: string,
    _options: object,
    callback: (error: null, found: LookupAddress[]) => void,
  ) =>
    callback(
      null,
      (answers.shift() ?? []).map((address) => ({ address, family: isIP(address) })),
    )) as typeof lookup;
}

/** Requests `http://name.example/` of a server on 127.0.0.1, with `answers` as what the name resolves to, one after another. */
async function request(...answers: string[][]): Promise<number | undefined> {
  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const dial = createDial(parseNetworks('127.0.0.1/32'), { resolve: resolving(...answers) });
    const createConnection = () => dial(new URL(`http://name.example:${port}/`));
    const [response] = (await once(get({ createConnection }), 'response')) as [IncomingMessage];
    return response.statusCode;
  } finally {
    server.close();
  }
}

test('dials only addresses of a name that were checked', async () => {
  expect(await request(['127.0.0.1'], ['127.0.0.2'])).toBe(200);
});

test('refuses a name when one of its addresses is forbidden', async () => {
  await expect(request(['127.0.0.1', '127.0.0.2'], ['127.0.0.1'])).rejects.toThrow(
    BlockedTargetError,
  );
});

test.each(['127.0.0.2', '::1', '::ffff:127.0.0.2', '64:ff9b::7f00:1', 'fe80::1%lo'])(
  'refuses a name that resolves to %s',
  async (address) => {
    await expect(request([address])).rejects.toThrow(BlockedTargetError);
    await expect(request([...Array<string>(1000).fill('127.0.0.1'), address])).rejects.toThrow(
      BlockedTargetError,
    );
  },
);

test('tries only a few addresses of a name with thousands', async () => {
  const addresses = Array.from(
    { length: 2000 },
    (_, index) => `127.9.${index >> 8}.${index & 255}`,
  );
  const dial = createDial(parseNetworks('127.0.0.0/8'), { resolve: resolving(addresses) });
  const socket = dial(new URL('http://name.example:1/'));
  const [error] = (await once(socket, 'error')) as [AggregateError];
  expect(error.errors).toHaveLength(20);
});

test('refuses a port that is not for HTTP before dialling', () => {
  const dial = createDial([]);
  expect(() => dial(new URL('http://8.8.8.8:25/')).destroy()).toThrow(BlockedTargetError);
});

test('any port of a public address may be dialled where nothing that a user wrote is sent there, and no other address', async () => {
  const dial = createDial([], { resolve: resolving(['127.0.0.1']) });
  const socket = dial(new URL('tcp://192.0.1.1:25'), { anyPort: true });
  socket.on('error', () => undefined).destroy();
  for (const host of ['127.0.0.1', '[::1]', '10.0.0.1', '169.254.169.254', 'unix']) {
    expect(() => dial(new URL(`tcp://${host}:25`), { anyPort: true }).destroy()).toThrow(
      BlockedTargetError,
    );
  }
  const [error] = (await once(
    dial(new URL('tcp://inside.test:25'), { anyPort: true }),
    'error',
  )) as [Error];
  expect(error).toBeInstanceOf(BlockedTargetError);
});

test('refuses a socket file', () => {
  const dial = createDial(parseNetworks('127.0.0.1/32'));
  expect(() => dial(new URL('unix:/run/docker.sock'))).toThrow(BlockedTargetError);
  expect(() => dial(new URL('http://unix:/run/docker.sock:/info'))).toThrow(BlockedTargetError);
});
