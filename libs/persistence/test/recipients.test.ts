import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { addNumberedMonitors, createUser, migrate } from '../src/index.ts';
import { openTestDb } from './open-test-db.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
let stores: Awaited<ReturnType<typeof openTestDb>>;
let client: pg.Client;

beforeAll(async () => {
  stores = await openTestDb();
  client = new pg.Client({ connectionString: stores.url, options: '-c timezone=UTC' });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await stores.close();
});

test('the migration to notifications per recipient splits emails that wait or have open alerts', async () => {
  const { db } = stores;
  const { id: ownerId } = await createUser(db, { username: 'ada', passwordHash: 'none' });
  const settings = {
    ownerId,
    name: 'site',
    url: 'http://target/',
    intervalSeconds: 60,
    threshold: 3,
    shardCount: 4,
  };
  await addNumberedMonitors(db, settings, 1, 1);
  const { id: monitorId } = await db.monitor.findFirstOrThrow();
  const [email, webhook] = [randomUUID(), randomUUID()];
  await db.channel.createMany({
    data: [
      {
        id: email,
        ownerId,
        kind: 'email',
        name: 'mail',
        settings: { to: ['ada@a.test', 'bob@b.test', 'eve@c.test'] },
      },
      {
        id: webhook,
        ownerId,
        kind: 'webhook',
        name: 'hook',
        settings: { url: 'http://hook.test/' },
      },
    ],
  });
  const [open, over] = [randomUUID(), randomUUID()];
  const rule = { monitorId, ownerId, failures: 3, threshold: 2, windowSeconds: 300 };
  await db.alert.createMany({
    data: [
      { ...rule, id: open, openedAt: new Date(60_000) },
      { ...rule, id: over, openedAt: new Date(0), resolvedAt: new Date(30_000) },
    ],
  });
  const told = (channelId: string, alertId: string, status: 'delivered' | 'pending') => {
    return {
      id: randomUUID(),
      channelId,
      monitorId,
      alertId,
      status,
      transition: 'opened' as const,
      position: 0,
    };
  };
  const content = { confirmation: { channelId: email, address: 'bob@b.test', code: 'A' } };
  await db.notification.createMany({
    data: [
      told(email, open, 'delivered'),
      told(email, over, 'delivered'),
      told(webhook, open, 'pending'),
      { id: randomUUID(), channelId: email, transition: 'test', status: 'pending', content: {} },
      {
        id: randomUUID(),
        channelId: email,
        transition: 'confirmation',
        status: 'delivered',
        content,
      },
    ],
  });
  await client.query(`
    DROP INDEX notifications_alert_id_channel_id_recipient_position_key;
    ALTER TABLE notifications DROP COLUMN recipient, DROP COLUMN taken_back;
    CREATE UNIQUE INDEX notifications_alert_id_channel_id_position_key ON notifications (alert_id, channel_id, position);
    DELETE FROM _prisma_migrations WHERE migration_name = '20261201003001_recipients'`);
  await migrate(stores.url, MIGRATIONS);
  const rows = await db.notification.findMany({
    orderBy: [{ transition: 'asc' }, { status: 'asc' }, { recipient: 'asc' }],
  });
  const name = new Map<string | null, string>([
    [open, 'open'],
    [over, 'over'],
  ]);
  expect(
    rows.map((row) => [row.transition, name.get(row.alertId), row.status, row.recipient]).sort(),
  ).toEqual(
    [
      ['opened', 'open', 'delivered', 'ada@a.test'],
      ['opened', 'open', 'delivered', 'bob@b.test'],
      ['opened', 'open', 'delivered', 'eve@c.test'],
      ['opened', 'over', 'delivered', ''],
      ['opened', 'open', 'pending', ''],
      ['test', undefined, 'pending', 'ada@a.test'],
      ['test', undefined, 'pending', 'bob@b.test'],
      ['test', undefined, 'pending', 'eve@c.test'],
      ['confirmation', undefined, 'delivered', 'bob@b.test'],
    ].sort(),
  );
});
