import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  register,
  startTestApi,
  type Client,
  type MonitorBody,
  type ProblemBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '100' });
  client = await api.signUp();
});
afterAll(() => api.stop());

const patch = (monitor: MonitorBody, body: object) =>
  client.send<MonitorBody>('PATCH', `/v1/monitors/${monitor.id}`, body);

const unreachable = (largest: number) => ({
  status: 400,
  body: {
    code: 'validation_failed',
    detail: expect.stringContaining(`at most ${largest}`),
    errors: [
      {
        pointer: '/threshold',
        code: 'threshold_unreachable',
        largest,
        message: expect.stringContaining(`at most ${largest}`),
      },
    ],
  },
});

describe('a threshold that the window cannot exceed', () => {
  test.each([
    [{ threshold: 2, intervalSeconds: 300 }, 0],
    [{ threshold: 5 }, 4],
    [{ threshold: 1, intervalSeconds: 3600, windowSeconds: 3600 }, 0],
    [{ threshold: 10_000, intervalSeconds: 10, windowSeconds: 61 }, 6],
  ])('is refused with the largest possible value: %j', async (rule, largest) => {
    const send = (threshold: number) =>
      client.send<ProblemBody>('POST', '/v1/monitors', {
        name: `m ${JSON.stringify(rule)}`,
        url: 'https://example.com/',
        ...rule,
        threshold,
      });
    expect(await send(rule.threshold)).toMatchObject(unreachable(largest));
    expect((await send(largest)).status).toBe(201);
  });

  test('is taken when it is the one for monitors that never alert', async () => {
    expect(await register(client, { threshold: 1000, intervalSeconds: 10 })).toMatchObject({
      threshold: 1000,
    });
  });

  test('is refused, whichever of threshold, interval and window a change affects', async () => {
    const monitor = await register(client, { threshold: 3 });
    expect(await patch(monitor, { threshold: 5 })).toMatchObject(unreachable(4));
    expect(await patch(monitor, { intervalSeconds: 120 })).toMatchObject(unreachable(2));
    expect(await patch(monitor, { windowSeconds: 180 })).toMatchObject(unreachable(2));
    expect((await patch(monitor, { intervalSeconds: 120, windowSeconds: 600 })).status).toBe(200);
  });

  test('is refused in a preview', async () => {
    const monitor = await register(client, { intervalSeconds: 120, threshold: 1 });
    const preview = (body: object) =>
      client.send('POST', `/v1/monitors/${monitor.id}/alert-preview`, body);
    expect(await preview({ threshold: 3, windowSeconds: 300 })).toMatchObject(unreachable(2));
    expect((await preview({ threshold: 2, windowSeconds: 300 })).status).toBe(200);
  });

  test('of an older monitor can be read, and does not block other changes', async () => {
    const monitor = await register(client);
    await api.sql.query('UPDATE monitors SET threshold = 9 WHERE id = $1', [monitor.id]);
    expect(await client.send('GET', `/v1/monitors/${monitor.id}`)).toMatchObject({
      status: 200,
      body: { threshold: 9 },
    });
    const name = `renamed ${monitor.id}`;
    expect(await patch(monitor, { name, threshold: 9 })).toMatchObject({
      status: 200,
      body: { name, threshold: 9 },
    });
    expect(
      await client.send('POST', '/v1/monitors/bulk', { action: 'pause', ids: [monitor.id] }),
    ).toMatchObject({ status: 200 });
    expect(await patch(monitor, { windowSeconds: 240 })).toMatchObject(unreachable(3));
  });
});

describe('a default timeout', () => {
  test('follows the interval, also after other changes', async () => {
    const monitor = await register(client, { threshold: 0 });
    expect(monitor['timeoutMs']).toBe(10_000);
    await patch(monitor, { name: `renamed ${monitor.id}` });
    expect((await patch(monitor, { intervalSeconds: 10 })).body['timeoutMs']).toBe(8000);
    expect((await patch(monitor, { intervalSeconds: 3600 })).body['timeoutMs']).toBe(10_000);
  });

  test('becomes chosen by a change that names it, even with the same value, and follows the interval again after null', async () => {
    const monitor = await register(client, { threshold: 0 });
    await patch(monitor, { timeoutMs: 10_000 });
    expect((await patch(monitor, { intervalSeconds: 10 })).status).toBe(400);
    expect((await patch(monitor, { intervalSeconds: 10, timeoutMs: 5000 })).body['timeoutMs']).toBe(
      5000,
    );
    expect((await patch(monitor, { intervalSeconds: 60 })).body['timeoutMs']).toBe(5000);
    expect((await patch(monitor, { timeoutMs: null })).body['timeoutMs']).toBe(10_000);
    expect((await patch(monitor, { intervalSeconds: 10 })).body['timeoutMs']).toBe(8000);
  });

  test('stays as chosen when the monitor was added', async () => {
    const monitor = await register(client, { threshold: 0, timeoutMs: 10_000 });
    expect((await patch(monitor, { intervalSeconds: 3600 })).body['timeoutMs']).toBe(10_000);
    expect((await patch(monitor, { intervalSeconds: 10 })).status).toBe(400);
  });
});
