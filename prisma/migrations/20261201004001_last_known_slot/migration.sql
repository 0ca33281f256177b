-- AlterTable
ALTER TABLE "rollups" ADD COLUMN "last_known_slot" TIMESTAMPTZ(0);

-- A monitor is stale when its newest known check is older than 2 intervals, its timeout and 15 s: nothing looks further back than this.
UPDATE rollups SET last_known_slot = last_slot WHERE last_outcome <> 'unknown' AND hour > now() - interval '4 hours';
