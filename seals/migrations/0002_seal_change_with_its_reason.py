"""Keep why a seal was stopped or given back beside the seal (S.16, M.26)."""

import django.db.models.deletion
from django.db import migrations, models




class Migration(migrations.Migration):
    dependencies = [("seals", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SealChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ACTIVE", "在用"),
                            ("RENEWING", "续期中"),
                            ("BLOCKED", "已停用"),
                            ("EXPIRED", "已过期"),
                            ("CANCELLED", "已注销"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("act", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="seals.seal",
                    ),
                ),
            ],
            options={"verbose_name": "印章状态沿革", "ordering": ["-at", "-pk"]},
        ),
    ]
