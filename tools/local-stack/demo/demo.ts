import { setTimeout as delay } from 'node:timers/promises';
import { startTarget, type OnProgress, type Target } from '@gomon/test-support';
import { signIn, type ApiClient } from './api-client.ts';
import { startNotificationReceiver, type NotificationReceiver } from './notification-receiver.ts';
import { loadSecrets } from '../secrets.ts';

const TIMEOUT_MS = 90_000;
const POLL_MS = 500;
const HEALTHY_REQUESTS = 8;
const FAILING_REQUESTS = 8;
const USERNAME = 'demo';

interface Check {
  slot: string;
  outcome: string;
  statusCode: number | null;
  reason: string | null;
  durationMs: number | null;
}

interface Alert {
  id: string;
  openedAt: string;
  resolvedAt: string | null;
  failures: number;
  threshold: number;
}

/**
 * Shows a target fail and recover: each result, the alert opening and resolving, the notifications of both, the stats. Throws when
 * that takes over 90 seconds.
 */
export async function demoUntilResolved(
  apiUrl: string,
  dataDir: string,
  say: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const target = await startTarget();
  const receiver = await startNotificationReceiver(say);
  try {
    target.respond('/', (request) => ({
      status:
        request > HEALTHY_REQUESTS && request <= HEALTHY_REQUESTS + FAILING_REQUESTS ? 500 : 200,
    }));
    const { demoPassword } = loadSecrets(dataDir);
    const api = await signIn(apiUrl, USERNAME, demoPassword);
    const channelId = await registerChannel(api, receiver, say);
    const monitor = await registerMonitor(api, target, channelId, say);
    await watch(api, monitor, receiver, say, signal);
    say(
      `Stats of the past 24 hours: ${JSON.stringify(await api.get(`${monitor}/stats?period=24h`))}`,
    );
    await api.patch(monitor, { paused: true }); // Its target ends here.
    say(
      `The demo is over. What the API can do: ${apiUrl}/docs; the password of the user ${USERNAME} is in ${dataDir}/secrets.json`,
    );
  } finally {
    await Promise.all([target.stop(), receiver.stop()]);
  }
}

/** A new webhook that the receiver trusts, in place of the one that an earlier demo left; returns its id. */
async function registerChannel(
  api: ApiClient,
  receiver: NotificationReceiver,
  say: OnProgress,
): Promise<string> {
  const { items } = await api.get<{ items: { id: string; name: string }[] }>(
    '/v1/channels?limit=200',
  );
  for (const { id } of items.filter(({ name }) => name === USERNAME))
    await api.delete(`/v1/channels/${id}`);
  const channel = { kind: 'webhook', name: USERNAME, settings: { url: receiver.url } };
  const { id, settings } = await api.post<{ id: string; settings: { secret: string } }>(
    '/v1/channels',
    channel,
  );
  receiver.trust(settings.secret);
  say(`Alerts are told to a webhook at ${receiver.url}`);
  return id;
}

/** The path of a new monitor on the target; the one that an earlier demo left is deleted. */
async function registerMonitor(
  api: ApiClient,
  target: Target,
  channelId: string,
  say: OnProgress,
): Promise<string> {
  const { items } = await api.get<{ items: { id: string; name: string }[] }>(
    '/v1/monitors?limit=200',
  );
  for (const { id } of items.filter(({ name }) => name === USERNAME))
    await api.delete(`/v1/monitors/${id}`);
  const rule = { intervalSeconds: 1, windowSeconds: 10, threshold: 3, timeoutMs: 500 };
  const settings = { name: USERNAME, url: `${target.url}/`, ...rule, channelIds: [channelId] };
  const { id } = await api.post<{ id: string }>('/v1/monitors', settings);
  say(
    `Watching ${target.url} every second; more than ${settings.threshold} failures in ${settings.windowSeconds} seconds open an alert`,
  );
  say(
    `It answers 200 ${HEALTHY_REQUESTS} times, then 500 ${FAILING_REQUESTS} times, then 200 again`,
  );
  return `/v1/monitors/${id}`;
}

async function watch(
  api: ApiClient,
  monitor: string,
  receiver: NotificationReceiver,
  say: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const shown = new Set<string>();
  const showOnce = (key: string, line: string) => {
    if (!shown.has(key)) say(line);
    shown.add(key);
  };
  for (
    const deadline = Date.now() + TIMEOUT_MS;
    Date.now() < deadline;
    await delay(POLL_MS, undefined, { signal })
  ) {
    const checks = await api.get<{ items: Check[] }>(`${monitor}/checks?limit=100`);
    for (const check of checks.items.toReversed()) showOnce(check.slot, describeCheck(check));
    const [alert] = (await api.get<{ items: Alert[] }>(`${monitor}/alerts`)).items;
    if (alert)
      showOnce(
        'opened',
        `ALERT opened at ${alert.openedAt}: ${alert.failures} failures exceed ${alert.threshold}`,
      );
    if (alert?.resolvedAt) showOnce('resolved', `ALERT resolved at ${alert.resolvedAt}`);
    if (receiver.verified.includes('alert.opened') && receiver.verified.includes('alert.resolved'))
      return;
  }
  throw new Error(
    'The demo failed: no alert opened, sent its notifications and resolved within 90 seconds',
  );
}

function describeCheck({ slot, outcome, statusCode, reason, durationMs }: Check): string {
  return `${slot}  ${outcome.padEnd(7)}  ${statusCode ?? reason ?? ''}  ${durationMs === null ? '' : `${durationMs} ms`}`;
}
