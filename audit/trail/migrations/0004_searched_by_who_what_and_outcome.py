"""The auditor's search goes by an index whatever it asks (decision 0042)."""

from django.db import migrations

FORWARD = """
-- what a person did, newest first (audit.supervision.selectors); the public writes most records
CREATE INDEX audit_trail_of_actor ON audit_trail_record (actor_key, at DESC, seq DESC)
    WHERE actor_kind <> 'public';
-- one sort of act, newest first (audit.supervision.selectors)
CREATE INDEX audit_trail_of_action ON audit_trail_record (action, at DESC, seq DESC);
-- what was refused or went wrong, newest first (audit.supervision.selectors)
CREATE INDEX audit_trail_not_done ON audit_trail_record (outcome, at DESC, seq DESC)
    WHERE outcome <> 'done';
"""
BACKWARD = """
DROP INDEX audit_trail_of_actor;
DROP INDEX audit_trail_of_action;
DROP INDEX audit_trail_not_done;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit_trail', '0003_origins_of_acts'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
