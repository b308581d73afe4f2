"""The trail's table: partitioned by month, append-only by triggers (M.25)."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE audit_trail_record_seq;
CREATE TABLE audit_trail_record (
    seq bigint NOT NULL DEFAULT nextval('audit_trail_record_seq'),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    action varchar(40) NOT NULL,
    article varchar(12) NOT NULL,
    actor_kind varchar(12) NOT NULL,
    actor_key varchar(80) NOT NULL,
    actor_name varchar(120) NOT NULL,
    actor_role varchar(120) NOT NULL,
    department_code varchar(18) NOT NULL,
    department_name varchar(120) NOT NULL,
    channel varchar(12) NOT NULL,
    request_id varchar(64) NOT NULL,
    subject_kind varchar(40) NOT NULL,
    subject_key varchar(200) NOT NULL,
    subject_label varchar(200) NOT NULL,
    outcome varchar(8) NOT NULL,
    reason varchar(500) NOT NULL,
    facts jsonb NOT NULL,
    leaf varchar(64) NOT NULL,
    PRIMARY KEY (at, seq)
) PARTITION BY RANGE (at);
ALTER SEQUENCE audit_trail_record_seq OWNED BY audit_trail_record.seq;
-- history of one row, newest first (audit.trail.selectors.of_subject)
CREATE INDEX audit_trail_of_subject ON audit_trail_record (subject_kind, subject_key, at DESC, seq DESC);
-- what a department did, newest first (audit.trail.selectors.of_department)
CREATE INDEX audit_trail_of_department ON audit_trail_record (department_code, at DESC, seq DESC);
-- what a person did, newest first (audit.trail.selectors.of_actor)
CREATE INDEX audit_trail_of_actor ON audit_trail_record (actor_key, at DESC, seq DESC);

CREATE FUNCTION audit_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only: % is refused', TG_OP;
END $$;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_trail_record
    FOR EACH ROW EXECUTE FUNCTION audit_trail_refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_trail_record
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_refuse();

-- The application's role owns nothing and may not create tables; it may ask for the next
-- months' partitions through this function, which runs with the owner's rights and can do
-- nothing else.
CREATE FUNCTION audit_trail_make_partition(month date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    following date := (date_trunc('month', month) + interval '1 month')::date;
    name text := 'audit_trail_record_' || to_char(first, 'YYYYMM');
BEGIN
    IF first > (now() + interval '15 months')::date THEN
        RAISE EXCEPTION 'a partition more than fifteen months ahead is refused';
    END IF;
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_trail_record FOR VALUES FROM (%L) TO (%L)',
            name, first::text || ' 00:00+08', following::text || ' 00:00+08');
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_refuse()', name);
    END IF;
    RETURN name;
END $$;
-- From the month the Measures were issued (so that imported history has a place) to a year ahead.
SELECT audit_trail_make_partition(month::date)
    FROM generate_series(date_trunc('month', now()) - interval '2 months',
                         date_trunc('month', now()) + interval '12 months',
                         interval '1 month') AS month;
"""

BACKWARD = """
DROP TABLE audit_trail_record;
DROP FUNCTION audit_trail_make_partition(date);
DROP FUNCTION audit_trail_refuse();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
