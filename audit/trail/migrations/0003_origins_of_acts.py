"""Where acts came from, beside their records: nobody changes it, nobody clears it early."""

from django.db import migrations, models

import zezhou_portal.kernel.fields

FORWARD = """
CREATE FUNCTION audit_trail_keep_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '6 months' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'where an act came from is kept for six months: % is refused', TG_OP;
END $$;
CREATE TRIGGER keep_origin BEFORE UPDATE OR DELETE ON audit_trail_origin
    FOR EACH ROW EXECUTE FUNCTION audit_trail_keep_origin();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_trail_origin
    FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_refuse();
"""
BACKWARD = """
DROP TRIGGER refuse_truncate ON audit_trail_origin;
DROP TRIGGER keep_origin ON audit_trail_origin;
DROP FUNCTION audit_trail_keep_origin();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit_trail', '0002_fewer_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordOrigin',
            fields=[
                ('record', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('address', zezhou_portal.kernel.fields.SecretField(blank=True, default='', verbose_name='网络地址')),
                ('device', zezhou_portal.kernel.fields.SecretField(blank=True, default='', verbose_name='设备')),
            ],
            options={
                'verbose_name': '操作来源',
                'db_table': 'audit_trail_origin',
                'indexes': [models.Index(fields=['at'], name='origins_by_age')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
