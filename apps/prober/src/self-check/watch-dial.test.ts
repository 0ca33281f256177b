import { once } from 'node:events';
import { connect, createServer, Socket, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { BlockedTargetError, createDial } from '@gomon/egress';
import { watchDial } from './watch-dial.ts';

/** Records all that is reported. */
function listenersTo(lines: string[]) {
  const say =
    (line: string) =>
    (what = '', more?: boolean) =>
      void lines.push([line, what, more].filter(Boolean).join(' '));
  return {
    addresses: { tried: say('tried'), made: say('made'), failed: say('failed') },
    names: {
      tried: say('tried name'),
      resolved: say('resolved'),
      failed: (domain: string, isAbsent: boolean) =>
        void lines.push(`no ${isAbsent ? 'such name' : 'answer for'} ${domain}`),
    },
  };
}

/** What is reported of a connection to the host, which the script drives. */
function told(host: string, script: (socket: Socket) => void): string[] {
  const lines: string[] = [];
  const socket = new Socket().on('error', () => undefined);
  watchDial(() => socket, listenersTo(lines))(new URL(`http://${host}/`));
  script(socket);
  return lines;
}

const lookupFault = (code: string) =>
  Object.assign(new Error(code), { code, syscall: 'getaddrinfo' });

test('reports an established connection once, whatever becomes of it', () => {
  const lines = told('10.1.2.3', (socket) => {
    socket.emit('connect');
    socket.emit('error', new Error('reset'));
    socket.emit('close', true);
  });
  expect(lines).toEqual(['tried 10.1', 'made']);
});

test.each([
  ['ENOTFOUND', ['no such name example.test']],
  ['EAI_AGAIN', ['no answer for example.test']],
  ['EMFILE', []],
])('reports a lookup that ends with %s once, at once, and no address', (code, expected) => {
  const lines = told('a.example.test', (socket) => {
    socket.emit('lookup', lookupFault(code), undefined, undefined, 'a.example.test');
    socket.emit('error', lookupFault(code));
    socket.emit('close', true);
  });
  expect(lines).toEqual(['tried name example.test', ...expected]);
});

test('reports an abandoned lookup', () => {
  const lines = told('a.example.test', (socket) => void socket.emit('close', false));
  expect(lines).toEqual(['tried name example.test', 'no answer for example.test']);
});

test('reports a resolved name, and separately the network of its address', () => {
  const lines = told('a.example.test', (socket) => {
    socket.emit('lookup', null, '10.1.2.3', 4, 'a.example.test');
    socket.emit('connectionAttempt', '10.1.2.3', 80, 4);
    socket.emit('close', false);
  });
  expect(lines).toEqual(['tried name example.test', 'resolved', 'tried 10.1', 'failed 10.1']);
});

test.each([
  ['127.0.0.1', () => undefined],
  ['[::1]', () => undefined],
  [
    'localhost',
    (socket: Socket) => {
      socket.emit('lookup', null, '127.0.0.1', 4, 'localhost');
      socket.emit('connectionAttempt', '127.0.0.1', 80, 4);
    },
  ],
])('does not report connections to this machine: %s', (host, lookUp) => {
  for (const event of ['connect', 'close']) {
    const lines = told(host, (socket) => {
      lookUp(socket);
      socket.emit(event);
    });
    expect(lines.filter((line) => !line.startsWith('tried'))).toEqual([]);
  }
});

test('reports a name with a forbidden address as resolved, and no connection', () => {
  const refused = new BlockedTargetError();
  const lines = told('a.example.test', (socket) => {
    socket.emit('lookup', refused, undefined, undefined, 'a.example.test');
    socket.destroy(refused).emit('error', refused);
  });
  expect(lines).toEqual(['tried name example.test', 'resolved']);
});

test('learns of a missing name before the caller does', async () => {
  const order: string[] = [];
  const resolve = ((_: string, __: object, done: (error: Error) => void) =>
    setImmediate(done, lookupFault('ENOTFOUND'))) as never;
  const socket = watchDial(
    createDial([], { resolve }),
    listenersTo(order),
  )(new URL('http://a.example.test/'));
  socket.on('error', () => order.push('dialled'));
  await new Promise((closed) => socket.once('close', closed));
  expect(order).toEqual(['tried name example.test', 'no such name example.test', 'dialled']);
});

test('does not alter a connection', async () => {
  const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = watchDial(
    () => connect(port, '127.0.0.1'),
    listenersTo([]),
  )(new URL('http://127.0.0.1/'));
  const [greeting] = (await once(socket, 'data')) as [Buffer];
  expect(greeting.toString()).toBe('hello');
  server.close();
});
