import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../stack/database.ts';
import { STALE_MARGIN_SECONDS } from '../stack/time-scale.ts';
import type { OwnedMonitor } from '../workload/edits.ts';

/** Asks during the run how monitors are shown, as their owners do. */
export interface StatusWatch {
  /** Monitors that were shown as up, and as stale, over all looks. */
  readonly up: number;
  readonly stale: number;
  /** Those that were shown as up although nothing had been known of them for too long. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  readonly state: { readonly status: string };
}

const PAUSE_MS = 1000;
/** Slots are whole seconds, and a result is a moment on its way. */
const TOLERANCE_SECONDS = 1.5;

/** One owner's monitors at a time. `monitors` grows during the run. */
export function watchStatuses(database: Database, monitors: readonly OwnedMonitor[]): StatusWatch {
  const faults: string[] = [];
  const seen = { up: 0, stale: 0 };
  let stopped = false;

  async function look(round: number): Promise<void> {
    const owners = [...new Set(monitors.map(({ owner }) => owner))];
    const owner = owners[round % owners.length];
    if (!owner) return;
    const { status, body, sentAt } = await owner.send('GET', '/v1/monitors/overview?limit=200');
    if (status !== 200) return;
    const newest = await newestKnown(database);
    for (const { id, name, intervalSeconds, timeoutMs, state } of body['items'] as Shown[]) {
      if (state.status === 'stale') seen.stale += 1;
      if (state.status !== 'up') continue;
      seen.up += 1;
      // Rows only come: what was not known until now was not known when it was asked.
      const age = sentAt - (newest.get(id) ?? 0);
      const limit =
        2 * intervalSeconds + timeoutMs / 1000 + STALE_MARGIN_SECONDS + TOLERANCE_SECONDS;
      if (age > limit)
        faults.push(`${name} was shown as up, and nothing was known of it for ${age.toFixed(1)} s`);
    }
  }

  const run = async () => {
    for (let round = 0; !stopped; round++) {
      await look(round).catch(() => undefined); // The run is over, or the database is away: the next look will do.
      await delay(PAUSE_MS);
    }
  };
  const running = run();
  return {
    faults,
    get up() {
      return seen.up;
    },
    get stale() {
      return seen.stale;
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

async function newestKnown(database: Database): Promise<Map<string, number>> {
  const rows = await database.query<{ id: string; slot: number }>(
    `SELECT monitor_id AS id, extract(epoch FROM max(slot))::float8 AS slot FROM checks WHERE outcome <> 'unknown' GROUP BY 1`,
  );
  return new Map(rows.map(({ id, slot }) => [id, slot]));
}
