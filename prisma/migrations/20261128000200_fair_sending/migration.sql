-- Which channels have something to send, and what each has first: so that all get their turns.
CREATE INDEX "notifications_waiting_idx" ON "notifications"("channel_id", "next_attempt_at") WHERE "status" = 'pending';
