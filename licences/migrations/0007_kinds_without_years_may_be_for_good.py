"""Kinds without a number of years said 长期，或按证照所写: they go on saying so."""

from django.db import migrations


def may_be(apps, schema_editor):
    entries = apps.get_model("licences", "CatalogueEntry")
    entries.objects.filter(validity_years__isnull=True).update(may_be_long_term=True)


class Migration(migrations.Migration):

    dependencies = [("licences", "0006_terms_by_the_kinds_rule")]

    # back again nothing is left to say: the column goes with the migration before
    operations = [migrations.RunPython(may_be, migrations.RunPython.noop)]
