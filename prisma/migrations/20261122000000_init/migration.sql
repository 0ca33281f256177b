-- CreateEnum
CREATE TYPE "outcome" AS ENUM ('success', 'failure', 'unknown');

-- CreateEnum
CREATE TYPE "reason" AS ENUM ('http_status', 'timeout', 'dns', 'connect', 'tls', 'too_many_redirects', 'bad_redirect', 'protocol', 'body', 'blocked_target', 'expired', 'internal');

-- CreateEnum
CREATE TYPE "channel_kind" AS ENUM ('webhook', 'email', 'slack', 'discord');

-- CreateEnum
CREATE TYPE "alert_transition" AS ENUM ('opened', 'resolved');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "monitors" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "shard" SMALLINT NOT NULL,
    "phase" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "threshold" INTEGER NOT NULL,
    "interval_seconds" INTEGER NOT NULL,
    "timeout_ms" INTEGER NOT NULL,
    "window_seconds" INTEGER NOT NULL,
    "method" TEXT NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "expected_status" TEXT[],
    "body_contains" TEXT,
    "follow_redirects" BOOLEAN NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "immediate_slot" TIMESTAMPTZ(0),
    "immediate_pending" BOOLEAN NOT NULL DEFAULT false,
    "active_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rule_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "monitors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shards" (
    "id" SMALLINT NOT NULL,
    "dispatched_through" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "shards_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gaps" (
    "shard" SMALLINT NOT NULL,
    "from_slot" TIMESTAMPTZ(0) NOT NULL,
    "through_slot" TIMESTAMPTZ(0) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gaps_pkey" PRIMARY KEY ("shard","from_slot")
);

-- CreateTable (partitioned, which schema.prisma cannot say; the partitions are made by libs/persistence/src/partitions.ts)
CREATE TABLE "checks" (
    "monitor_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(0) NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER,
    "outcome" "outcome" NOT NULL,
    "reason" "reason",
    "status_code" SMALLINT,
    "shard" SMALLINT NOT NULL,

    CONSTRAINT "checks_pkey" PRIMARY KEY ("shard","monitor_id","slot")
) PARTITION BY LIST ("shard");

-- CreateTable (partitioned like "checks")
CREATE TABLE "rollups" (
    "monitor_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "success_duration_ms" BIGINT NOT NULL,
    "successes" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "unknown" INTEGER NOT NULL,
    "shard" SMALLINT NOT NULL,

    CONSTRAINT "rollups_pkey" PRIMARY KEY ("shard","monitor_id","hour")
) PARTITION BY LIST ("shard");

-- CreateTable
CREATE TABLE "alerts" (
    "id" UUID NOT NULL,
    "monitor_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(0) NOT NULL,
    "resolved_at" TIMESTAMPTZ(0),
    "acknowledged_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL,
    "threshold" INTEGER NOT NULL,
    "window_seconds" INTEGER NOT NULL,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channels" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" "channel_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "monitor_channels" (
    "monitor_id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,

    CONSTRAINT "monitor_channels_pkey" PRIMARY KEY ("monitor_id","channel_id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "transition" "alert_transition" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_user_id_idx" ON "api_keys"("user_id");

-- CreateIndex
CREATE INDEX "monitors_user_id_created_at_id_idx" ON "monitors"("user_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "monitors_user_id_name_key" ON "monitors"("user_id", "name");

-- CreateIndex
CREATE INDEX "alerts_user_id_opened_at_id_idx" ON "alerts"("user_id", "opened_at" DESC, "id");

-- CreateIndex
CREATE INDEX "alerts_monitor_id_opened_at_id_idx" ON "alerts"("monitor_id", "opened_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "channels_user_id_name_key" ON "channels"("user_id", "name");

-- CreateIndex
CREATE INDEX "monitor_channels_channel_id_idx" ON "monitor_channels"("channel_id");

-- CreateIndex
CREATE INDEX "notifications_channel_id_created_at_idx" ON "notifications"("channel_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "notifications_alert_id_transition_channel_id_key" ON "notifications"("alert_id", "transition", "channel_id");

-- What schema.prisma cannot say: expression and partial indexes.

-- One account per name, whatever its case.
CREATE UNIQUE INDEX "users_username_key" ON "users"(lower("username"));

-- Which monitors are due: design "slots are arithmetic".
CREATE INDEX "monitors_due_idx" ON "monitors"("shard", "interval_seconds", "phase") WHERE NOT "paused";

CREATE INDEX "monitors_immediate_idx" ON "monitors"("shard") WHERE "immediate_pending";

-- At most one open alert per monitor.
CREATE UNIQUE INDEX "alerts_open_key" ON "alerts"("monitor_id") WHERE "resolved_at" IS NULL;

CREATE INDEX "notifications_due_idx" ON "notifications"("next_attempt_at") WHERE "delivered_at" IS NULL AND "next_attempt_at" IS NOT NULL;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "monitors" ADD CONSTRAINT "monitors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_monitor_id_fkey" FOREIGN KEY ("monitor_id") REFERENCES "monitors"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channels" ADD CONSTRAINT "channels_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "monitor_channels" ADD CONSTRAINT "monitor_channels_monitor_id_fkey" FOREIGN KEY ("monitor_id") REFERENCES "monitors"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "monitor_channels" ADD CONSTRAINT "monitor_channels_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alerts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON DELETE CASCADE ON UPDATE CASCADE;
