"""Every reading of a code writes a record: only indexes that somebody looks by (decision 0022)."""

from django.db import migrations

FORWARD = """
-- what a person did to one subject is found by the subject (audit.trail.selectors.was_noted)
DROP INDEX audit_trail_of_actor;
DROP INDEX audit_trail_of_department;
-- what a department did, newest first (audit.supervision.selectors); holders and the public have none
CREATE INDEX audit_trail_of_department ON audit_trail_record (department_code, at DESC, seq DESC)
    WHERE department_code <> '';
"""
BACKWARD = """
DROP INDEX audit_trail_of_department;
CREATE INDEX audit_trail_of_department ON audit_trail_record (department_code, at DESC, seq DESC);
CREATE INDEX audit_trail_of_actor ON audit_trail_record (actor_key, at DESC, seq DESC);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit_trail', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
