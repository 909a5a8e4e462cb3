-- When a supervisor reported that it saw the process of a start end. ended_at is about the unit: it
-- is set also for a start whose process may still run, as that of a unit that deregistered.
ALTER TABLE unit_start ADD COLUMN exited_at timestamptz;
