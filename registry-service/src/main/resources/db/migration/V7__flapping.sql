-- An index on a long change log takes longer than any statement of the registry may.
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '10s';

-- The times at which units that served went down, for whoever begins to watch for flapping.
CREATE INDEX change_log_downs ON change_log (at)
    WHERE kind = 'unit' AND from_state IN ('UP', 'SUSPECT') AND to_state IN ('DOWN_SILENT', 'DOWN_HUNG', 'DOWN_EXITED');
