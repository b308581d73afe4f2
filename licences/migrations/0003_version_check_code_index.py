"""Find a version by the check code on its face."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0002_stock_file_erased")]

    operations = [
        migrations.AddIndex(
            model_name="licenceversion",
            index=models.Index(fields=["check_code"], name="versions_by_check_code"),
        ),
    ]
