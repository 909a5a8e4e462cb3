-- The identity of this database. With the timeline of the server it is the cluster id of every
-- position in the change log.
CREATE TABLE cluster (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id       uuid    NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO cluster DEFAULT VALUES;

-- The revision of the last change. A sequence would hand out revisions outside of transactions, so
-- that a reader could pass one that is not committed yet; this row's lock makes revisions gap-free
-- and puts them in commit order.
CREATE TABLE revision_counter (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO revision_counter DEFAULT VALUES;

-- after is the whole row of unit or desired as it is after the change, keyed by its columns' names.
CREATE TABLE change_log (
    revision   bigint      PRIMARY KEY,
    at         timestamptz NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('unit', 'desired')),
    unit_id    text        NOT NULL,
    event      text        NOT NULL,
    from_state text,
    to_state   text,
    reason     text        NOT NULL,
    after      jsonb       NOT NULL
);

-- Rows are never deleted, so that incarnations keep growing; a forgotten one is hidden.
CREATE TABLE unit (
    id              text        PRIMARY KEY,
    service         text        NOT NULL,
    start_id        uuid        NOT NULL,
    incarnation     bigint      NOT NULL CHECK (incarnation >= 1),
    phase           text        NOT NULL CHECK (phase IN ('STARTING', 'UP', 'SUSPECT', 'DRAINING',
                        'DOWN_SILENT', 'DOWN_HUNG', 'DOWN_EXITED', 'RECOVERING', 'QUARANTINED', 'STOPPED')),
    scheme          text        NOT NULL,
    host            text        NOT NULL,
    port            int         NOT NULL,
    node            text,
    beater          text        NOT NULL CHECK (beater IN ('SELF', 'NODE')),
    program_version text,
    weight          int         NOT NULL,
    zone            text,
    pid             bigint,
    labels          jsonb       NOT NULL,
    registered_at   timestamptz NOT NULL,
    since           timestamptz NOT NULL,
    reason          text        NOT NULL,
    forgotten       boolean     NOT NULL,
    version         bigint      NOT NULL CHECK (version >= 1)
) WITH (fillfactor = 70);

-- Every start that ever was a unit, so that a superseded start-id is refused for ever. Rows are
-- never deleted. how is the phase that ended the start.
CREATE TABLE unit_start (
    unit_id     text        NOT NULL,
    start_id    uuid        NOT NULL,
    incarnation bigint      NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    how         text        CHECK (how IN ('DOWN_EXITED', 'STOPPED')),
    PRIMARY KEY (unit_id, start_id),
    UNIQUE (unit_id, incarnation)
);

-- The last beat of the unit's current start, rewritten all the time: narrow, room on each page and
-- no index on what changes, so that updates stay within the page. replica is null until a beat
-- was stored.
CREATE TABLE unit_mark (
    unit_id  text   PRIMARY KEY,
    start_id uuid   NOT NULL,
    seq      bigint NOT NULL,
    replica  uuid
) WITH (fillfactor = 50);

CREATE TABLE desired (
    unit_id            text        PRIMARY KEY,
    service            text        NOT NULL,
    node               text,
    run                text        NOT NULL CHECK (run IN ('RUN', 'STOP')),
    spec               jsonb       NOT NULL,
    restart_generation bigint      NOT NULL,
    generation         bigint      NOT NULL CHECK (generation >= 1),
    reason             text,
    updated_at         timestamptz NOT NULL
) WITH (fillfactor = 70);
