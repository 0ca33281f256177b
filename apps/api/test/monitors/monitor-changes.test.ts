import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { phaseOf } from '@gomon/domain';
import { createEncryption } from '@gomon/encryption';
import {
  addChannel,
  pointersOf,
  readRow,
  register,
  startTestApi,
  type Client,
  type MonitorBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '100' });
  client = await api.signUp();
});
afterAll(() => api.stop());

/** As if the scheduler had dispatched the immediate slot. */
async function dispatchImmediate({ id }: MonitorBody): Promise<void> {
  await api.sql.query('UPDATE monitors SET immediate_pending = false WHERE id = $1', [id]);
}

const patch = (monitor: MonitorBody, body: object, headers?: Record<string, string>) =>
  client.send<MonitorBody>('PATCH', `/v1/monitors/${monitor.id}`, body, headers);

describe('changing a monitor', () => {
  test('changes the given fields, keeps the rest and tags the new version', async () => {
    const monitor = await register(client, { threshold: 3, bodyContains: 'ok' });
    const answer = await patch(monitor, { threshold: 4 });
    expect(answer.status).toBe(200);
    expect(answer.headers['etag']).toBe('"2"');
    expect(answer.body).toEqual({ ...monitor, threshold: 4, updatedAt: answer.body['updatedAt'] });
    expect(Date.parse(answer.body['updatedAt'] as string)).toBeGreaterThan(
      Date.parse(monitor['updatedAt'] as string),
    );
  });

  test('is refused when the caller knows another version', async () => {
    const monitor = await register(client);
    expect((await patch(monitor, { threshold: 3 }, { 'if-match': '"1"' })).status).toBe(200);
    const stale = await patch(monitor, { threshold: 4 }, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
    expect((await patch(monitor, { threshold: 4 }, { 'if-match': '"1", W/"2"' })).status).toBe(200);
    expect((await patch(monitor, { threshold: 4 }, { 'if-match': '*' })).status).toBe(200);
    expect((await patch(monitor, { threshold: 4 }, { 'if-match': 'nonsense' })).status).toBe(412);
  });

  test('happens once when many callers have the same version', async () => {
    const monitor = await register(client, { intervalSeconds: 10 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        patch(monitor, { threshold: 10 + i }, { 'if-match': '"1"' }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
  });

  test('is refused when the settings no longer fit each other', async () => {
    const monitor = await register(client, { timeoutMs: 30_000 });
    expect(pointersOf(await patch(monitor, { intervalSeconds: 10 }))).toEqual(['/timeoutMs']);
    expect((await patch(monitor, { intervalSeconds: 10, timeoutMs: 9999 })).status).toBe(200);
    expect(pointersOf(await patch(monitor, { method: 'HEAD', bodyContains: 'x' }))).toEqual([
      '/bodyContains',
    ]);
    expect(
      pointersOf(await patch(monitor, { id: 'x', ownerId: 'y', version: 9, name: '' })),
    ).toEqual(['/id', '/name', '/ownerId', '/version']);
    expect(await readRow(api, monitor)).toMatchObject({ version: 2 });
  });

  test('is refused when the name is taken', async () => {
    await register(client, { name: 'Taken' });
    expect(await patch(await register(client), { name: 'Taken' })).toMatchObject({
      status: 409,
      body: { code: 'monitor_name_taken' },
    });
  });

  test.each([
    { url: 'https://example.org/' },
    { timeoutMs: 5000 },
    { method: 'HEAD' },
    { headers: { 'x-a': 'b' } },
    { expectedStatus: ['204'] },
    { maxBodyBytes: 2048 },
    { followRedirects: false },
  ])(
    'that makes its checks see something else begins its window and gives it a slot that no check has: %j',
    async (change) => {
      const monitor = await register(client, { intervalSeconds: 10, timeoutMs: 6000 });
      const before = await readRow(api, monitor);
      await dispatchImmediate(monitor);
      await patch(monitor, change);
      const after = await readRow(api, monitor);
      expect(after).toMatchObject({
        immediate_pending: true,
        active_since: before.active_since,
        probe_version: 2,
      });
      expect(after.window_since).toEqual(after.updated_at);
      expect(after.immediate_slot).not.toEqual(before.immediate_slot);
      expect(((after.immediate_slot?.getTime() ?? 0) / 1000) % 10).not.toBe(before.phase);
    },
  );

  test("that repeats a header field's value does not affect its checks", async () => {
    const monitor = await register(client, { headers: { 'x-a': 'b' } });
    await patch(monitor, { headers: { 'x-a': 'b' } });
    expect(await readRow(api, monitor)).toMatchObject({ probe_version: 1, window_since: null });
    await patch(monitor, { headers: { 'x-a': 'c' } });
    expect(await readRow(api, monitor)).toMatchObject({ probe_version: 2 });
  });

  test('of its name or channels gives it no slot', async () => {
    const monitor = await register(client);
    const before = await readRow(api, monitor);
    await dispatchImmediate(monitor);
    const channelId = await addChannel(api, client.userId);
    const { body } = await patch(monitor, {
      name: `renamed ${monitor.id}`,
      channelIds: [channelId],
    });
    expect(body['channelIds']).toEqual([channelId]);
    expect(await readRow(api, monitor)).toMatchObject({
      ...before,
      name: `renamed ${monitor.id}`,
      immediate_pending: false,
      version: 2,
      updated_at: expect.any(Date),
    });
    expect((await patch(monitor, { channelIds: [] })).body['channelIds']).toEqual([]);
  });

  test('of its rule counts from now on', async () => {
    const monitor = await register(client);
    const before = await readRow(api, monitor);
    await patch(monitor, { threshold: 4 });
    const after = await readRow(api, monitor);
    expect(after.rule_since.getTime()).toBeGreaterThan(before.rule_since.getTime());
    expect(after).toMatchObject({
      active_since: before.active_since,
      immediate_slot: before.immediate_slot,
    });
  });

  test('of its interval moves it to another grid from now on', async () => {
    const monitor = await register(client, { threshold: 0 });
    const before = await readRow(api, monitor);
    await patch(monitor, { intervalSeconds: 3600 });
    const after = await readRow(api, monitor);
    expect(after).toMatchObject({ phase: phaseOf(monitor.id, 3600), immediate_pending: true });
    expect(after.active_since.getTime()).toBeGreaterThan(before.active_since.getTime());
  });

  test('to paused takes its slot away, and back gives it another', async () => {
    const monitor = await register(client);
    const before = await readRow(api, monitor);
    expect((await patch(monitor, { paused: true })).body['paused']).toBe(true);
    expect(await readRow(api, monitor)).toMatchObject({
      immediate_pending: false,
      active_since: before.active_since,
    });
    await patch(monitor, { timeoutMs: 7000 });
    expect(await readRow(api, monitor)).toMatchObject({ immediate_pending: false });
    await patch(monitor, { paused: false });
    const after = await readRow(api, monitor);
    expect(after.immediate_pending).toBe(true);
    expect(after.active_since.getTime()).toBeGreaterThan(before.active_since.getTime());
  });
});

describe('the values of header fields', () => {
  test('are stored encrypted for their monitor and never answered', async () => {
    const secret = 'Bearer very-secret-value';
    const monitor = await register(client, { headers: { Authorization: secret, 'X-Empty': '' } });
    expect(monitor['headers']).toEqual({ Authorization: null, 'X-Empty': null });
    const { headers } = await readRow(api, monitor);
    const encryption = await createEncryption('k'.repeat(32));
    expect(await encryption.decrypt(headers['Authorization'] ?? '', monitor.id)).toBe(secret);
    const answers = await Promise.all([
      client.send('GET', `/v1/monitors/${monitor.id}`),
      client.send('GET', '/v1/monitors?limit=200'),
      patch(monitor, { threshold: 4 }),
    ]);
    for (const answer of answers) {
      expect(answer.text).not.toContain('very-secret');
      expect(answer.text).not.toContain(headers['Authorization']);
    }
  });

  test('stay where null is given, and go where nothing is', async () => {
    const monitor = await register(client, { headers: { 'X-Kept': 'kept', 'X-Gone': 'gone' } });
    const { headers: before } = await readRow(api, monitor);
    expect(
      (await patch(monitor, { headers: { 'x-kept': null, 'X-New': 'new' } })).body['headers'],
    ).toEqual({
      'x-kept': null,
      'X-New': null,
    });
    const { headers: after } = await readRow(api, monitor);
    expect(after['x-kept']).toBe(before['X-Kept']);
    expect(Object.keys(after)).toHaveLength(2);
    expect(pointersOf(await patch(monitor, { headers: { 'X-Gone': null } }))).toEqual([
      '/headers/X-Gone',
    ]);
  });
});

describe('asking for a check', () => {
  test('returns a slot within two seconds, and the same one until it is dispatched', async () => {
    const monitor = await register(client);
    await dispatchImmediate(monitor);
    const first = await client.send('POST', `/v1/monitors/${monitor.id}/check`);
    expect(first.status).toBe(202);
    const { immediate_slot: slot, immediate_pending: pending } = await readRow(api, monitor);
    expect(first.body).toEqual({ slot: slot?.toISOString() });
    expect(pending).toBe(true);
    expect((await client.send('POST', `/v1/monitors/${monitor.id}/check`)).body).toEqual(
      first.body,
    );
    await dispatchImmediate(monitor);
    expect((await client.send('POST', `/v1/monitors/${monitor.id}/check`)).body).not.toEqual(
      first.body,
    );
  });

  test('is refused while the monitor is paused', async () => {
    const monitor = await register(client, { paused: true });
    expect(await client.send('POST', `/v1/monitors/${monitor.id}/check`)).toMatchObject({
      status: 409,
      body: { code: 'monitor_paused' },
    });
  });
});

describe('removing a monitor', () => {
  test('takes its alerts and its place under the limit', async () => {
    const owner = await api.signUp();
    const monitor = await register(owner, { name: 'Again' });
    await api.sql.query(
      `INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds) VALUES (gen_random_uuid(), $1, $2, date_trunc('second', now()), 3, 2, 300)`,
      [monitor.id, owner.userId],
    );
    expect(await owner.send('DELETE', `/v1/monitors/${monitor.id}`)).toMatchObject({
      status: 204,
      text: '',
    });
    expect((await owner.send('GET', `/v1/monitors/${monitor.id}`)).status).toBe(404);
    expect((await owner.send('DELETE', `/v1/monitors/${monitor.id}`)).status).toBe(404);
    expect((await owner.send('GET', '/v1/alerts')).body).toEqual({ items: [], nextCursor: null });
    await register(owner, { name: 'Again' });
  });
});
