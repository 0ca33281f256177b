-- One row: what a scheduler last saw of the queue.
CREATE TABLE "queue_readings" (
    "id" SMALLINT NOT NULL DEFAULT 1 CHECK ("id" = 1),
    "queue_age_seconds" DOUBLE PRECISION NOT NULL,
    "ingest_delay_seconds" DOUBLE PRECISION NOT NULL,
    "probers_seen" INTEGER NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "queue_readings_pkey" PRIMARY KEY ("id")
);
