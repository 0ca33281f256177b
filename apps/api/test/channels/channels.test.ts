import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { claimNotifications, endAttempt } from '@gomon/persistence';
import { createLogger } from '@gomon/runtime';
import { Registry } from 'prom-client';
import { buildApp } from '../../src/app.ts';
import {
  addNotification,
  connectTo,
  pointersOf,
  register,
  send,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

interface ChannelBody {
  readonly id: string;
  readonly settings: Record<string, unknown>;
  readonly [name: string]: unknown;
}

interface DeliveryBody {
  readonly id: string;
  readonly status: string;
  readonly attempts: { error: string | null; statusCode: number | null }[];
}

const HOOK = 'https://hooks.example.com/t';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  client = await api.signUp();
});

async function make(body: Record<string, unknown> = {}): Promise<ChannelBody> {
  const channel = { kind: 'webhook', name: randomUUID(), settings: { url: HOOK }, ...body };
  const answer = await client.send<ChannelBody>('POST', '/v1/channels', channel);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

const storedSettings = async (id: string) => {
  const { rows } = await api.sql.query<{ settings: Record<string, string> }>(
    'SELECT settings FROM channels WHERE id = $1',
    [id],
  );
  return rows[0]?.settings ?? {};
};
const encryption = await createEncryption('k'.repeat(32));

describe('a channel', () => {
  test('is made, read, listed, changed and removed', async () => {
    const made = await make({ name: 'on call', default: true, remindEverySeconds: 3600 });
    expect(made).toMatchObject({
      kind: 'webhook',
      name: 'on call',
      enabled: true,
      default: true,
      disabledReason: null,
      remindEverySeconds: 3600,
    });
    const read = await client.send<ChannelBody>('GET', `/v1/channels/${made.id}`);
    expect(read.body).toEqual({ ...made, settings: { url: HOOK, secret: null } });
    expect((await client.send('GET', '/v1/channels')).body).toEqual({
      items: [read.body],
      nextCursor: null,
    });
    const etag = String(read.headers['etag']);
    const change = await client.send(
      'PATCH',
      `/v1/channels/${made.id}`,
      { enabled: false },
      { 'if-match': etag },
    );
    expect(change.body).toMatchObject({ enabled: false, name: 'on call', default: true });
    expect(
      (await client.send('PATCH', `/v1/channels/${made.id}`, {}, { 'if-match': etag })).status,
    ).toBe(412);
    expect((await client.send('DELETE', `/v1/channels/${made.id}`)).status).toBe(204);
    expect((await client.send('GET', `/v1/channels/${made.id}`)).status).toBe(404);
  });

  test.each([
    ['webhook', {}, '/settings/url'],
    ['webhook', { url: HOOK, token: 'x' }, '/settings/token'],
    ['webhook', { url: 'http://127.0.0.1/' }, '/settings/url'],
    ['webhook', { url: HOOK, secret: 'whsec_short' }, '/settings/secret'],
    ['webhook', { url: HOOK, template: { a: 'x'.repeat(5000) } }, '/settings/template'],
    ['slack', { webhookUrl: 'http://169.254.169.254/latest' }, '/settings/webhookUrl'],
    ['email', { to: ['a@b.test\r\nBcc: c@d.test'] }, '/settings/to/0'],
    ['email', { to: [] }, '/settings/to'],
    ['telegram', { botToken: '1:a', chatId: 'x y' }, '/settings/chatId'],
    ['pagerduty', { url: HOOK, routingKey: 'R' }, '/settings/url'],
    ['ntfy', { url: HOOK, topic: 'a/b' }, '/settings/topic'],
  ])('by %s with wrong settings is refused with the location', async (kind, settings, pointer) => {
    const answer = await client.send('POST', '/v1/channels', { kind, name: 'x', settings });
    expect(answer.status).toBe(400);
    expect(pointersOf(answer)).toEqual([pointer]);
  });

  test.each(['\0', '\ud800'])(
    'by webhook refuses a template with %j, which cannot be stored',
    async (sign) => {
      for (const template of [{ a: sign }, { a: [{ [sign]: 1 }] }]) {
        const settings = { url: HOOK, template };
        const payload = JSON.stringify({ kind: 'webhook', name: 'x', settings });
        const answer = await client.send('POST', '/v1/channels', payload, {
          'content-type': 'application/json',
        });
        expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      }
    },
  );

  test("has a unique name among its owner's channels, at most twenty", async () => {
    const { name } = await make();
    expect(
      (
        await client.send('POST', '/v1/channels', {
          kind: 'webhook',
          name,
          settings: { url: HOOK },
        })
      ).body,
    ).toMatchObject({
      code: 'channel_name_taken',
    });
    for (let n = 1; n < 20; n++) await make();
    expect(
      (
        await client.send('POST', '/v1/channels', {
          kind: 'webhook',
          name: 'x',
          settings: { url: HOOK },
        })
      ).body,
    ).toMatchObject({
      code: 'channel_limit_reached',
    });
  });
});

describe('a secret', () => {
  test.each([
    ['slack', { webhookUrl: 'https://hooks.slack.example/services/T/B/very-secret' }],
    ['telegram', { botToken: '123:very-secret', chatId: '1' }],
    ['pagerduty', { routingKey: 'verysecret' }],
    ['ntfy', { url: HOOK, topic: 'a', token: 'very-secret' }],
    ['webhook', { url: HOOK, secret: `whsec_${'verysecret'.repeat(4)}` }],
  ])('of %s is never shown, and encrypted at rest', async (kind, settings) => {
    const { id } = await make({ kind, settings });
    const secret = Object.values(settings).find((text) => /very-?secret/.test(text));
    for (const url of [`/v1/channels/${id}`, '/v1/channels'])
      expect((await client.send('GET', url)).text).not.toMatch(/very-?secret/);
    const stored = await storedSettings(id);
    expect(JSON.stringify(stored)).not.toMatch(/very-?secret/);
    const opened = await Promise.all(
      Object.values(stored).map((text) => encryption.decrypt(text, id).catch(() => text)),
    );
    expect(opened).toContain(secret);
  });

  test('of a webhook is generated if absent, and shown once', async () => {
    const { id, settings } = await make();
    expect(settings['secret']).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await encryption.decrypt((await storedSettings(id))['secret'] ?? '', id)).toBe(
      settings['secret'],
    );
  });

  test('that was replaced also signs for a day', async () => {
    const { id, settings } = await make();
    const secret = `whsec_${'b'.repeat(40)}`;
    const answer = await client.send<ChannelBody>('PATCH', `/v1/channels/${id}`, {
      settings: { secret },
    });
    expect(answer.body.settings).toEqual({ url: HOOK, secret: null });
    const stored = await storedSettings(id);
    expect(await encryption.decrypt(stored['secret'] ?? '', id)).toBe(secret);
    expect(await encryption.decrypt(stored['previousSecret'] ?? '', id)).toBe(settings['secret']);
    const hours = (Date.parse(stored['previousSecretUntil'] ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(24, 1);
  });

  test('stays when other settings change', async () => {
    const { id, settings } = await make();
    await client.send('PATCH', `/v1/channels/${id}`, {
      settings: { url: 'https://hooks.example.com/u' },
    });
    const stored = await storedSettings(id);
    expect(stored['url']).toBe('https://hooks.example.com/u');
    expect(await encryption.decrypt(stored['secret'] ?? '', id)).toBe(settings['secret']);
  });
});

describe('a setting', () => {
  const patch = (id: string, settings: object) =>
    client.send<ChannelBody>('PATCH', `/v1/channels/${id}`, { settings });

  test.each([
    ['ntfy', 'token', { url: HOOK, topic: 'a', token: 'very-secret' }],
    ['webhook', 'template', { url: HOOK, template: { text: '{{data.title}}' } }],
    ['webhook', 'secret', { url: HOOK, secret: `whsec_${'a'.repeat(40)}` }],
  ])('of %s that need not be is taken away by null: %s', async (kind, name, settings) => {
    const made = await make({ kind, settings });
    const answer = await patch(made.id, { [name]: null });
    expect(answer).toMatchObject({
      status: 200,
      body: { settings: expect.not.objectContaining({ [name]: null }) },
    });
    const others = Object.keys(settings).filter((other) => other !== name);
    expect(Object.keys(answer.body.settings)).toEqual(expect.arrayContaining(others));
    expect(await storedSettings(made.id)).not.toHaveProperty(name);
    expect((await patch(made.id, { [name]: null })).body.settings).toEqual(answer.body.settings);
  });

  test('that is a secret is removed together with the previous one', async () => {
    const { id } = await make();
    await patch(id, { secret: `whsec_${'b'.repeat(40)}` });
    await patch(id, { url: 'https://hooks.example.com/u' });
    expect(await storedSettings(id)).toHaveProperty('previousSecret');
    await patch(id, { secret: null });
    expect(await storedSettings(id)).toEqual({ url: 'https://hooks.example.com/u' });
  });

  test.each([
    ['webhook', { url: HOOK }, 'url'],
    ['webhook', { url: HOOK }, 'token'],
    ['telegram', { botToken: '1:a', chatId: '1' }, 'botToken'],
  ])(
    'of %s that must be, or that there is none of, is not: %j, %s',
    async (kind, settings, name) => {
      const { id } = await make({ kind, settings });
      expect(pointersOf(await patch(id, { [name]: null }))).toEqual([`/settings/${name}`]);
      const answer = await client.send('POST', '/v1/channels', {
        kind,
        name: 'x',
        settings: { ...settings, [name]: null },
      });
      expect(pointersOf(answer)).toEqual([`/settings/${name}`]);
    },
  );
});

/** As a sender does: the attempt of the channel's only notification ends so. */
async function attempt(error: string | null, statusCode: number): Promise<void> {
  const limits = {
    limit: 10,
    channelLimit: 10,
    userLimit: 10,
    busyChannels: [],
    busyUsers: [],
    leaseSeconds: 60,
  };
  for (;;) {
    const [claimed] = await claimNotifications(api.db, limits);
    if (!claimed) continue;
    const { id, channelId, attempts } = claimed;
    await endAttempt(api.db, {
      id,
      channelId,
      attempts,
      durationMs: 5,
      statusCode,
      error,
      retryInSeconds: error ? 30 : null,
    });
    return;
  }
}

describe('a delivery', () => {
  test('of a test returns the result', async () => {
    const { id } = await make();
    const [answer] = await Promise.all([
      client.send<DeliveryBody>('POST', `/v1/channels/${id}/test`),
      attempt('it answered 500', 500),
    ]);
    expect(answer).toMatchObject({ status: 200, body: { transition: 'test', status: 'pending' } });
    expect(answer.body.attempts).toMatchObject([
      { number: 1, statusCode: 500, error: 'it answered 500', durationMs: 5 },
    ]);
  });

  test('of a test with an Idempotency-Key is one, however often it is asked for', async () => {
    const { id } = await make();
    const key = { 'idempotency-key': randomUUID() };
    const ask = () => client.send<DeliveryBody>('POST', `/v1/channels/${id}/test`, undefined, key);
    const [first] = await Promise.all([ask(), attempt(null, 204)]);
    expect(first.body).toMatchObject({ status: 'delivered' });
    expect((await ask()).body).toEqual(first.body);
    expect(
      (await client.send<{ items: unknown[] }>('GET', `/v1/channels/${id}/deliveries`)).body.items,
    ).toHaveLength(1);
  });

  test('is listed with every attempt, and sent again when asked', async () => {
    const { id } = await make();
    await Promise.all([client.send('POST', `/v1/channels/${id}/test`), attempt(null, 200)]);
    const list = () =>
      client.send<{ items: DeliveryBody[] }>(
        'GET',
        `/v1/channels/${id}/deliveries?status=delivered`,
      );
    const [delivery] = (await list()).body.items;
    expect(delivery?.attempts).toMatchObject([{ statusCode: 200, error: null }]);
    const again = await client.send<DeliveryBody>(
      'POST',
      `/v1/notifications/${delivery?.id}/redeliver`,
    );
    expect(again).toMatchObject({ status: 202, body: { id: delivery?.id, status: 'pending' } });
    expect((await list()).body.items).toEqual([]);
    await attempt(null, 200);
    expect((await list()).body.items[0]?.attempts).toHaveLength(2);
  });

  test('names its monitor, and a test names none', async () => {
    const { id } = await make();
    const monitor = await register(client);
    await addNotification(api, id);
    await api.sql.query(
      `INSERT INTO notifications (id, channel_id, monitor_id, alert_id, transition) VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), 'opened')`,
      [id, monitor.id],
    );
    const { items } = (
      await client.send<{ items: object[] }>('GET', `/v1/channels/${id}/deliveries`)
    ).body;
    expect(items).toMatchObject([
      { transition: 'opened', monitorId: monitor.id, monitorName: monitor.name },
      { transition: 'test', monitorId: null, monitorName: null },
    ]);
  });

  test('does not start on a disabled channel, and unsent ones are dropped', async () => {
    const { id } = await make();
    await Promise.all([
      client.send('POST', `/v1/channels/${id}/test`),
      attempt('it answered 500', 500),
    ]);
    await client.send('PATCH', `/v1/channels/${id}`, { enabled: false });
    const [delivery] = (
      await client.send<{ items: DeliveryBody[] }>('GET', `/v1/channels/${id}/deliveries`)
    ).body.items;
    expect(delivery?.status).toBe('dropped');
    for (const url of [`/v1/channels/${id}/test`, `/v1/notifications/${delivery?.id}/redeliver`]) {
      expect((await client.send('POST', url)).body).toMatchObject({
        status: 409,
        code: 'channel_disabled',
      });
    }
  });

  test.each(['test', 'redeliver'])(
    'does not start from a notification, which would be a loop: %s',
    async (what) => {
      const { id } = await make();
      const url = await askedBy(what, id);
      const answer = await client.send('POST', url, undefined, { 'gomon-notification': '1' });
      expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    },
  );

  test('is asked for ten times a minute by a user, by whatever channel and of whatever API', async () => {
    const { app, stop } = await startAnotherApi();
    const owner = await api.signUp();
    const { body } = await owner.send<ChannelBody>('POST', '/v1/channels', {
      kind: 'webhook',
      name: 'x',
      settings: { url: HOOK },
    });
    const url = await askedBy('redeliver', body.id);
    const ofAnother = () =>
      send(app, { method: 'POST', url, headers: { authorization: `Bearer ${owner.token}` } });
    const first = [];
    for (let n = 0; n < 6; n++)
      first.push(...(await Promise.all([ofAnother(), owner.send('POST', url)])));
    expect(first.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(10).fill(202),
      429,
      429,
    ]);
    for (const refused of [url, `/v1/channels/${body.id}/test`]) {
      const answer = await owner.send('POST', refused);
      expect(answer).toMatchObject({
        status: 429,
        body: { code: 'rate_limited' },
        headers: { 'retry-after': expect.stringMatching(/^(5\d|60)$/) },
      });
    }
    expect((await ofAnother()).status).toBe(429);
    expect((await client.send('POST', url)).status).toBe(404);
    await stop();
  });

  test('is asked for again once the first of them are a minute ago, and no sooner by removing the channel', async () => {
    const ask = async () =>
      (await client.send('POST', await askedBy('redeliver', (await make()).id))).status;
    for (let n = 0; n < 10; n++) expect(await ask()).toBe(202);
    for (const { id } of (await client.send<{ items: ChannelBody[] }>('GET', '/v1/channels')).body
      .items)
      await client.send('DELETE', `/v1/channels/${id}`);
    expect(await ask()).toBe(429);
    const pass = (seconds: number) =>
      api.sql.query(
        `UPDATE users SET sendings_asked_at = ARRAY(SELECT at - make_interval(secs => $2) FROM unnest(sendings_asked_at) AS at) WHERE id = $1`,
        [client.userId, seconds],
      );
    await pass(30);
    expect(await ask()).toBe(429);
    await pass(30);
    expect(await ask()).toBe(202);
    const { rows } = await api.sql.query<{ moments: number }>(
      'SELECT cardinality(sendings_asked_at) AS moments FROM users WHERE id = $1',
      [client.userId],
    );
    expect(rows).toEqual([{ moments: 1 }]);
  });
});

async function startAnotherApi() {
  const db = connectTo(api.config.DATABASE_URL);
  const logger = createLogger('api', 'silent');
  const app = await buildApp({
    db,
    config: api.config,
    shardCount: 4,
    logger,
    registry: new Registry(),
  });
  return { app, stop: () => app.close().then(() => db.$disconnect()) };
}

/** Where a test of the channel, or what it sent again, is asked for. */
async function askedBy(what: string, channelId: string): Promise<string> {
  if (what === 'test') return `/v1/channels/${channelId}/test`;
  return `/v1/notifications/${await addNotification(api, channelId)}/redeliver`;
}
