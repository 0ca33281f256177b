-- The rollups on a page are of monitors that are checked in the same second, and all of them change in one transaction: only where a page has
-- room for as many new versions as it has rows is none of them put on another page, and none entered in the index anew.
DO $$
DECLARE
  leaf regclass;
BEGIN
  FOR leaf IN SELECT relid FROM pg_partition_tree('rollups') WHERE isleaf LOOP
    EXECUTE format('ALTER TABLE %s SET (fillfactor = 45)', leaf);
  END LOOP;
  EXECUTE replace(pg_get_functiondef('create_partition(text, date)'::regprocedure), 'fillfactor = 70', 'fillfactor = 45');
END $$;
