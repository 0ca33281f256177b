-- Lists that were never written without items: the code has always taken them for that.
UPDATE "monitors" SET "tags" = '{}' WHERE "tags" IS NULL;
ALTER TABLE "monitors" ALTER COLUMN "tags" SET NOT NULL;
UPDATE "api_keys" SET "scopes" = '{}' WHERE "scopes" IS NULL;
ALTER TABLE "api_keys" ALTER COLUMN "scopes" SET NOT NULL;
