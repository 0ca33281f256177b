-- PostgreSQL gathers statistics of a table anew when a tenth of its rows were changed. A rollup changes with every check of its hour, so that
-- on the first days of a month those of all shards were sampled once a minute; those of checks were as often in the first minutes of a
-- day. Rollups are sampled now when they have had as many changes as there are minutes in their hours, checks when there are twice as many.
DO $$
DECLARE
  leaf regclass;
  factor int;
BEGIN
  FOR leaf, factor IN
    SELECT relid, 1 FROM pg_partition_tree('checks') WHERE isleaf
    UNION ALL
    SELECT relid, 60 FROM pg_partition_tree('rollups') WHERE isleaf
  LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_scale_factor = %s)', leaf, factor);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION create_partition(parent text, first_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  monthly CONSTANT boolean := parent ~ '^rollups_s[0-9]+$';
  partition CONSTANT text := parent || '_' || to_char(first_day, CASE WHEN monthly THEN 'YYYYMM' ELSE 'YYYYMMDD' END);
  next_first CONSTANT date := first_day + CASE WHEN monthly THEN interval '1 month' ELSE interval '1 day' END;
  settings CONSTANT text := CASE WHEN monthly THEN 'fillfactor = 70, autovacuum_analyze_scale_factor = 60' ELSE 'autovacuum_analyze_scale_factor = 1' END;
BEGIN
  IF NOT monthly AND parent !~ '^checks_s[0-9]+$' THEN
    RAISE EXCEPTION '% has no partitions of a day or month', parent USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF first_day NOT BETWEEN current_date - 62 AND current_date + 62 OR monthly AND first_day <> date_trunc('month', first_day) THEN
    RAISE EXCEPTION 'no partition begins on %', first_day USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) WITH (%s)', partition, parent, settings);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition,
                 first_day::timestamptz, next_first::timestamptz);
END $$;
