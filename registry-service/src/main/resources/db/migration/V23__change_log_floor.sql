-- Up to which revision the change log has been compacted. Beyond it the log has no gap; at and below
-- it only those rows are left that the duties still read, and nobody is told of them.
CREATE TABLE change_log_floor (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint  NOT NULL
) WITH (fillfactor = 10);
INSERT INTO change_log_floor (revision)
    SELECT coalesce((SELECT min(l.revision) - 1 FROM change_log l), c.revision) FROM revision_counter c;
