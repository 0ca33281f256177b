-- A check is of the settings that it was dispatched with, and a pause ends an open alert. Nothing is rewritten.

-- AlterEnum
ALTER TYPE "reason" ADD VALUE 'superseded';

-- AlterTable
ALTER TABLE "monitors" ADD COLUMN "probe_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN "window_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "alerts" ADD COLUMN "url" TEXT,
ADD COLUMN "ended_by" TEXT,
ADD COLUMN "end_untold" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "opened_by" JSONB,
ADD COLUMN "last_failure" JSONB;

-- The ends that schedulers still have to tell: few at any time.
CREATE INDEX "alerts_end_untold_idx" ON "alerts" ("id") WHERE "end_untold";

-- The api may end alerts of paused monitors, and change no alert otherwise. Their channels are told by a scheduler.
CREATE FUNCTION end_paused_alerts(monitor_ids uuid[]) RETURNS void 
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE alerts a SET resolved_at = greatest(a.opened_at, date_trunc('second', clock_timestamp())), ended_by = 'pause', end_untold = true
  FROM monitors m WHERE m.id = a.monitor_id AND m.paused AND a.monitor_id = ANY(monitor_ids) AND a.resolved_at IS NULL
$$;

-- Monitors that were paused before this knew no end of their alerts.
SELECT end_paused_alerts(ARRAY(SELECT "monitor_id" FROM "alerts" WHERE "resolved_at" IS NULL));
