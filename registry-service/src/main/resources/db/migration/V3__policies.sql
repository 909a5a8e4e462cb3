-- Every version of each service's policy; the highest is the one that holds. The key is what makes
-- one of two changes that are made at once the later one.
CREATE TABLE service_policy (
    service text        NOT NULL,
    version bigint      NOT NULL CHECK (version >= 1),
    policy  jsonb       NOT NULL,
    author  text,
    reason  text,
    at      timestamptz NOT NULL,
    PRIMARY KEY (service, version)
);
