import { randomUUID } from 'node:crypto';
import { largestThreshold, MONITOR_DEFAULTS, type ChannelKind } from '@gomon/domain';
import type { Account } from './account.ts';
import type { Belongings } from './belongings.ts';
import type { Step } from './steps.ts';

/** Passwords, cursors and ids cannot be guessed: what fits the description is told those that are right. */
export function withTruth(step: Step, { username, password }: Account, { cursors, own, codes }: Belongings): Step {
  const channelIds = own.get('channels') ?? [];
  const monitorIds = own.get('monitors') ?? [];
  const query = step.query.flatMap(([name, value]): Step['query'] => {
    const cursor = cursors.get(step.path);
    return name !== 'cursor' ? [[name, value]] : cursor === undefined ? [] : [[name, cursor]];
  });
  if (!step.body || !('json' in step.body)) return { ...step, query };
  const json = step.body.json as Record<string, unknown>;
  const isLogin = step.operation === 'POST /v1/sessions';
  const truth = {
    ...(isLogin && { username, password }),
    ...('currentPassword' in json && { currentPassword: password }),
    ...('channelIds' in json && { channelIds }),
    ...('groups' in json && { groups: monitorIds.length > 0 ? [{ name: 'own', monitorIds }] : [] }),
    ...(json['slug'] === '' && { slug: `page-${randomUUID()}` }),
    ...('settings' in json && { settings: settingsOf(json['kind'] as ChannelKind | undefined) }),
    ...('code' in json && { code: codes.at(-1) ?? json['code'] }),
    ...('rrule' in json && { rrule: 'FREQ=DAILY' }),
    ...('timeZone' in json && { timeZone: 'Europe/Vienna' }),
    ...('startsAt' in json && { startsAt: new Date().toISOString() }),
    ...('monitorId' in json && { monitorId: null }),
    ...('threshold' in json && { threshold: reachable(json) }),
    ...('timeoutMs' in json && { timeoutMs: 1000 }),
  };
  return { ...step, query, body: { json: { ...json, ...truth } } };
}

/** More than what the window can hold is refused. */
function reachable(json: { threshold?: number; intervalSeconds?: number; windowSeconds?: number }): number {
  const {
    threshold = 0,
    intervalSeconds = MONITOR_DEFAULTS.intervalSeconds,
    windowSeconds = MONITOR_DEFAULTS.windowSeconds,
  } = json;
  return Math.min(threshold, largestThreshold({ intervalSeconds, windowSeconds }));
}

/** Each kind has its own of these; without one they are a change of the first channel. An address is mailed a few codes only. */
function settingsOf(kind?: ChannelKind): object {
  if (kind === 'email') return { to: [`${randomUUID()}@hook.invalid`] };
  return kind ? CHANNEL_SETTINGS[kind] : { url: 'https://hook.invalid/changed', template: null };
}

const CHANNEL_SETTINGS: Readonly<Record<Exclude<ChannelKind, 'email'>, object>> = {
  webhook: { url: 'https://hook.invalid/', template: { all: '{{data}}', title: '{{data.title}}: {{nothing}}' } },
  slack: { webhookUrl: 'https://hook.invalid/' },
  discord: { webhookUrl: 'https://hook.invalid/' },
  msteams: { webhookUrl: 'https://hook.invalid/' },
  telegram: { botToken: '1:a', chatId: '1' },
  pagerduty: { routingKey: 'a' },
  ntfy: { url: 'https://hook.invalid/', topic: 'a' },
};
