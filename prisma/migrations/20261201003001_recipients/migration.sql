-- Each recipient of a channel has notifications of its own. Without a recipient: those of channels with one receiver.
ALTER TABLE "notifications" ADD COLUMN "recipient" TEXT NOT NULL DEFAULT '',
ADD COLUMN "taken_back" BOOLEAN NOT NULL DEFAULT false;

DROP INDEX "notifications_alert_id_channel_id_position_key";
CREATE UNIQUE INDEX "notifications_alert_id_channel_id_recipient_position_key" ON "notifications"("alert_id", "channel_id", "recipient", "position");

-- Mails of before went to all addresses of their channel. Those that wait, and those of alerts that are open, become one for each: the first
-- address has the row, the others copies. Mails that are done stay as they are.
CREATE TEMPORARY TABLE "mails_to_split" ON COMMIT DROP AS
SELECT n.id, c.settings->'to' AS addresses
FROM notifications n JOIN channels c ON c.id = n.channel_id
WHERE c.kind = 'email' AND n.transition <> 'confirmation'
  AND (n.status IN ('pending', 'held') OR EXISTS (SELECT FROM alerts a WHERE a.id = n.alert_id AND a.resolved_at IS NULL)
       OR EXISTS (SELECT FROM notifications w WHERE w.alert_id = n.alert_id AND w.channel_id = n.channel_id AND w.status IN ('pending', 'held')));

INSERT INTO notifications (id, channel_id, monitor_id, alert_id, transition, recipient, position, status, content, created_at, attempts, tries,
                           next_attempt_at, leased_until, delivered_at)
SELECT gen_random_uuid(), n.channel_id, n.monitor_id, n.alert_id, n.transition, other.address, n.position, n.status, n.content, n.created_at,
       n.attempts, n.tries, n.next_attempt_at, n.leased_until, n.delivered_at
FROM mails_to_split s JOIN notifications n ON n.id = s.id
CROSS JOIN LATERAL jsonb_array_elements_text(s.addresses - 0) AS other(address);

UPDATE notifications n SET recipient = s.addresses->>0 FROM mails_to_split s WHERE n.id = s.id;

UPDATE notifications SET recipient = content->'confirmation'->>'address' WHERE transition = 'confirmation' AND content ? 'confirmation';
