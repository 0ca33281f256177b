-- Where the time of a check went: nothing is rewritten, and who does not know the columns goes on without them.

-- AlterTable
ALTER TABLE "checks" ADD COLUMN "phases" INTEGER;

-- AlterTable
ALTER TABLE "probe_trials" ADD COLUMN "phases" INTEGER;

-- AlterTable
ALTER TABLE "rollups" ADD COLUMN "phased" SMALLINT NOT NULL DEFAULT 0,
ADD COLUMN "dns_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "connect_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "tls_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "first_byte_ms" INTEGER NOT NULL DEFAULT 0;
