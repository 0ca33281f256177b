import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { createLogger } from '@gomon/runtime';
import { MONITOR_ID, SECRETS_KEY, failure, unknown } from '../../../test/probe-once.ts';
import { stopServers, serve } from '../../../test/scripted-server.ts';
import { createTcpProbe } from './probe.ts';

afterEach(stopServers);

const up = expect.objectContaining({
  outcome: 'success',
  reason: null,
  statusCode: null,
  timing: expect.any(Object),
});

async function probeTcp(
  settings: Partial<ProbeTarget<'tcp'>>,
  networks = '127.0.0.1/32',
  halt = new AbortController().signal,
) {
  const dial = createDial(parseNetworks(networks));
  const probe = createTcpProbe({
    dial,
    encryption: await createEncryption(SECRETS_KEY),
    logger: createLogger('prober', 'silent'),
  });
  const common = {
    monitorId: MONITOR_ID,
    kind: 'tcp',
    intervalSeconds: 60,
    timeoutMs: 3000,
  } as const;
  return probe(
    { ...common, host: '127.0.0.1', port: 1, send: null, expect: null, ...settings },
    halt,
  );
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a check of a port', () => {
  test('succeeds when a connection stands, also when the server says nothing', async () => {
    const { port } = await serve(() => undefined);
    expect(await probeTcp({ port })).toEqual(up);
  });

  test('fails when the connection is refused', async () => {
    expect(await probeTcp({ port: await closedPort() })).toEqual(
      failure('connect', null, 'connection_refused'),
    );
  });

  test('fails when the name does not exist', async () => {
    expect(await probeTcp({ host: 'nobody.invalid', port: 80 }, '')).toEqual(failure('dns', null));
  });

  test.each([
    ['127.0.0.1', null],
    ['localhost', null],
    ['::1', null],
    ['127.0.0.1', 'PING'],
  ])('never reaches %s where the operator does not allow it', async (host, send) => {
    let reached = false;
    const { port } = await serve(() => {
      reached = true;
    });
    expect(await probeTcp({ host, port, send }, '10.0.0.0/8')).toEqual(unknown('blocked_target'));
    expect(reached).toBe(false);
  });

  test('sends nothing to a public address on a port where that could do harm', async () => {
    const found = await probeTcp({ host: '192.0.1.1', port: 25, send: 'HELO x\r\n' }, '');
    expect(found).toMatchObject({ reason: 'blocked_target', cause: 'blocked_port' });
  });

  test('is left without a verdict when the prober stops', async () => {
    const { port } = await serve(() => undefined);
    expect(
      await probeTcp({ port, expect: 'never' }, '127.0.0.1/32', AbortSignal.abort()),
    ).toBeNull();
  });
});

describe('a text that is expected', () => {
  test('is found wherever the server cuts it in pieces', async () => {
    const { port } = await serve((socket) => {
      socket.setNoDelay(true);
      socket.write('220 mail ES');
      setImmediate(() => setTimeout(() => socket.write('MTP ready\r\n'), 20));
    });
    expect(await probeTcp({ port, expect: 'ESMTP' })).toEqual(up);
  });

  test('is found in what the server answers to what was sent', async () => {
    const { port } = await serve((socket) => {
      socket.on('data', (chunk) => socket.write(`+${chunk.toString().trim()} ünd PONG\r\n`));
    });
    expect(await probeTcp({ port, send: 'PING\r\n', expect: '+PING ünd' })).toEqual(up);
  });

  test('is missed when the server ends without it', async () => {
    const { port } = await serve((socket) => socket.end('SSH-2.0-x\r\n'));
    expect(await probeTcp({ port, expect: 'ESMTP' })).toEqual(
      failure('body', null, 'answer_missing_text'),
    );
  });

  test('is missed when the time is over, and something else was sent', async () => {
    const { port } = await serve((socket) => socket.write('SSH-2.0-x\r\n'));
    const found = await probeTcp({ port, expect: 'ESMTP', timeoutMs: 300 });
    expect(found).toEqual(failure('body', null, 'answer_missing_text'));
  });

  test('is waited for until the timeout from a server that is silent', async () => {
    const { port } = await serve(() => undefined);
    const found = await probeTcp({ port, expect: 'ESMTP', timeoutMs: 300 });
    expect(found).toEqual(failure('timeout', null, 'timeout_first_byte'));
  });

  test('is not found behind a server that hangs up', async () => {
    const { port } = await serve((socket) => socket.end());
    expect(await probeTcp({ port, expect: 'ESMTP' })).toEqual(
      failure('connect', null, 'connection_closed'),
    );
  });

  test('is looked for in the first 65536 bytes only', async () => {
    const { port } = await serve((socket) => {
      socket.on('error', () => undefined);
      socket.write(`${'x'.repeat(65_534)}ESMTP`);
    });
    expect(await probeTcp({ port, expect: 'ESMTP' })).toEqual(failure('body', null, 'body_limit'));
  });
});

test('a text that is sent alone arrives', async () => {
  const arrived = Promise.withResolvers<string>();
  const { port } = await serve((socket) =>
    socket.once('data', (chunk) => arrived.resolve(chunk.toString())),
  );
  expect(await probeTcp({ port, send: 'hello\r\n' })).toEqual(up);
  expect(await arrived.promise).toBe('hello\r\n');
});
