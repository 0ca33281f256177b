import type { AppEnd } from '../stack/app.ts';
import type { TargetLog } from '../target/target-log.ts';
import type { ApiRecord } from '../workload/api-client.ts';
import type { MonitorLife } from '../workload/life.ts';
import type { DeliveryLog } from './delivery-log.ts';

export interface Row {
  /** Seconds since the epoch, like all times here. */
  readonly slot: number;
  readonly checkedAt: number;
  readonly outcome: 'success' | 'failure' | 'unknown';
  readonly reason: string | null;
  readonly statusCode: number | null;
}

/** Slots after `after`, up to and with `through`. */
export interface Gap {
  readonly shard: number;
  readonly after: number;
  readonly through: number;
  readonly recordedAt: number;
}

export interface StoredAlert {
  readonly id: string;
  readonly monitorId: string;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  readonly failures: number;
  /** Not null when no check resolved it. */
  readonly endedBy: string | null;
}

/** A monitor as its table has it at the end. */
export interface StoredMonitor {
  readonly id: string;
  readonly shard: number;
  readonly threshold: number;
  readonly windowSeconds: number;
  /** The first second at which its present rule holds. */
  readonly ruleSince: number;
  /** Earlier slots take no part in its windows. */
  readonly windowSince: number;
}

export interface Stats {
  readonly successes: number;
  readonly failures: number;
  readonly unknown: number;
}

/** A window of the cache. */
export interface CachedWindow {
  readonly monitorId: string;
  readonly windowSeconds: number;
  readonly newest: number;
  readonly failures: readonly number[];
}

export interface QueueState {
  readonly name: string;
  /** By state: waiting, active, failed … */
  readonly counts: Readonly<Record<string, number>>;
  /** Jobs that are in Redis although no state has them. */
  readonly orphans: readonly string[];
}

/** What one process holds, and what the servers hold for all of them. */
export interface Resources {
  readonly processes: ReadonlyMap<
    string,
    { readonly descriptors: number; readonly megabytes: number }
  >;
  readonly databaseConnections: number;
  readonly queueClients: number;
}

/** All that is known when the run has come to rest. */
export interface Evidence {
  readonly lives: readonly MonitorLife[];
  readonly shardOf: (monitorId: string) => number;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly gaps: readonly Gap[];
  readonly alerts: readonly StoredAlert[];
  readonly monitors: readonly StoredMonitor[];
  readonly deliveries: DeliveryLog;
  readonly targetLog: TargetLog;
  readonly stats: ReadonlyMap<string, Stats>;
  readonly windows: readonly CachedWindow[];
  readonly queues: readonly QueueState[];
  readonly ends: readonly AppEnd[];
  readonly api: ApiRecord;
  readonly before: Resources;
  readonly after: Resources;
  /** How monitors were shown to their owners. */
  readonly statuses: {
    readonly up: number;
    readonly stale: number;
    readonly faults: readonly string[];
  };
  /** What was wrong when the database was looked at during the run. */
  readonly samples: { readonly taken: number; readonly faults: readonly string[] };
  /** Lines of logs that no process may write. */
  readonly alarms: readonly string[];
  /** Whether the database refused a second open alert; null when there was none to try it with. */
  readonly refusesSecondAlert: boolean;
  /** When the last monitor was paused. */
  readonly endedAt: number;
  /** When, at the end, the window cache was emptied once more. */
  readonly flushedAt: number;
  /** How long the first whole cycle took once everything was healed; null when it did not end. */
  readonly firstCycleSeconds: number | null;
  /** Whether the queues ran empty. */
  readonly drained: boolean;
}
