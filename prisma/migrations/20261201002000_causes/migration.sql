-- Why in detail a check did not succeed: nothing is rewritten, and who does not know the columns goes on without them.

-- AlterTable
ALTER TABLE "checks" ADD COLUMN "cause" TEXT,
ADD COLUMN "cause_detail" TEXT;

-- AlterTable
ALTER TABLE "probe_trials" ADD COLUMN "cause" TEXT,
ADD COLUMN "cause_detail" TEXT;

-- AlterTable
ALTER TABLE "rollups" ADD COLUMN "last_cause" TEXT;
