import { once } from 'node:events';
import { connect as connectSocket, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await startTestApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
  // As in operation, but sooner.
  api.app.server.headersTimeout = 500;
  api.app.server.requestTimeout = 500;
});
afterAll(() => api.stop());

const POST = 'POST /v1/users HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

/** What is sent at first, what is dripped after it for ever, and the status of the answer. */
const CLIENTS: Record<string, [first: string, drip: string, status: number]> = {
  'whose header fields never end': ['GET /healthz HTTP/1.1\r\nhost: a\r\nx-slow: ', 'a', 408],
  'whose body never ends': [`${POST}content-length: 4000\r\n\r\n{`, ' ', 408],
  'whose chunks never end': [
    `${POST}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`,
    '1\r\n \r\n',
    408,
  ],
  'that speaks no HTTP': ['nonsense\r\n\r\n', 'nonsense\r\n\r\n', 400],
  'with an endless header': [
    `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}`,
    'x'.repeat(1000),
    431,
  ],
  'that announces a body that is too large': [
    `${POST}content-length: 99999999\r\n\r\n{`,
    ' '.repeat(1000),
    413,
  ],
  'whose chunks are too large': [
    `${POST}transfer-encoding: chunked\r\n\r\n`,
    `400\r\n${' '.repeat(0x400)}\r\n`,
    413,
  ],
  'of a body that nobody may send': [
    'POST /v1/monitors HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n{',
    ' ',
    401,
  ],
};

test.each(Object.keys(CLIENTS))(
  'a client %s is answered and then cut off, however long it continues',
  async (what) => {
    const [first, drip, status] = CLIENTS[what] ?? ['', '', 0];
    const accepted = once(api.app.server, 'connection') as Promise<[Socket]>;
    const client = connectSocket({ port, host: '127.0.0.1', allowHalfOpen: true }).on(
      'error',
      () => undefined,
    );
    const closed = new Promise((resolve) => client.once('close', resolve)); // `once` would throw its errors.
    let heard = '';
    client.setEncoding('utf8').on('data', (text: string) => (heard += text));
    client.write(first);
    const dripping = setInterval(() => client.writable && client.write(drip), 50);
    const [socket] = await accepted;
    await Promise.all([closed, once(socket, 'close')]);
    clearInterval(dripping);
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  },
);
