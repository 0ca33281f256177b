-- Notifications: an outbox that a sender works off, the attempts, and maintenance windows in which it holds back.

-- AlterEnum
ALTER TYPE "channel_kind" ADD VALUE 'msteams';
ALTER TYPE "channel_kind" ADD VALUE 'telegram';
ALTER TYPE "channel_kind" ADD VALUE 'pagerduty';
ALTER TYPE "channel_kind" ADD VALUE 'ntfy';
ALTER TYPE "alert_transition" ADD VALUE 'reminder';
ALTER TYPE "alert_transition" ADD VALUE 'test';

-- CreateEnum
CREATE TYPE "notification_status" AS ENUM ('pending', 'held', 'delivered', 'dead', 'dropped');

-- AlterTable
ALTER TABLE "channels" ADD COLUMN "disabled_reason" TEXT,
ADD COLUMN "is_default" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "remind_every_seconds" INTEGER,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
CREATE INDEX "channels_user_id_created_at_id_idx" ON "channels"("user_id", "created_at", "id");

-- Nothing has written or sent a notification before this migration.
DROP TABLE "notifications";
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "monitor_id" UUID,
    "alert_id" UUID,
    "transition" "alert_transition" NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "status" "notification_status" NOT NULL DEFAULT 'pending',
    "content" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_until" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "notifications_alert_id_channel_id_position_key" ON "notifications"("alert_id", "channel_id", "position");
CREATE INDEX "notifications_channel_id_created_at_id_idx" ON "notifications"("channel_id", "created_at" DESC, "id");
CREATE INDEX "notifications_monitor_id_idx" ON "notifications"("monitor_id");
CREATE INDEX "notifications_due_idx" ON "notifications"("next_attempt_at") WHERE "status" = 'pending';
CREATE INDEX "notifications_held_idx" ON "notifications"("monitor_id") WHERE "status" = 'held';
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_monitor_id_fkey" FOREIGN KEY ("monitor_id") REFERENCES "monitors"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "notification_attempts" (
    "notification_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER,
    "status_code" INTEGER,
    "error" TEXT,

    CONSTRAINT "notification_attempts_pkey" PRIMARY KEY ("notification_id","number")
);
ALTER TABLE "notification_attempts" ADD CONSTRAINT "notification_attempts_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notifications"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "maintenance_windows" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "monitor_id" UUID,
    "name" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(0) NOT NULL,
    "duration_seconds" INTEGER NOT NULL,
    "rrule" TEXT,
    "time_zone" TEXT NOT NULL,
    "spans_through" TIMESTAMPTZ(0) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "maintenance_windows_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "maintenance_windows_user_id_created_at_id_idx" ON "maintenance_windows"("user_id", "created_at", "id");
CREATE INDEX "maintenance_windows_monitor_id_idx" ON "maintenance_windows"("monitor_id");
CREATE INDEX "maintenance_windows_spans_through_idx" ON "maintenance_windows"("spans_through");
ALTER TABLE "maintenance_windows" ADD CONSTRAINT "maintenance_windows_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "maintenance_windows" ADD CONSTRAINT "maintenance_windows_monitor_id_fkey" FOREIGN KEY ("monitor_id") REFERENCES "monitors"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "maintenance_spans" (
    "window_id" UUID NOT NULL,
    "from_at" TIMESTAMPTZ(0) NOT NULL,
    "until_at" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "maintenance_spans_pkey" PRIMARY KEY ("window_id","from_at")
);
ALTER TABLE "maintenance_spans" ADD CONSTRAINT "maintenance_spans_window_id_fkey" FOREIGN KEY ("window_id") REFERENCES "maintenance_windows"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "maintenance_spans_until_at_idx" ON "maintenance_spans"("until_at");

-- Whether a monitor is in a maintenance window of its own, or of all of its owner's, at a moment.
CREATE FUNCTION is_maintained(monitor uuid, owner uuid, at timestamptz DEFAULT clock_timestamp()) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM maintenance_windows w JOIN maintenance_spans s ON s.window_id = w.id
    WHERE w.user_id = owner AND (w.monitor_id IS NULL OR w.monitor_id = monitor) AND s.from_at <= at AND s.until_at > at)
$$;

-- Alerts of which somebody may want to be reminded.
CREATE INDEX "channels_reminding_idx" ON "channels"("user_id") WHERE "remind_every_seconds" IS NOT NULL;
