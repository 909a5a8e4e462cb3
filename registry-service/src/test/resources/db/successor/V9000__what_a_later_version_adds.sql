-- All that a later version may do to the schema while this one still runs: columns that may be
-- null or have a default, tables, indexes, wider checks. It takes longer than any statement of a
-- running registry may.
DO $$
DECLARE known text;
BEGIN
    FOR known IN SELECT tablename FROM pg_tables
        WHERE schemaname = current_schema() AND tablename <> 'flyway_schema_history'
    LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN later text, ADD COLUMN later_counted int NOT NULL DEFAULT 7', known);
    END LOOP;
END $$;
CREATE TABLE later (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE INDEX later_of_unit ON unit (later);
