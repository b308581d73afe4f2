"""Note whose clerk entered a holder, and why a holder has no number (M.3, M.26)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_holders_sign_in_and_act_for_others")]

    operations = [
        migrations.AddField(
            model_name="holder",
            name="entered_by_department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.department",
            ),
        ),
        migrations.AddField(
            model_name="holder",
            name="no_number_reason",
            field=models.CharField(
                blank=True, default="", max_length=100, verbose_name="没有号码的原因"
            ),
        ),
    ]
