"""Let a kind count its term in months and say whether it may be for good (M.7)."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform


class Migration(migrations.Migration):

    dependencies = [("licences", "0005_applications_by_their_name")]

    operations = [
        migrations.AddField(
            model_name="catalogueentry",
            name="validity_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="有效期（月）"),
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="may_be_long_term",
            field=models.BooleanField(default=False, verbose_name="可以长期有效"),
        ),
        migrations.AddField(
            model_name="application",
            name="term_reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="有效期与规定不同的理由"),
        ),
        migrations.AddField(
            model_name="application",
            name="paper_issued_on",
            field=models.DateField(blank=True, null=True, verbose_name="纸质证照的颁发日期"),
        ),
        migrations.AddIndex(
            model_name="stockrow",
            index=models.Index(KeyTextTransform("number", "values"), condition=models.Q(("licence__isnull", True)), name="numbers_on_unconverted_rows"),
        ),
    ]
