-- Who was told that a monitor is down hears that it was deleted: an incident at a receiver does not stay open. Such a message has its
-- content and no monitor before the monitor's own notifications go. An end that waits already, with its content, stays as it is. Only the
-- newest alerts of a monitor are looked at: those before them have long been told.
CREATE OR REPLACE FUNCTION leave_of_monitors() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  ids CONSTANT uuid[] := ARRAY(SELECT id FROM gone);
  newest CONSTANT uuid[] := ARRAY(
    SELECT a.id FROM unnest(ids) AS m(id)
    CROSS JOIN LATERAL (SELECT id FROM alerts WHERE monitor_id = m.id ORDER BY opened_at DESC, id LIMIT 20) AS a);
BEGIN
  UPDATE notifications SET monitor_id = NULL, status = 'pending'
  WHERE alert_id = ANY(newest) AND transition = 'resolved' AND status IN ('pending', 'held') AND content IS NOT NULL;
  -- A reminder may be written at this moment, at the next position: an end has one far behind.
  INSERT INTO notifications (id, channel_id, alert_id, recipient, transition, position, content)
  SELECT gen_random_uuid(), told.channel_id, told.alert_id, told.recipient, 'resolved', told.last + 1000,
         told.content || jsonb_build_object('lastChecks', '[]'::jsonb, 'alert', told.content->'alert' || jsonb_build_object(
           'endedBy', 'delete', 'resolvedAt', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
  FROM (
    SELECT n.channel_id, n.alert_id, n.recipient, max(n.position) AS last,
           (array_agg(n.content ORDER BY n.position DESC) FILTER (WHERE n.transition = 'opened'))[1] AS content,
           (array_agg(n.transition ORDER BY n.position DESC) FILTER (WHERE n.transition IN ('opened', 'resolved') AND n.attempts > 0))[1] AS heard
    FROM notifications n JOIN channels c ON c.id = n.channel_id
    WHERE n.alert_id = ANY(newest) AND c.disabled_reason IS NULL AND (n.recipient = '' OR jsonb_exists(c.settings->'to', n.recipient))
    GROUP BY n.channel_id, n.alert_id, n.recipient
  ) AS told
  WHERE told.heard = 'opened' AND told.content IS NOT NULL;
  DELETE FROM notifications WHERE id IN (
    SELECT id FROM notifications WHERE monitor_id = ANY(ids) LIMIT 100 FOR UPDATE SKIP LOCKED);
  DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE monitor_id = ANY(ids) LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO leftovers (id, kind) SELECT unnest(ids), 'monitor' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
