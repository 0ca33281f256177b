import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Target, TargetLogEntry } from '@gomon/test-support';
import { signIn, type ApiClient } from '../../tools/local-stack/demo/api-client.ts';
import { givenStack, startTargetAt } from '../e2e/given-stack.ts';
import {
  checksOf,
  until,
  type EndedAlertAnswer,
  type CheckAnswer,
  type Page,
} from '../e2e/product.ts';
import { query } from './project.ts';

export const rule = { threshold: 2, windowSeconds: 20 };
export const INTERVAL_SECONDS = 2;
const TIMEOUT_MS = 1500;
const MONITORS_OF_A_KIND = 30;

/** What targets answer to their n-th request, by the first part of their path. */
const kinds: Record<string, (n: number) => Answer> = {
  up: () => ({ status: 200 }),
  slow: () => ({ status: 200, delayMs: 900 }),
  outage: (n) => ({ status: n % 20 < 8 ? 500 : 200 }),
  flapping: (n) => ({ status: n % 3 === 0 ? 200 : 503 }),
  hanging: (n) => (n % 10 < 3 ? 'hang' : { status: 200 }),
};
export const alwaysUp = /^\/(up|slow)\//;

export interface Observed {
  readonly path: string;
  readonly shard: number;
  readonly phase: number;
  /** Seconds since the epoch, by the database's clock. */
  readonly createdAt: number;
  readonly pausedAt: number;
  readonly checks: CheckAnswer[];
  /** The oldest first. */
  readonly alerts: EndedAlertAnswer[];
  readonly stats: object;
  readonly requests: TargetLogEntry[];
  /** Of its shard: slots after `after`, up to and with `through`. */
  readonly gaps: Gap[];
}

export interface Gap {
  readonly shard: number;
  readonly after: number;
  readonly through: number;
}

export interface Workload {
  readonly target: Target;
  /** Pauses every monitor, waits until no more rows come, and reads all that there is about each of them. */
  settle(): Promise<Observed[]>;
  close(): Promise<void>;
}

/** Registers monitors of targets of every kind at the stack that was given. */
export async function startWorkload(): Promise<Workload> {
  const given = givenStack(process.env);
  if (!given) throw new Error('GOMON_E2E_API_URL and GOMON_E2E_TARGET_HOST are not set');
  const target = await startTargetAt(given.targetHost);
  const client = await signIn(given.apiUrl, 'grace', 'a long passphrase');
  const ids: string[] = [];
  for (const [kind, script] of Object.entries(kinds)) {
    for (let i = 0; i < MONITORS_OF_A_KIND; i++) {
      const path = `/${kind}/${i}`;
      target.respond(path, script);
      const settings = {
        name: path,
        url: target.url + path,
        intervalSeconds: INTERVAL_SECONDS,
        timeoutMs: TIMEOUT_MS,
        ...rule,
      };
      ids.push((await client.post<{ id: string }>('/v1/monitors', settings)).id);
    }
  }
  return {
    target,
    settle: async () => {
      for (const id of ids) await client.patch(`/v1/monitors/${id}`, { paused: true });
      await until(
        () => Promise.all([countRows(), delay(5000).then(countRows)]),
        ([before, after]) => before === after,
      );
      return observe(ids, client, target);
    },
    close: () => target.stop(),
  };
}

async function countRows(): Promise<number> {
  const [row] = await query<{ count: number }>('SELECT count(*) FROM checks');
  return row?.count ?? 0;
}

async function observe(
  ids: readonly string[],
  client: ApiClient,
  target: Target,
): Promise<Observed[]> {
  const epoch = (column: string) => `extract(epoch FROM ${column})`;
  const monitors = await query<
    Pick<Observed, 'path' | 'shard' | 'phase' | 'createdAt' | 'pausedAt'> & { id: string }
  >(
    `SELECT id, name AS path, shard, phase, ${epoch('created_at')} AS "createdAt", ${epoch('updated_at')} AS "pausedAt" FROM monitors`,
  );
  const gaps = await query<Gap>(
    `SELECT shard, ${epoch('from_slot')} AS after, ${epoch('through_slot')} AS through FROM gaps`,
  );
  const observed: Observed[] = [];
  for (const monitor of monitors.filter(({ id }) => ids.includes(id))) {
    const route = `/v1/monitors/${monitor.id}`;
    observed.push({
      ...monitor,
      checks: await checksOf(client, monitor.id),
      alerts: (
        await client.get<Page<EndedAlertAnswer>>(`${route}/alerts?limit=200`)
      ).items.reverse(),
      stats: await client.get<object>(`${route}/stats?period=1h`),
      requests: target.log.filter((entry) => entry.path === monitor.path),
      gaps: gaps.filter(({ shard }) => shard === monitor.shard),
    });
  }
  return observed;
}
