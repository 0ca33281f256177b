-- What the queue lost may have been stored without its alerts having been settled: until that is made up for, the shard says since when.
ALTER TABLE "shards" ADD COLUMN "settle_since" TIMESTAMPTZ(0);
