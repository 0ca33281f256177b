-- A receiver that asked to be left alone gets nothing until then, whatever it is about.
ALTER TABLE "channels" ADD COLUMN "paused_until" TIMESTAMPTZ(3);
