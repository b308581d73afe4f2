"""Rows that were checked when one fault was told keep it as the first of their faults."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import JSONObject
from django.db.models import Func, JSONField


def keep_the_one(apps, schema_editor):
    rows = apps.get_model("licences", "StockRow")
    told = JSONObject(kind=F("fault"), field=F("fault_field"), sentence=F("reason"))
    listed = Func(told, function="jsonb_build_array", output_field=JSONField())
    rows.objects.filter(outcome="fault", faults=[]).update(faults=listed)


class Migration(migrations.Migration):

    dependencies = [("licences", "0010_ledgers_by_tab_with_every_fault")]

    # back again the column of faults goes with the migration before
    operations = [migrations.RunPython(keep_the_one, migrations.RunPython.noop)]
