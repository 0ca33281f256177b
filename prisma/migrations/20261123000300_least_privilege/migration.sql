-- Partitions are made and dropped by whoever may call these two, without owning a table or making anything else: both act for
-- the owner of the database, on partitions of checks (a day each) and rollups (a month each) only, named as partitions.ts names them.

-- Attaching what was made apart blocks no writer. Rollups are updated in place all hour long: free room on the page keeps that
-- off their index.
CREATE FUNCTION create_partition(parent text, first_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  monthly CONSTANT boolean := parent ~ '^rollups_s[0-9]+$';
  partition CONSTANT text := parent || '_' || to_char(first_day, CASE WHEN monthly THEN 'YYYYMM' ELSE 'YYYYMMDD' END);
  next_first CONSTANT date := first_day + CASE WHEN monthly THEN interval '1 month' ELSE interval '1 day' END;
BEGIN
  IF NOT monthly AND parent !~ '^checks_s[0-9]+$' THEN
    RAISE EXCEPTION '% has no partitions of a day or month', parent USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF first_day NOT BETWEEN current_date - 62 AND current_date + 62 OR monthly AND first_day <> date_trunc('month', first_day) THEN
    RAISE EXCEPTION 'no partition begins on %', first_day USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) %s', partition, parent, CASE WHEN monthly THEN 'WITH (fillfactor = 70)' END);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition,
                 first_day::timestamptz, next_first::timestamptz);
END $$;

-- False when the shard was in use all the time: nobody is held up for longer than the lock is waited for.
CREATE FUNCTION drop_partition(partition text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '500ms' AS $$
DECLARE
  past CONSTANT boolean := CASE
    WHEN partition ~ '^checks_s[0-9]+_[0-9]{8}$' THEN to_date(right(partition, 8), 'YYYYMMDD') < current_date - 1
    WHEN partition ~ '^rollups_s[0-9]+_[0-9]{6}$' THEN to_date(right(partition, 6), 'YYYYMM') + interval '1 month' < current_date - 30
    ELSE false
  END;
BEGIN
  IF NOT past THEN
    RAISE EXCEPTION '% is no partition of the past', partition USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('DROP TABLE %I', partition);
  RETURN true;
EXCEPTION
  WHEN lock_not_available THEN RETURN false;
END $$;

REVOKE EXECUTE ON FUNCTION create_partition(text, date), drop_partition(text) FROM PUBLIC;
