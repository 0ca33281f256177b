import { randomUUID } from 'node:crypto';
import {
  PROBE_JOB_OPTIONS,
  PROBE_QUEUE,
  RESULT_JOB_OPTIONS,
  type ProbeJob,
} from '@gomon/queue-contracts';
import { RESULT_QUEUES, withQueue } from '../stack/queues.ts';
import { nothingToEnd, type Scene } from './fault.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Results that are none, of nobody, of another shard, of the far future and of the distant past. */
export async function putJunkResults({ stack }: Scene): Promise<() => Promise<void>> {
  const monitors = await stack.database.query<{ id: string }>(
    'SELECT id FROM monitors ORDER BY id LIMIT 20',
  );
  const now = Math.floor(Date.now() / 1000);
  const result = {
    monitorId: NOBODY,
    slot: now,
    outcome: 'failure',
    statusCode: 500,
    reason: 'http_status',
    durationMs: 1,
    checkedAt: now * 1000,
  };
  const absurd = [now + 3600, now + 100_000_000, 1].flatMap((slot) =>
    monitors.map(({ id }) => ({ ...result, monitorId: id, slot })),
  );
  const junk: object[] = [
    {},
    { results: 'none' },
    { results: null },
    { results: [1, null, 'x', {}, []] },
    { results: [result] },
    {
      results: [
        { ...result, outcome: 'success' },
        { ...result, slot: -5 },
        { ...result, statusCode: 7 },
        { ...result, phases: [9, 9, 9, 9] },
      ],
    },
    { results: absurd },
    { results: Array.from({ length: 600 }, () => result) },
  ];
  for (const name of RESULT_QUEUES)
    await withQueue(stack.queue, name, (queue) =>
      queue.addBulk(junk.map((data) => ({ name: 'results', data, opts: RESULT_JOB_OPTIONS }))),
    );
  return nothingToEnd;
}

/** Jobs that are none, and one of a monitor that does not exist at a forbidden address. */
export async function putJunkProbes({ stack }: Scene): Promise<() => Promise<void>> {
  const slot = Math.floor(Date.now() / 1000);
  const forged: ProbeJob = {
    shard: 0,
    slot,
    targets: [
      {
        monitorId: NOBODY,
        kind: 'http',
        url: `${stack.target.canaryUrl}/forged`,
        intervalSeconds: 5,
        timeoutMs: 1000,
        method: 'GET',
        headers: {},
        expectedStatus: ['200'],
        bodyContains: null,
        maxBodyBytes: 1_048_576,
        followRedirects: true,
      },
    ],
  };
  const junk: object[] = [
    {},
    { shard: 'x' },
    { shard: 0, slot, targets: [] },
    { ...forged, targets: [{ ...forged.targets[0], url: 7 }] },
    { ...forged, targets: [{ ...forged.targets[0], kind: 'none' }] },
    forged,
  ];
  await withQueue(stack.queue, PROBE_QUEUE, (queue) =>
    queue.addBulk(
      junk.map((data) => ({
        name: 'probe',
        data,
        opts: { ...PROBE_JOB_OPTIONS, jobId: `junk-${randomUUID()}` },
      })),
    ),
  );
  return nothingToEnd;
}
