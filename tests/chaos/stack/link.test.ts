import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startLink, type Link } from './link.ts';

let server: Server;
let link: Link;
const received: string[] = [];

/** Answers each piece with the same in capitals. */
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received.push(chunk.toString());
      socket.write(chunk.toString().toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  received.length = 0;
  await link?.close();
  link = await startLink({ upstream: () => (server.address() as AddressInfo).port });
});
afterAll(async () => {
  await link.close();
  server.close();
});

async function open(): Promise<Socket> {
  const socket = connect(link.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return new Promise((resolve) => {
    socket.once('data', (chunk) => resolve(chunk.toString()));
    socket.once('close', () => resolve('closed'));
  });
}

test('passes both ways', async () => {
  expect(await ask(await open(), 'hello')).toBe('HELLO');
});

test('a slow link passes everything later, and in order', async () => {
  await link.setMode({ kind: 'slow', delayMs: 40 });
  const socket = await open();
  const startedAt = performance.now();
  expect(await ask(socket, 'hello')).toBe('HELLO');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
  let answers = '';
  socket.on('data', (chunk) => (answers += chunk.toString()));
  for (const digit of '123456789') socket.write(digit);
  await link.setMode({ kind: 'ok' });
  socket.write('end');
  while (answers.length < 12) await once(socket, 'data');
  expect(answers).toBe('123456789END');
});

test('a reply can be lost after the server has done what it was asked to', async () => {
  link.loseReplies(/COMMIT/, 1);
  const socket = await open();
  expect(await ask(socket, 'select')).toBe('SELECT');
  expect(await ask(socket, 'COMMIT')).toBe('closed');
  expect(received).toEqual(['select', 'COMMIT']);
  expect(link.repliesLost).toBe(1);
  expect(await ask(await open(), 'COMMIT')).toBe('COMMIT');
});

test('breaking closes the connections that are there, and takes new ones', async () => {
  const socket = await open();
  expect(await ask(socket, 'hello')).toBe('HELLO');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  link.breakAll();
  await closed;
  expect(await ask(await open(), 'hello')).toBe('HELLO');
});

test('a refusing link has nobody who listens', async () => {
  await link.setMode({ kind: 'refuse' });
  const [error] = (await once(connect(link.port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
  await link.setMode({ kind: 'ok' });
  expect(await ask(await open(), 'hello')).toBe('HELLO');
});

test('after a blackhole old connections stay dead, and new ones work', async () => {
  const before = await open();
  expect(await ask(before, 'hello')).toBe('HELLO');
  await link.setMode({ kind: 'blackhole' });
  const during = await open();
  before.write('lost');
  during.write('lost');
  await link.setMode({ kind: 'ok' });
  before.write('lost');
  expect(await ask(await open(), 'hello')).toBe('HELLO');
  expect(received).toEqual(['hello', 'hello']);
});
