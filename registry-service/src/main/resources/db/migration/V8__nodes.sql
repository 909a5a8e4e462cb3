-- An index on a long change log takes longer than any statement of the registry may.
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '10s';

-- The hosts that have a supervisor, as they last said they are.
CREATE TABLE node (
    name          text  PRIMARY KEY,
    supervisor_id uuid  NOT NULL,
    capacity      int   NOT NULL,
    services      jsonb NOT NULL,
    observed      jsonb NOT NULL
);

-- The last beat of each node, rewritten all the time.
CREATE TABLE node_mark (
    name          text   PRIMARY KEY REFERENCES node,
    supervisor_id uuid   NOT NULL,
    seq           bigint NOT NULL
) WITH (fillfactor = 10);

-- Which units were moved to another node, and when: a move that is stored is in the log.
CREATE INDEX change_log_moves ON change_log (unit_id, at)
    WHERE kind = 'desired' AND starts_with(reason, 'moved from ');
