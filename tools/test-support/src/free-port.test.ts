import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort, isPortFree } from './free-port.ts';

test('a port that is free is none that an outgoing connection may be given', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(ports.filter((port) => port < 11_000 || port >= 32_768)).toEqual([]);
  expect(new Set(ports).size).toBeGreaterThan(15);
});

test('a port that a server listens on is not free, on whichever address it does', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await isPortFree(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortFree(port)).toBe(true);
});
