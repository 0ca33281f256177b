-- How much of a body is searched. A constant default rewrites nothing.
ALTER TABLE monitors ADD COLUMN max_body_bytes integer NOT NULL DEFAULT 1048576;
