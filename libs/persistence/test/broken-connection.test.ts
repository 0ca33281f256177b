import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../src/db/db.ts';

const message = (type: string, ...parts: (string | Buffer)[]) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', 'I');
const GONE = message(
  'E',
  'SFATAL\0',
  'C57P01\0',
  'Mterminating connection due to unexpected postmaster exit\0',
  '\0',
);

/** A database that dies as soon as someone has connected, in the same packet. */
let server: Server;
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, GONE])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

test('a connection that breaks while it is handed out fails its caller, not the process', async () => {
  const { port } = server.address() as AddressInfo;
  const db = connect({
    url: `postgresql://gomon@127.0.0.1:${port}/gomon`,
    poolSize: 2,
    applicationName: 'test',
    statementTimeoutMs: 1000,
    onConnectionError: () => undefined,
  });
  await expect(db.$transaction((tx) => tx.$queryRaw`SELECT 1`)).rejects.toThrow();
  await expect(db.$queryRaw`SELECT 1`).rejects.toThrow();
  await db.$disconnect();
});
