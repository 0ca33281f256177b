ALTER TABLE users ADD COLUMN sendings_asked_at timestamptz(3)[] NOT NULL DEFAULT '{}';
