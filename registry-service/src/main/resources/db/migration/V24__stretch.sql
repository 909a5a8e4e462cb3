-- By how much the leases and the intervals of beats are stretched, for all replicas. The leases are
-- stretched before the intervals and shortened after them, so that no unit beats too seldom for the
-- lease that it is judged by.
CREATE TABLE stretch (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    lease_factor    int     NOT NULL DEFAULT 1,
    interval_factor int     NOT NULL DEFAULT 1 CHECK (interval_factor >= 1),
    CHECK (lease_factor >= interval_factor)
) WITH (fillfactor = 10);
INSERT INTO stretch DEFAULT VALUES;
