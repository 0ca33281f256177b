-- A monitor has a kind of check and that kind's settings: only those that differ from its defaults, so that a kind needs no migration.
ALTER TABLE "monitors" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'http',
ADD COLUMN "target" TEXT,
ADD COLUMN "settings" JSONB NOT NULL DEFAULT '{}';

UPDATE "monitors" SET "target" = "url", "settings" = jsonb_build_object('url', "url")
  || CASE WHEN "method" <> 'GET' THEN jsonb_build_object('method', "method") ELSE '{}' END
  || CASE WHEN "headers" <> '{}' THEN jsonb_build_object('headers', "headers") ELSE '{}' END
  || CASE WHEN "expected_status" <> '{200}' THEN jsonb_build_object('expectedStatus', "expected_status") ELSE '{}' END
  || CASE WHEN "body_contains" IS NOT NULL THEN jsonb_build_object('bodyContains', "body_contains") ELSE '{}' END
  || CASE WHEN "max_body_bytes" <> 1048576 THEN jsonb_build_object('maxBodyBytes', "max_body_bytes") ELSE '{}' END
  || CASE WHEN NOT "follow_redirects" THEN jsonb_build_object('followRedirects', false) ELSE '{}' END;

ALTER TABLE "monitors" ALTER COLUMN "target" SET NOT NULL,
DROP COLUMN "url",
DROP COLUMN "method",
DROP COLUMN "headers",
DROP COLUMN "expected_status",
DROP COLUMN "body_contains",
DROP COLUMN "max_body_bytes",
DROP COLUMN "follow_redirects";

ALTER TABLE "alerts" RENAME COLUMN "url" TO "target";
