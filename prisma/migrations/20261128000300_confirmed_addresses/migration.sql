-- Alerts are mailed only to addresses whose owner has said so.

ALTER TYPE "alert_transition" ADD VALUE 'confirmation';

CREATE TABLE "email_addresses" (
    "user_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "code_hash" BYTEA,
    "code_expires_at" TIMESTAMPTZ(3),
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "email_addresses_pkey" PRIMARY KEY ("user_id","address")
);
ALTER TABLE "email_addresses" ADD CONSTRAINT "email_addresses_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "confirmation_mails" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "confirmation_mails_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "confirmation_mails_address_hash_sent_at_idx" ON "confirmation_mails"("address_hash", "sent_at");
CREATE INDEX "confirmation_mails_user_id_sent_at_idx" ON "confirmation_mails"("user_id", "sent_at");
CREATE INDEX "confirmation_mails_sent_at_idx" ON "confirmation_mails"("sent_at");

-- Who was mailed before goes on being mailed.
INSERT INTO "email_addresses" ("user_id", "address", "confirmed_at")
SELECT DISTINCT c."user_id", "address", now() FROM "channels" c, jsonb_array_elements_text(c."settings"->'to') AS "address"
WHERE c."kind" = 'email';
