ALTER TABLE "monitors" ADD COLUMN "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- What of a monitor anybody may see who knows the token.
CREATE TABLE "badges" (
    "monitor_id" UUID NOT NULL REFERENCES "monitors" ON DELETE CASCADE ON UPDATE CASCADE,
    "token" TEXT NOT NULL,

    CONSTRAINT "badges_pkey" PRIMARY KEY ("monitor_id")
);
CREATE UNIQUE INDEX "badges_token_key" ON "badges"("token");

CREATE TYPE "status_message_kind" AS ENUM ('incident', 'maintenance', 'notice');

CREATE TABLE "status_pages" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL REFERENCES "users" ON DELETE CASCADE ON UPDATE CASCADE,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "groups" JSONB NOT NULL,
    "published" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "status_pages_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "status_pages_slug_key" ON "status_pages"("slug");
CREATE INDEX "status_pages_user_id_created_at_id_idx" ON "status_pages"("user_id", "created_at", "id");

CREATE TABLE "status_messages" (
    "id" UUID NOT NULL,
    "page_id" UUID NOT NULL REFERENCES "status_pages" ON DELETE CASCADE ON UPDATE CASCADE,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "kind" "status_message_kind" NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "status_messages_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "status_messages_page_id_starts_at_id_idx" ON "status_messages"("page_id", "starts_at" DESC, "id");
