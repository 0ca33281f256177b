-- AlterTable
ALTER TABLE "rollups" ADD COLUMN "latencies" DECIMAL NOT NULL DEFAULT 0,
ADD COLUMN "last_slot" TIMESTAMPTZ(0),
ADD COLUMN "last_outcome" "outcome",
ADD COLUMN "last_reason" "reason",
ADD COLUMN "last_status_code" SMALLINT;

-- The hours that are there are counted from their rows, as libs/persistence/src/latency-histogram.ts counts.
WITH buckets AS (
  SELECT array_agg(shortest ORDER BY shortest) AS shortest
  FROM (
    SELECT generate_series(0, 31) AS shortest
    UNION ALL
    SELECT (16 + step) << doubling FROM generate_series(1, 15) AS doubling, generate_series(0, 15) AS step
  ) AS each
), hours AS (
  SELECT shard, monitor_id, date_trunc('hour', slot) AS hour,
         coalesce(sum(('1e' || 8 * (width_bucket(duration_ms, (SELECT shortest FROM buckets)) - 1))::numeric)
           FILTER (WHERE outcome = 'success'), 0) AS latencies,
         max(slot) AS last_slot, (array_agg(outcome ORDER BY slot DESC))[1] AS last_outcome,
         (array_agg(reason ORDER BY slot DESC))[1] AS last_reason, (array_agg(status_code ORDER BY slot DESC))[1] AS last_status_code
  FROM checks GROUP BY 1, 2, 3
)
UPDATE rollups SET latencies = hours.latencies, last_slot = hours.last_slot, last_outcome = hours.last_outcome,
                   last_reason = hours.last_reason, last_status_code = hours.last_status_code
FROM hours WHERE rollups.shard = hours.shard AND rollups.monitor_id = hours.monitor_id AND rollups.hour = hours.hour;
