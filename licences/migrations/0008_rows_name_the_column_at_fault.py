"""A row says in which column it is wrong, so that no page reads it out of the sentence (M.10)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("licences", "0007_kinds_without_years_may_be_for_good")]

    operations = [
        migrations.AddField(
            model_name="stockrow",
            name="fault_field",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
