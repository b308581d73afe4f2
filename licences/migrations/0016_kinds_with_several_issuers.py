"""A type code is the definer's: several departments issue it, each numbers by itself (M.6).

Until now a kind had one department, so that it is known whose every counter is. What the trail
calls an edition stays as it was for those that are there.
"""

import django.db.models.deletion
from django.db import migrations, models


def tell_departments(apps, schema_editor):
    """Gives every counter its department, every edition the name that the trail has for it."""
    entries = apps.get_model("licences", "CatalogueEntry").objects
    departments = dict(entries.order_by("edition").values_list("type_code", "issuing_department"))
    counters = apps.get_model("licences", "NumberCounter").objects
    for type_code, department in departments.items():
        counters.filter(type_code=type_code).update(issuing_department=department)
    counters.filter(issuing_department=None).delete()  # of a kind that has no entry: never used
    for entry in entries.all():
        entry.former_trail_key = f"{entry.type_code}/{entry.edition}"
        entry.save(update_fields=["former_trail_key"])
    # what the new foreign key has queued, before the table changes again
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [("licences", "0015_materials_of_applications"), ("parties", "0001_initial")]

    operations = [
        migrations.AddField("catalogueentry", "former_trail_key", models.CharField(blank=True, default="", editable=False, max_length=40)),
        migrations.RemoveConstraint("catalogueentry", "an_edition_of_a_kind_exists_once"),
        migrations.RemoveConstraint("catalogueentry", "one_published_edition_of_a_kind"),
        migrations.AddConstraint("catalogueentry", models.UniqueConstraint(fields=("type_code", "issuing_department", "edition"), name="an_edition_of_a_department_s_kind_exists_once")),
        migrations.AddConstraint("catalogueentry", models.UniqueConstraint(condition=models.Q(("state", "PUBLISHED")), fields=("type_code", "issuing_department"), name="one_published_edition_of_a_department_s_kind")),
        migrations.RemoveConstraint("numbercounter", "one_counter_for_a_kind_and_year"),
        migrations.AddField("numbercounter", "issuing_department", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.department")),
        migrations.RunPython(tell_departments, migrations.RunPython.noop),
        migrations.AlterField("numbercounter", "issuing_department", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.department")),
        migrations.AddConstraint("numbercounter", models.UniqueConstraint(fields=("type_code", "issuing_department", "year"), name="one_counter_for_a_department_s_kind_and_year")),
    ]
