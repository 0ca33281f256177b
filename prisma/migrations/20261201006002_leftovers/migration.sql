-- Deleting a monitor, a channel or a user takes as long whatever there was of them: see docs/decisions/0011-leftovers.md.

ALTER TABLE "alerts" DROP CONSTRAINT "alerts_monitor_id_fkey";
ALTER TABLE "alerts" DROP CONSTRAINT "alerts_user_id_fkey";
ALTER TABLE "notifications" DROP CONSTRAINT "notifications_monitor_id_fkey";
ALTER TABLE "notifications" DROP CONSTRAINT "notifications_channel_id_fkey";

-- CreateEnum
CREATE TYPE "leftover_kind" AS ENUM ('monitor', 'channel', 'disabled_channel');

-- CreateTable
CREATE TABLE "leftovers" (
    "id" UUID NOT NULL,
    "kind" "leftover_kind" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "leftovers_pkey" PRIMARY KEY ("id","kind")
);
CREATE INDEX "leftovers_look_at_idx" ON "leftovers"("look_at");

-- Whoever deletes monitors or channels, in whatever way, removes the first hundred of what they leave; schedulers remove the rest. It does not
-- wait for rows that somebody holds, and reads no more than it removes, whatever the planner knows of the tables.
CREATE FUNCTION leave_of_monitors() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  ids CONSTANT uuid[] := ARRAY(SELECT id FROM gone);
BEGIN
  DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications WHERE monitor_id = ANY(ids) LIMIT 100 FOR UPDATE SKIP LOCKED);
  DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE monitor_id = ANY(ids) LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO leftovers (id, kind) SELECT unnest(ids), 'monitor' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION leave_of_channels() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  ids CONSTANT uuid[] := ARRAY(SELECT id FROM gone);
BEGIN
  DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications WHERE channel_id = ANY(ids) LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO leftovers (id, kind) SELECT unnest(ids), 'channel' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER leave_of_monitors AFTER DELETE ON monitors REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION leave_of_monitors();
CREATE TRIGGER leave_of_channels AFTER DELETE ON channels REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION leave_of_channels();
