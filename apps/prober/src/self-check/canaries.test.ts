import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '@gomon/test-support';
import { anyCanaryAnswers } from './canaries.ts';

test('one canary that can be reached is enough', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dead = { host: '127.0.0.1', port: await freePort() };
  expect(await anyCanaryAnswers([dead, { host: '127.0.0.1', port }])).toBe(true);
  expect(await anyCanaryAnswers([dead])).toBe(false);
  server.close();
});
