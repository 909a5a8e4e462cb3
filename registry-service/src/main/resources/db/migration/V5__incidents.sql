-- One row for each failure of a start of a unit, written by the registry's leader, which follows
-- the change log, and by the reports of the unit's supervisor, in whichever order they come.
CREATE TABLE incident (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id        text        NOT NULL,
    start_id       uuid        NOT NULL,
    -- null of a start that was never registered
    incarnation    bigint,
    service        text        NOT NULL,
    node           text,
    created_at     timestamptz NOT NULL,
    -- As the registry has seen it. followed says that the change log is still to tell the end.
    cause          text,
    followed       boolean     NOT NULL,
    given_up_at    timestamptz,
    closed_at      timestamptz,
    ending         text        CHECK (ending IN ('SERVED', 'RETURNED', 'STOPPED', 'FORGOTTEN')),
    -- As the supervisor has reported it, by the supervisor's clock.
    reported_cause text,
    last_well_at   timestamptz,
    detected_at    timestamptz,
    decided_at     timestamptz,
    started_at     timestamptz,
    served_at      timestamptz,
    next_start_id  uuid,
    exit_code      int,
    signal         int,
    decided_by     text,
    decision       text,
    reason         text,
    -- Not jsonb, which refuses the character U+0000 that a log may hold.
    black_box      json,
    UNIQUE (unit_id, start_id)
);
CREATE INDEX incident_of_unit ON incident (unit_id, id);
CREATE INDEX incident_of_service ON incident (service, id);
CREATE INDEX incident_closed ON incident (closed_at);

-- What the change log tells of an incident.
CREATE TABLE incident_step (
    incident_id bigint      NOT NULL REFERENCES incident ON DELETE CASCADE,
    revision    bigint      NOT NULL,
    at          timestamptz NOT NULL,
    event       text        NOT NULL,
    reason      text        NOT NULL,
    PRIMARY KEY (incident_id, revision)
);

-- Up to where the incidents hold what the change log tells; what came before them is not followed.
CREATE TABLE incident_position (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint  NOT NULL
) WITH (fillfactor = 10);
INSERT INTO incident_position (revision) SELECT revision FROM revision_counter;
