-- Names as they are used everywhere else: dry runs, and alerts that are reconciled.
ALTER TABLE "probe_trials" RENAME TO "dry_runs";
ALTER TABLE "dry_runs" RENAME CONSTRAINT "probe_trials_pkey" TO "dry_runs_pkey";
ALTER TABLE "dry_runs" RENAME CONSTRAINT "probe_trials_user_id_fkey" TO "dry_runs_user_id_fkey";
ALTER INDEX "probe_trials_user_id_created_at_idx" RENAME TO "dry_runs_user_id_created_at_idx";
ALTER INDEX "probe_trials_waiting_idx" RENAME TO "dry_runs_waiting_idx";
ALTER TABLE "shards" RENAME COLUMN "settle_since" TO "reconcile_since";
