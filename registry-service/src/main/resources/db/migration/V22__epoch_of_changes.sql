-- The leader's epoch under which a duty made the change; null for what needs no leader, and for what
-- was logged before this column was there. Along the revisions it never goes back.
ALTER TABLE change_log ADD COLUMN epoch bigint;

-- Asked before a service is said not to be.
CREATE INDEX unit_of_service ON unit (service);
