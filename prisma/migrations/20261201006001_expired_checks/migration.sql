-- How many checks expired lately: schedulers count them as they ingest.
ALTER TABLE "queue_readings" ADD COLUMN "expired_minute" TIMESTAMPTZ(0),
ADD COLUMN "expired" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "expired_before" INTEGER NOT NULL DEFAULT 0;
