-- The latest question that a permit answers: what gives an earlier one back comes too late to end it.
ALTER TABLE kill_permit ADD COLUMN question bigint NOT NULL DEFAULT 0;
