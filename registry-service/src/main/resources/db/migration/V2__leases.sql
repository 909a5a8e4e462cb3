-- Who carries out the duties of which there is one. A takeover changes the epoch, which is part of
-- a unique key, so that it waits for FOR KEY SHARE of a duty's write; a renewal does not.
CREATE TABLE leader (
    role   text   PRIMARY KEY,
    holder uuid,
    epoch  bigint NOT NULL,
    seq    bigint NOT NULL,
    UNIQUE (role, epoch)
) WITH (fillfactor = 10);

-- The own mark of each replica of the registry, written with the marks of the beats it has taken.
CREATE TABLE replica (
    id         uuid        PRIMARY KEY,
    seq        bigint      NOT NULL,
    flushed_at timestamptz NOT NULL
) WITH (fillfactor = 10);
