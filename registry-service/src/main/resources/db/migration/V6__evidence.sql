-- A unit that is started again is another thing before the new start holds it than after.
ALTER TABLE unit
    DROP CONSTRAINT unit_phase_check,
    ADD CONSTRAINT unit_phase_check CHECK (phase IN ('STARTING', 'UP', 'SUSPECT', 'DRAINING', 'DOWN_SILENT', 'DOWN_HUNG',
        'DOWN_EXITED', 'RESTARTING', 'RECOVERING', 'QUARANTINED', 'PROBATION', 'STOPPED'));

-- The last failure to reach a unit that each observer has told of, to whichever replica: seq grows
-- with each telling, so that the leader sees by its own clock how old it is. seen_at spares and
-- prunes writes, and judges nobody.
CREATE TABLE observation (
    unit_id  text        NOT NULL,
    observer text        NOT NULL,
    kind     text        NOT NULL CHECK (kind IN ('PROBE_FAILED', 'UNREACHABLE')),
    start_id uuid        NOT NULL,
    detail   text        NOT NULL,
    counts   boolean     NOT NULL,
    seq      bigint      NOT NULL,
    seen_at  timestamptz NOT NULL,
    PRIMARY KEY (unit_id, observer)
) WITH (fillfactor = 50);
