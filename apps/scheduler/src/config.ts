import { isNetworkList } from '@gomon/egress';
import { operationVariables, previousSecret, secret } from '@gomon/runtime';
import Type, { type Static } from 'typebox';

export const SchedulerConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  QUEUE_REDIS_URL: Type.String({ minLength: 1, description: 'The Redis of the job queues: no eviction, append-only.' }),
  WINDOW_REDIS_URL: Type.String({
    minLength: 1,
    description: 'The Redis of the window cache, or a comma list: shard s uses number s mod n.',
  }),
  SCHEDULER_SHARDS: Type.String({
    pattern: '^(all|\\d+(-\\d+)?(,\\d+(-\\d+)?)*)$',
    default: 'all',
    description: 'The shards that this scheduler serves: "all", or numbers and ranges such as "0-3,8".',
  }),
  CHECK_RETENTION_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3650,
    default: 30,
    description: 'Days for which the rows of checks are kept.',
  }),
  HEARTBEAT_URL: Type.String({
    pattern: '^(https?://.+)?$',
    default: '',
    writeOnly: true,
    description: "A dead man's switch: called every 30 seconds while checks are dispatched, probed and stored in time.",
  }),
  SECRETS_KEY: secret("Opens channels' encrypted secrets; the same as the api's."),
  SECRETS_KEY_PREVIOUS: previousSecret('The SECRETS_KEY before this one, which opens what it encrypted.'),
  NOTIFICATION_ALLOWED_NETWORKS: Type.Refine(
    Type.String({ default: '', description: 'CIDRs, by comma, that a notification may go to although they are not public.' }),
    isNetworkList,
    () => 'must be networks such as 10.0.0.0/8 or fd00::/8, by comma',
  ),
  SMTP_URL: Type.String({
    pattern: '^(smtps?://.+)?$',
    default: '',
    writeOnly: true,
    description: 'The mail server, such as smtps://user:password@mail.example.com; empty for no mail.',
  }),
  SMTP_FROM: Type.String({ minLength: 1, default: 'GoMon <gomon@localhost>', description: 'Whose name mails bear.' }),
  PUBLIC_URL: Type.String({
    pattern: '^(https?://.+)?$',
    default: '',
    description: 'Where people find GoMon with a browser; notifications link to it.',
  }),
  TELEGRAM_API_URL: Type.String({
    pattern: '^https?://.+[^/]$',
    default: 'https://api.telegram.org',
    description: "Telegram's Bot API, or a server of your own for it.",
  }),
  PAGERDUTY_API_URL: Type.String({
    pattern: '^https?://.+[^/]$',
    default: 'https://events.pagerduty.com',
    description: "PagerDuty's Events API; https://events.eu.pagerduty.com for accounts in the EU.",
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
    throw new Error(`SCHEDULER_SHARDS names ${absent.join(', ')}, but the database has shards 0-${existing.length - 1}`);
  return [...new Set(named)];
}
