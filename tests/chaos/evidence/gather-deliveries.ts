import type { ChaosStack } from '../stack/chaos-stack.ts';
import type {
  Listener,
  StoredAttempt,
  StoredChannel,
  StoredNotification,
  DeliveryLog,
} from './delivery-log.ts';

const epoch = (column: string) => `extract(epoch FROM ${column})::float8`;
type Row<Stored> = Stored & Record<string, unknown>;

/** Reads what the outbox holds and what the receivers heard. */
export async function gatherDeliveries({
  database,
  receivers,
}: Pick<ChaosStack, 'database' | 'receivers'>): Promise<DeliveryLog> {
  const channels = await database.query<Row<Omit<StoredChannel, 'path'> & { url: string }>>(
    `SELECT id, settings->>'url' AS url, enabled, disabled_reason AS "disabledReason", ${epoch('created_at')} AS "createdAt",
            ${epoch('updated_at')} AS "updatedAt" FROM channels`,
  );
  return {
    channels: channels.map(({ url, ...channel }) => ({ ...channel, path: new URL(url).pathname })),
    listeners: await database.query<Row<Listener>>(
      `SELECT m.id AS "monitorId", c.id AS "channelId" FROM monitors m JOIN channels c ON c.user_id = m.user_id
       WHERE c.is_default OR EXISTS (SELECT FROM monitor_channels l WHERE l.monitor_id = m.id AND l.channel_id = c.id)`,
    ),
    notifications: await database.query<Row<StoredNotification>>(
      `SELECT id, alert_id AS "alertId", monitor_id AS "monitorId", channel_id AS "channelId", transition, status, attempts,
              ${epoch('created_at')} AS "createdAt", ${epoch('delivered_at')} AS "deliveredAt" FROM notifications`,
    ),
    attempts: await database.query<Row<StoredAttempt>>(
      `SELECT notification_id AS "notificationId", number, ${epoch('started_at')} AS "startedAt", duration_ms AS "durationMs"
       FROM notification_attempts`,
    ),
    messages: receivers.messages(),
  };
}

/** Whether no notification is waiting, for any recipient. */
export async function isOutboxEmpty({ database }: Pick<ChaosStack, 'database'>): Promise<boolean> {
  const rows = await database.query(
    `SELECT FROM notifications WHERE status IN ('pending', 'held') LIMIT 1`,
  );
  return rows.length === 0;
}
