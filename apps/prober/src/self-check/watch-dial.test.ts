import { once } from 'node:events';
import { connect, createServer, Socket, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { BlockedTargetError, createDial } from '@gomon/egress';
import { watchDial } from './watch-dial.ts';

/** What is told of a connection to the host, which the script makes go as it likes. */
function told(host: string, script: (socket: Socket) => void): string[] {
  const lines: string[] = [];
  const socket = new Socket().on('error', () => undefined);
  const listener = {
    tried: (network: string) => void lines.push(`tried ${network}`),
    made: () => void lines.push('made'),
    failed: (network: string) => void lines.push(`failed ${network}`),
  };
  watchDial(() => socket, listener)(new URL(`http://${host}/`));
  script(socket);
  return lines;
}

test('tells of a connection that is made once, whatever becomes of it', () => {
  const lines = told('10.1.2.3', (socket) => {
    socket.emit('connect');
    socket.emit('error', new Error('reset'));
    socket.emit('close', true);
  });
  expect(lines).toEqual(['tried 10.1', 'made']);
});

test('tells of a failure once, as soon as it is known', () => {
  const lines = told('a.example.test', (socket) => {
    socket.emit('error', new Error('no such name'));
    socket.emit('close', true);
  });
  expect(lines).toEqual(['tried example.test', 'failed example.test']);
});

test('tells of the network that a name led to', () => {
  const lines = told('a.example.test', (socket) => {
    socket.emit('connectionAttempt', '10.1.2.3', 80, 4);
    socket.emit('close', false);
  });
  expect(lines).toEqual(['tried example.test', 'failed 10.1']);
});

test.each([
  ['127.0.0.1', () => undefined],
  ['[::1]', () => undefined],
  ['localhost', (socket: Socket) => void socket.emit('connectionAttempt', '127.0.0.1', 80, 4)],
])('does not tell of connections to this machine: %s', (host, lookUp) => {
  for (const event of ['connect', 'close']) {
    const lines = told(host, (socket) => {
      lookUp(socket);
      socket.emit(event);
    });
    expect(lines.filter((line) => !line.startsWith('tried'))).toEqual([]);
  }
});

test('does not tell of what we refuse ourselves', () => {
  const lines = told('a.example.test', (socket) =>
    socket.destroy(new BlockedTargetError()).emit('error', new BlockedTargetError()),
  );
  expect(lines).toEqual(['tried example.test']);
});

test('hears of a name that leads nowhere before the one who dialled does', async () => {
  const order: string[] = [];
  const listener = { tried: () => undefined, made: () => undefined, failed: () => void order.push('told') };
  const resolve = ((_: string, __: object, done: (error: Error) => void) =>
    setImmediate(done, new Error('no such name'))) as never;
  const socket = watchDial(createDial([], { resolve }), listener)(new URL('http://a.example.test/'));
  socket.on('error', () => order.push('dialled'));
  await new Promise((closed) => socket.once('close', closed));
  expect(order).toEqual(['told', 'dialled']);
});

test('leaves a connection as it is', async () => {
  const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const listener = { tried: () => undefined, made: () => undefined, failed: () => undefined };
  const socket = watchDial(() => connect(port, '127.0.0.1'), listener)(new URL('http://127.0.0.1/'));
  const [greeting] = (await once(socket, 'data')) as [Buffer];
  expect(greeting.toString()).toBe('hello');
  server.close();
});
