import type { CycleReading } from '@gomon/domain';
import type { Queryable } from '../db/db.ts';

/**
 * What a scheduler sees of the queue. Times are milliseconds since the epoch; null when nothing
 * waits.
 */
export interface QueueReading {
  readonly oldestProbeJobAt: number | null;
  readonly oldestResultAt: number | null;
  readonly probersSeen: number;
}

export interface Status extends CycleReading {
  /** When a scheduler last read the queue; null for never. */
  readonly checkedAt: Date | null;
}

/** Replaces the last reading of the queue: every scheduler sees the same. */
export async function recordQueueReading(db: Queryable, reading: QueueReading): Promise<void> {
  const { oldestProbeJobAt, oldestResultAt, probersSeen } = reading;
  await db.$executeRaw`
    INSERT INTO queue_readings (queue_age_seconds, ingest_delay_seconds, probers_seen, read_at)
    SELECT coalesce(greatest(0, seconds - ${oldestProbeJobAt}::float8 / 1000), 0),
           coalesce(greatest(0, seconds - ${oldestResultAt}::float8 / 1000), 0),
           ${probersSeen}, now
    FROM (SELECT clock_timestamp() AS now, extract(epoch FROM clock_timestamp())::float8 AS seconds) AS clock
    ON CONFLICT (id) DO UPDATE SET queue_age_seconds = excluded.queue_age_seconds,
      ingest_delay_seconds = excluded.ingest_delay_seconds, probers_seen = excluded.probers_seen, read_at = excluded.read_at`;
}

/** Adds to the counts of expired checks per minute; each scheduler counts what it ingested. */
export async function addExpiredChecks(db: Queryable, count: number): Promise<void> {
  await db.$executeRaw`
    UPDATE queue_readings SET expired_minute = minute.now,
      expired_before = CASE WHEN expired_minute = minute.now THEN expired_before WHEN expired_minute = minute.last THEN expired ELSE 0 END,
      expired = CASE WHEN expired_minute = minute.now THEN expired ELSE 0 END + ${count}::int4
    FROM (SELECT date_trunc('minute', clock_timestamp()) AS now, date_trunc('minute', clock_timestamp()) - interval '1 minute' AS last) AS minute`;
}

/** An older reading says nothing about now. */
const READING_MAX_AGE_SECONDS = 30;

/** The state of the cycle, as the database knows it. */
export async function readStatus(db: Queryable): Promise<Status> {
  const [status] = await db.$queryRaw<[Status]>`
    SELECT extract(epoch FROM clock_timestamp() - (SELECT min(dispatched_through) FROM shards))::float8 AS "lastDispatchedAgeSeconds",
           fresh.queue_age_seconds AS "queueAgeSeconds", fresh.ingest_delay_seconds AS "ingestDelaySeconds",
           fresh.probers_seen AS "probersSeen", fresh.expired + fresh.expired_before AS "checksExpired", last.read_at AS "checkedAt"
    FROM (SELECT 1) AS one
    LEFT JOIN queue_readings AS last ON true
    LEFT JOIN queue_readings AS fresh ON fresh.read_at > clock_timestamp() - make_interval(secs => ${READING_MAX_AGE_SECONDS})`;
  return status;
}
