-- Monitors, alerts, channels with their addresses, maintenance windows and status pages belong to an owner. For now that is a user.
ALTER TABLE monitors RENAME COLUMN user_id TO owner_id;
ALTER INDEX monitors_user_id_created_at_id_idx RENAME TO monitors_owner_id_created_at_id_idx;
ALTER INDEX monitors_user_id_name_key RENAME TO monitors_owner_id_name_key;
ALTER TABLE monitors RENAME CONSTRAINT monitors_user_id_fkey TO monitors_owner_id_fkey;
ALTER TABLE alerts RENAME COLUMN user_id TO owner_id;
ALTER INDEX alerts_user_id_opened_at_id_idx RENAME TO alerts_owner_id_opened_at_id_idx;
ALTER TABLE channels RENAME COLUMN user_id TO owner_id;
ALTER INDEX channels_user_id_name_key RENAME TO channels_owner_id_name_key;
ALTER INDEX channels_user_id_created_at_id_idx RENAME TO channels_owner_id_created_at_id_idx;
ALTER TABLE channels RENAME CONSTRAINT channels_user_id_fkey TO channels_owner_id_fkey;
ALTER TABLE maintenance_windows RENAME COLUMN user_id TO owner_id;
ALTER INDEX maintenance_windows_user_id_created_at_id_idx RENAME TO maintenance_windows_owner_id_created_at_id_idx;
ALTER TABLE maintenance_windows RENAME CONSTRAINT maintenance_windows_user_id_fkey TO maintenance_windows_owner_id_fkey;
ALTER TABLE status_pages RENAME COLUMN user_id TO owner_id;
ALTER INDEX status_pages_user_id_created_at_id_idx RENAME TO status_pages_owner_id_created_at_id_idx;
ALTER TABLE status_pages RENAME CONSTRAINT status_pages_user_id_fkey TO status_pages_owner_id_fkey;
ALTER TABLE email_addresses RENAME COLUMN user_id TO owner_id;
ALTER TABLE email_addresses RENAME CONSTRAINT email_addresses_user_id_fkey TO email_addresses_owner_id_fkey;
ALTER TABLE confirmation_mails RENAME COLUMN user_id TO owner_id;
ALTER INDEX confirmation_mails_user_id_sent_at_idx RENAME TO confirmation_mails_owner_id_sent_at_idx;

-- A function's text does not follow its columns.
CREATE OR REPLACE FUNCTION is_maintained(monitor uuid, owner uuid, at timestamptz DEFAULT clock_timestamp()) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM maintenance_windows w JOIN maintenance_spans s ON s.window_id = w.id
    WHERE w.owner_id = owner AND (w.monitor_id IS NULL OR w.monitor_id = monitor) AND s.from_at <= at AND s.until_at > at)
$$;
