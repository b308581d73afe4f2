"""Keep grounds beside the state and the matter they are of, and every hand on a sheet (M.7, M.26)."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0003_version_check_code_index")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="withdrawn_because",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="撤回的原因"
            ),
        ),
        migrations.AddField(
            model_name="licencestatus",
            name="document",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="决定书文号"
            ),
        ),
        migrations.AddField(
            model_name="licencestatus",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="原因"),
        ),
        migrations.AddField(
            model_name="stockbatch",
            name="hands",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
    ]
