import type { lookup, LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { expect, test } from '@jest/globals';
import { createDial, parseNetworks } from '@gomon/egress';
import { serveTls, stopServers, trustTestAuthority } from './scripted-server.ts';

const toLoopback = ((
  _name: string,
  _options: object,
  callback: (error: null, found: LookupAddress[]) => void,
) => callback(null, [{ address: '127.0.0.1', family: 4 }])) as typeof lookup;

test('sends a TLS target its name without the final dot, and no name for an address', async () => {
  trustTestAuthority();
  const { port } = await serveTls('localhost', () => undefined);
  const dial = createDial(parseNetworks('127.0.0.1/32'), { resolve: toLoopback });
  for (const [host, servername] of [
    ['localhost.', 'localhost'],
    ['127.0.0.1', false],
  ] as const) {
    const socket = dial(new URL(`https://${host}:${port}/`)) as TLSSocket;
    await once(socket, 'secureConnect');
    expect([socket.authorized, socket.servername]).toEqual([true, servername]);
    socket.destroy();
  }
  await stopServers();
});
