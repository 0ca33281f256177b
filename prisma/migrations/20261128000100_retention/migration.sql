-- What is old is found by its time: a scheduler removes it, batch by batch.

CREATE INDEX "alerts_resolved_at_idx" ON "alerts"("resolved_at") WHERE "resolved_at" IS NOT NULL;
CREATE INDEX "notifications_created_at_idx" ON "notifications"("created_at");
