"""Name applications as the glossary does: sequence, index and constraints (no row changes)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def renamed(table, old, new):
    """Both ways of renaming a constraint; the database checks nothing anew."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}",
        f"ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}",
    )


class Migration(migrations.Migration):

    dependencies = [("licences", "0004_grounds_and_hands_kept_in_rows")]

    operations = [
        migrations.RunSQL(
            "ALTER SEQUENCE licences_matter_seq RENAME TO licences_application_seq",
            "ALTER SEQUENCE licences_application_seq RENAME TO licences_matter_seq",
        ),
        migrations.RenameIndex(
            model_name="application",
            old_name="matters_of_a_department",
            new_name="applications_of_a_department",
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                renamed(
                    "licences_application",
                    "a_matter_ends_its_term_after_it_begins",
                    "an_application_ends_its_term_after_it_begins",
                ),
                renamed(
                    "licences_applicationholder",
                    "a_holder_stands_in_a_matter_once",
                    "a_holder_stands_in_an_application_once",
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="application", name="a_matter_ends_its_term_after_it_begins"
                ),
                migrations.AddConstraint(
                    model_name="application",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("valid_until__isnull", True), ("valid_from__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"),
                        name="an_application_ends_its_term_after_it_begins",
                    ),
                ),
                migrations.RemoveConstraint(
                    model_name="applicationholder", name="a_holder_stands_in_a_matter_once"
                ),
                migrations.AddConstraint(
                    model_name="applicationholder",
                    constraint=models.UniqueConstraint(
                        fields=("application", "holder"),
                        name="a_holder_stands_in_an_application_once",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="application",
            name="in_hand_of",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="applications_in_hand", to=settings.AUTH_USER_MODEL),
        ),
    ]
