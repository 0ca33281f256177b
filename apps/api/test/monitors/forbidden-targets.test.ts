import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  register,
  startTestApi,
  type Client,
  type ProblemBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
});
afterAll(() => api.stop());

const FORBIDDEN = [
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://127。0。0。1/',
  'http://[::ffff:127.0.0.1]/',
  'http://0/',
  'http://169.254.169.254/',
  'http://metadata.google.internal/',
  'http://localhost./',
  'http://printer.local/',
  'http://intranet/',
  'http://example.com:22/',
  'http://example.com:6379/',
];
const refused = {
  status: 400,
  body: {
    code: 'validation_failed',
    errors: [{ pointer: '/url', code: 'target_not_allowed', message: expect.any(String) }],
  },
};

test.each(FORBIDDEN)('is refused as a target: %s', async (url) => {
  expect(
    await client.send<ProblemBody>('POST', '/v1/monitors', { name: 'n', url, threshold: 1 }),
  ).toMatchObject(refused);
});

test('a monitor cannot be moved to such a target, and an existing one can still be changed', async () => {
  const monitor = await register(client);
  const patch = (body: object) => client.send('PATCH', `/v1/monitors/${monitor.id}`, body);
  expect(await patch({ url: 'http://127.0.0.1/' })).toMatchObject(refused);
  await api.sql.query(
    `UPDATE monitors SET settings = '{"url": "http://127.0.0.1/"}' WHERE id = $1`,
    [monitor.id],
  );
  expect(await patch({ paused: true })).toMatchObject({
    status: 200,
    body: { url: 'http://127.0.0.1/' },
  });
});

describe('where the operator allows networks', () => {
  let local: TestApi;
  let operator: Client;
  beforeAll(async () => {
    local = await startTestApi({ PROBER_ALLOWED_NETWORKS: '127.0.0.0/8, ::1/128' });
    operator = await local.signUp();
  });
  afterAll(() => local.stop());

  const register = (url: string) =>
    operator.send('POST', '/v1/monitors', { name: url, url, threshold: 1 });

  test('targets in them, and names that may lead there, can be registered', async () => {
    for (const url of [
      'http://127.0.0.1:6379/',
      'http://[::1]:8080/',
      'http://localhost:3000/',
      'http://target/',
    ])
      expect({ url, status: (await register(url)).status }).toEqual({ url, status: 201 });
  });

  test('targets in others are refused as ever', async () => {
    expect(await register('http://10.0.0.1/')).toMatchObject(refused);
    expect(await register('http://169.254.169.254/')).toMatchObject(refused);
  });
});
