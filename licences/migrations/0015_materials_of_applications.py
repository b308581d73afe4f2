"""What an applicant brings, and what stands in its place (M.6, M.15)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("licences", "0014_clocks_from_the_beginning"),
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.AddField("attachment", "material_key", models.CharField(blank=True, default="", max_length=40, verbose_name="材料")),
        migrations.RemoveConstraint("attachment", "a_file_is_attached_once"),
        migrations.AddConstraint("attachment", models.UniqueConstraint(fields=("application", "digest", "item_key", "material_key"), name="a_file_is_attached_once")),
        migrations.CreateModel(
            name="Substitute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("material_key", models.CharField(max_length=40, verbose_name="材料")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="没有这份材料的理由")),
                ("noted_at", models.DateTimeField()),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="substitutes", to="licences.application")),
                ("licence", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="licences.licence")),
                ("noted_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.account")),
            ],
            options={
                "verbose_name": "代替材料",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "material_key"), name="a_material_is_replaced_once"),
                    models.CheckConstraint(condition=models.Q(("licence__isnull", False), models.Q(("reason", ""), _negated=True), _connector="OR"), name="something_stands_in_a_material_s_place"),
                ],
            },
        ),
    ]
