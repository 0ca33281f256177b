-- Probes of what is no monitor yet: asked for by the api, done by a prober, kept for some minutes.
CREATE TABLE "probe_trials" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "settings" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taken_at" TIMESTAMPTZ(3),
    "outcome" "outcome",
    "status_code" SMALLINT,
    "reason" "reason",
    "duration_ms" INTEGER,
    "checked_at" TIMESTAMPTZ(3),

    CONSTRAINT "probe_trials_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "probe_trials_user_id_created_at_idx" ON "probe_trials"("user_id", "created_at");

ALTER TABLE "probe_trials" ADD CONSTRAINT "probe_trials_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Schedulers look for these several times a second.
CREATE INDEX "probe_trials_waiting_idx" ON "probe_trials"("created_at") WHERE "taken_at" IS NULL;
