import { isNetworkList } from '@gomon/egress';
import { operationVariables, previousSecret, secret } from '@gomon/runtime';
import Type, { type Static } from 'typebox';

export const SchedulerConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  QUEUE_REDIS_URL: Type.String({
    minLength: 1,
    description: 'The Redis of the job queues: no eviction, append-only.',
  }),
  WINDOW_REDIS_URL: Type.String({
    minLength: 1,
    description:
      'The Redis of the window cache, or a comma-separated list of n: shard s uses number s mod n.',
  }),
  SCHEDULER_SHARDS: Type.String({
    pattern: '^(all|\\d+(-\\d+)?(,\\d+(-\\d+)?)*)$',
    default: 'all',
    description: 'Shards that this scheduler serves: "all", or numbers and ranges such as "0-3,8".',
  }),
  CHECK_RETENTION_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3650,
    default: 30,
    description: 'Days to keep check rows.',
  }),
  HEARTBEAT_URL: Type.String({
    pattern: '^(https?://.+)?$',
    default: '',
    writeOnly: true,
    description:
      "Dead man's switch: a URL called every 30 seconds while checks are dispatched, probed and stored in time.",
  }),
  SECRETS_KEY: secret("Decrypts channels' secrets; must be the api's SECRETS_KEY."),
  SECRETS_KEY_PREVIOUS: previousSecret(
    'The previous SECRETS_KEY, while texts encrypted with it remain.',
  ),
  NOTIFICATION_ALLOWED_NETWORKS: Type.Refine(
    Type.String({
      default: '',
      description: 'Comma-separated CIDRs of private networks that notifications may reach.',
    }),
    isNetworkList,
    () => 'must be comma-separated networks such as 10.0.0.0/8 or fd00::/8',
  ),
  SMTP_URL: Type.String({
    pattern: '^(smtps?://.+)?$',
    default: '',
    writeOnly: true,
    description: 'Mail server, such as smtps://user:password@mail.example.com; empty for no email.',
  }),
  SMTP_FROM: Type.String({
    minLength: 1,
    default: 'GoMon <gomon@localhost>',
    description: 'Sender of emails.',
  }),
  PUBLIC_URL: Type.String({
    pattern: '^(https?://.+)?$',
    default: '',
    description: 'Public address of the dashboard; notifications link to it.',
  }),
  TELEGRAM_API_URL: Type.String({
    pattern: '^https?://.+[^/]$',
    default: 'https://api.telegram.org',
    description: "Telegram's Bot API, or your own Bot API server.",
  }),
  PAGERDUTY_API_URL: Type.String({
    pattern: '^https?://.+[^/]$',
    default: 'https://events.pagerduty.com',
    description: "PagerDuty's Events API; use https://events.eu.pagerduty.com for EU accounts.",
  }),
  ...operationVariables(8012),
});

export type SchedulerConfig = Static<typeof SchedulerConfigSchema>;

/** The shards that `text` names, out of `existing`. Throws when it names one that does not exist. */
export function selectShards(text: string, existing: readonly number[]): number[] {
  if (text === 'all') return [...existing];
  const named = text.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  });
  const absent = named.filter((shard) => !existing.includes(shard));
  if (absent.length > 0)
    throw new Error(
      `SCHEDULER_SHARDS names ${absent.join(', ')}, but the database has shards 0-${existing.length - 1}`,
    );
  return [...new Set(named)];
}
