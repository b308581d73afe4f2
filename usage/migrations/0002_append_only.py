"""Verifications and usage records are written once: the database refuses to change them (M.19)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION usage_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON usage_verification
    FOR EACH ROW EXECUTE FUNCTION usage_refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON usage_verification
    FOR EACH STATEMENT EXECUTE FUNCTION usage_refuse();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON usage_usagerecord
    FOR EACH ROW EXECUTE FUNCTION usage_refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON usage_usagerecord
    FOR EACH STATEMENT EXECUTE FUNCTION usage_refuse();
"""

BACKWARD = """
DROP TRIGGER refuse_change ON usage_verification;
DROP TRIGGER refuse_truncate ON usage_verification;
DROP TRIGGER refuse_change ON usage_usagerecord;
DROP TRIGGER refuse_truncate ON usage_usagerecord;
DROP FUNCTION usage_refuse();
"""


class Migration(migrations.Migration):

    dependencies = [("usage", "0001_showings_verifications_copies")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
