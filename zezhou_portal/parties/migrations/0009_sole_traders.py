"""Sole traders have a kind of their own, and an operator where one is known.

Their credit codes begin with 92 (GB 32100). Before, some were entered as legal persons and some as
unincorporated organisations; versions of licences keep the kind that they were frozen with.
"""

import django.db.models.deletion
from django.db import migrations, models

CREDIT_CODE, TRADER = "001", "92"
BEFORE = ("legal_person", "unincorporated")
CHUNK = 1000


def set_apart(apps, schema_editor):
    holders = apps.get_model("parties", "Holder").objects.filter(identity_type=CREDIT_CODE)
    last = 0
    while rows := list(holders.filter(kind__in=BEFORE, pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        traders = [row.pk for row in rows if row.identity_number.startswith(TRADER)]
        holders.filter(pk__in=traders).update(kind="sole_trader")


def take_back(apps, schema_editor):
    holders = apps.get_model("parties", "Holder").objects.filter(kind="sole_trader")
    holders.update(kind="unincorporated")


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0008_holders_found_to_be_one'),
    ]

    operations = [
        migrations.AddField(
            model_name='holder',
            name='operator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trading_as', to='parties.holder'),
        ),
        migrations.AlterField(
            model_name='holder',
            name='kind',
            field=models.CharField(choices=[('natural_person', '自然人'), ('legal_person', '法人'), ('sole_trader', '个体工商户'), ('unincorporated', '非法人组织')], max_length=16, verbose_name='类别'),
        ),
        migrations.RunPython(set_apart, take_back),
    ]
