import { randomUUID } from 'node:crypto';
import { specOf, type ChannelKind } from '@gomon/channels';
import { CHECK_KINDS, CHECK_KIND_NAMES, DEFAULT_KIND, isCheckKind } from '@gomon/checks';
import { largestThreshold, MONITOR_DEFAULTS } from '@gomon/domain';
import type { Account } from './account.ts';
import type { Resources } from './resources.ts';
import type { Step } from './steps.ts';

/** Passwords, cursors and ids cannot be guessed: replaces those that fit the description by right ones. */
export function withFixtures(
  step: Step,
  { username, password }: Account,
  { cursors, own, codes }: Resources,
): Step {
  const channelIds = own.get('channels') ?? [];
  const monitorIds = own.get('monitors') ?? [];
  const query = step.query.flatMap(([name, value]): Step['query'] => {
    const cursor = cursors.get(step.path);
    return name !== 'cursor' ? [[name, value]] : cursor === undefined ? [] : [[name, cursor]];
  });
  if (!step.body || !('json' in step.body)) return { ...step, query };
  const json = step.body.json as Record<string, unknown>;
  const isLogin = step.operation === 'POST /v1/sessions';
  const fixtures = {
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
  const isOfMonitor = 'url' in json || 'host' in json || 'expectedStatus' in json;
  const fitting = { ...json, ...fixtures };
  return {
    ...step,
    query,
    body: { json: isOfMonitor && !('settings' in json) ? ofOneKind(fitting) : fitting },
  };
}

/** The description has the fields of all kinds in one: each kind takes its own, and needs those without a default. */
function ofOneKind(json: Readonly<Record<string, unknown>>): object {
  const kind = isCheckKind(json['kind']) ? json['kind'] : DEFAULT_KIND;
  const own = CHECK_KINDS[kind].settings.properties;
  const strange = CHECK_KIND_NAMES.flatMap((name) =>
    Object.keys(CHECK_KINDS[name].settings.properties),
  ).filter((name) => !(name in own));
  const kept = Object.fromEntries(Object.entries(json).filter(([name]) => !strange.includes(name)));
  const needed = NEEDED[kind];
  // The description cannot say which URLs a kind takes.
  return { ...needed, ...kept, ...('url' in own && 'url' in needed && { url: needed.url }) };
}

const NEEDED: Readonly<Record<(typeof CHECK_KIND_NAMES)[number], object>> = {
  http: { url: 'https://target.invalid/' },
  tcp: { host: 'target.invalid', port: 5432 },
  websocket: { url: 'wss://target.invalid/' },
};

/** More than what the window can hold is refused. */
function reachable(json: {
  threshold?: number;
  intervalSeconds?: number;
  windowSeconds?: number;
}): number {
  const {
    threshold = 0,
    intervalSeconds = MONITOR_DEFAULTS.intervalSeconds,
    windowSeconds = MONITOR_DEFAULTS.windowSeconds,
  } = json;
  return Math.min(threshold, largestThreshold({ intervalSeconds, windowSeconds }));
}

/** Without a kind they are a change of the first channel. An address is mailed only a few codes, so each is a new one. */
function settingsOf(kind?: ChannelKind): object {
  if (!kind) return { url: 'https://hook.invalid/changed', template: null };
  const { example, hasRecipients } = specOf(kind);
  return hasRecipients ? { to: [`${randomUUID()}@hook.invalid`] } : example;
}
