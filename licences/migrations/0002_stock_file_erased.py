"""Note when a permit sheet's file was erased (M.26)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="stockbatch",
            name="file_erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="原文件清除时间"),
        ),
    ]
