// From the end of the probe that crosses a threshold to the alert in an answer of the REST API, at 70 % of what this machine can do.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { signIn, type ApiClient } from '../../tools/local-stack/demo/api-client.ts';
import { medianOfRuns, quantile } from '../benchmark.ts';
import { offerUsualLoad } from '../figures/ceiling.ts';
import { startRig, type Rig } from '../rig/rig.ts';

const POLL_EVERY_MS = 50;
/** What takes longer than this beyond the second failure is not waited for. */
const PATIENCE_MS = 10_000;

interface AlertAnswer {
  readonly monitorId: string;
}

export const benchmark = medianOfRuns(async function* ({ reduced, say, signal }) {
  const { count, intervalSeconds, loadInterval } = reduced
    ? { count: 60, intervalSeconds: 2, loadInterval: 10 }
    : { count: 500, intervalSeconds: 10, loadInterval: 60 };
  const rig = await startRig({ intervalSeconds: loadInterval, say, signal });
  let status = 200;
  const target = createServer((_request, response) => response.writeHead(status).end()).listen(
    0,
    '127.0.0.1',
  );
  try {
    await once(target, 'listening');
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
    const api = await rig.start('api', 1);
    const client = await signIn(api.apiUrl, 'watcher', 'a long passphrase');
    const { id: ownerId } = await client.get<{ id: string }>('/v1/users/me');
    const probers = await rig.start('prober', availableParallelism());
    const rate = await offerUsualLoad(rig, probers, { reduced, say });
    await rig.load.register(count, { intervalSeconds, url, ownerId, threshold: 1 });
    await rig.pause(intervalSeconds * 1000);
    status = 500;
    const seen = await watchAlerts(rig, client, count, 2 * intervalSeconds * 1000 + PATIENCE_MS);
    const delays = await detectionDelays(rig, ownerId, seen);
    const [p50, p99, max] = [0.5, 0.99, 1].map((q) => Math.round(quantile(delays, q))) as [
      number,
      number,
      number,
    ];
    yield {
      what: 'end of the crossing probe → alert readable, p99',
      value: p99,
      unit: 'ms',
      target: { atMost: 2000 },
      note: `p50 ${p50}, max ${max}, of ${delays.length} alerts of ${count}, asked every ${POLL_EVERY_MS} ms, at ${Math.round(rate)} checks/s`,
    };
  } finally {
    target.close();
    target.closeAllConnections();
    await rig.stop();
  }
});

/** When each monitor's alert was first in an answer, in ms since the epoch. */
async function watchAlerts(
  rig: Rig,
  client: ApiClient,
  count: number,
  patienceMs: number,
): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (
    const deadline = performance.now() + patienceMs;
    seen.size < count && performance.now() < deadline;
  ) {
    const { items } = await client.get<{ items: AlertAnswer[] }>('/v1/alerts?state=open&limit=200');
    for (const { monitorId } of items) if (!seen.has(monitorId)) seen.set(monitorId, Date.now());
    await rig.pause(POLL_EVERY_MS);
  }
  return seen;
}

/** An alert opens at the slot of the check that crossed. One that was not seen in time counts as endless. */
async function detectionDelays(
  { load }: Rig,
  ownerId: string,
  seen: ReadonlyMap<string, number>,
): Promise<number[]> {
  const { rows } = await load.sql.query<{ id: string; checkedAt: number | null }>(
    `SELECT m.id, extract(epoch FROM c.checked_at)::float8 * 1000 AS "checkedAt"
     FROM monitors m
     LEFT JOIN alerts a ON a.monitor_id = m.id
     LEFT JOIN checks c ON c.shard = m.shard AND c.monitor_id = m.id AND c.slot = a.opened_at
     WHERE m.user_id = $1`,
    [ownerId],
  );
  return rows.map(({ id, checkedAt }) =>
    checkedAt === null ? Infinity : (seen.get(id) ?? Infinity) - checkedAt,
  );
}
