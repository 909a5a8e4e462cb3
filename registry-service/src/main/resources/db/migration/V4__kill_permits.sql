-- One row for each service for which a permit was ever asked; its lock makes the answers come one
-- after the other, whichever replica gives them.
CREATE TABLE brake (
    service text PRIMARY KEY
);

-- The last permit of each unit to end its live process. Whether it is still open also depends on
-- the unit.
CREATE TABLE kill_permit (
    unit_id    text        PRIMARY KEY,
    service    text        NOT NULL,
    start_id   uuid        NOT NULL,
    cause      text        NOT NULL CHECK (cause IN ('HUNG', 'OPERATOR', 'DEPLOY')),
    granted_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX kill_permit_service ON kill_permit (service);
