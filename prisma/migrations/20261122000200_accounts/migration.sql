-- No key was ever given out before this, so the table is empty.
ALTER TABLE api_keys ADD COLUMN prefix text NOT NULL;
CREATE UNIQUE INDEX api_keys_prefix_key ON api_keys (prefix);
DROP INDEX api_keys_key_hash_key;
DROP INDEX api_keys_user_id_idx;
CREATE INDEX api_keys_user_id_created_at_id_idx ON api_keys (user_id, created_at, id);

CREATE TABLE known_networks (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
  network text NOT NULL,
  last_login_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, network)
);

CREATE TABLE login_throttles (
  key text PRIMARY KEY,
  excess double precision NOT NULL,
  retry_at timestamptz(3) NOT NULL,
  counted_at timestamptz(3) NOT NULL
);
CREATE INDEX login_throttles_counted_at_idx ON login_throttles (counted_at);
