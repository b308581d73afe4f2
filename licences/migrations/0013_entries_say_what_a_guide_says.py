"""An entry says what it rests on, which items lead to it, what one brings, how long (M.6, P.2.1).

Service items that lead to a kind at its own department become those of its editions.
"""

from collections import defaultdict

from django.db import migrations, models


def tell_service_items(apps, schema_editor):
    """Writes the items of each kind into the editions of the department that they belong to."""
    links = apps.get_model("licences", "ItemLicenceLink").objects.select_related("service_item")
    items = defaultdict(list)
    for link in links.order_by("service_item__code"):
        item = link.service_item
        items[link.type_code, item.department_id].append({"code": item.code, "name": item.name})
    for entry in apps.get_model("licences", "CatalogueEntry").objects.all():
        entry.service_items = items[entry.type_code, entry.issuing_department_id]
        entry.save(update_fields=["service_items"])


class Migration(migrations.Migration):

    dependencies = [("licences", "0012_every_fault_names_its_column")]

    operations = [
        migrations.AddField("catalogueentry", "about", models.CharField(blank=True, default="", max_length=300, verbose_name="这是什么证照")),
        migrations.AddField("catalogueentry", "legal_basis", models.CharField(blank=True, default="", max_length=1000, verbose_name="设定依据")),
        migrations.AddField("catalogueentry", "materials", models.JSONField(blank=True, default=list, verbose_name="申请材料")),
        migrations.AddField("catalogueentry", "service_items", models.JSONField(blank=True, default=list, verbose_name="对应的政务服务事项")),
        migrations.AddField("catalogueentry", "working_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="承诺办结时限（工作日）")),
        migrations.AlterField("catalogueentry", "sensitivity", models.CharField(blank=True, max_length=20, verbose_name="敏感类别")),
        migrations.RunPython(tell_service_items, migrations.RunPython.noop),
    ]
