-- A timeout that nobody chose follows the interval. Of those that are there, whatever equals the default was not chosen.
ALTER TABLE "monitors" ADD COLUMN "timeout_chosen" BOOLEAN NOT NULL DEFAULT true;
UPDATE "monitors" SET "timeout_chosen" = false WHERE "timeout_ms" = LEAST(10000, "interval_seconds" * 800);
