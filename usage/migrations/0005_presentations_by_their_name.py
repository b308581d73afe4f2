"""Name presentations and applications as the glossary does (no row changes)."""

import django.db.models.deletion
from django.db import migrations, models


def renamed(table, old, new):
    """Both ways of renaming a constraint; the database checks nothing anew."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}",
        f"ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ("licences", "0005_applications_by_their_name"),
        ("usage", "0004_written_at_every_look"),
    ]

    operations = [
        migrations.RenameModel("ShowingOff", "PresentationOff"),
        migrations.AlterField(
            model_name="presentationoff",
            name="licence",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="presentation_off", to="licences.licence"),
        ),
        migrations.RenameField("usagerecord", "matter_number", "application_number"),
        migrations.RenameIndex(
            model_name="presentation",
            old_name="showings_that_may_lapse",
            new_name="presentations_that_may_lapse",
        ),
        migrations.RenameIndex(
            model_name="verification",
            old_name="verifications_of_a_showing",
            new_name="verifications_read_together",
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                renamed(
                    "usage_presentation",
                    "a_showing_is_in_a_state_of_its_table",
                    "a_presentation_is_in_a_state_of_its_table",
                ),
                renamed(
                    "usage_presentation",
                    "a_showing_ends_after_it_began",
                    "a_presentation_ends_after_it_began",
                ),
                renamed(
                    "usage_presentedlicence",
                    "a_licence_is_shown_once_in_a_showing",
                    "a_licence_is_shown_once_in_a_presentation",
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="presentation", name="a_showing_is_in_a_state_of_its_table"
                ),
                migrations.RemoveConstraint(
                    model_name="presentation", name="a_showing_ends_after_it_began"
                ),
                migrations.RemoveConstraint(
                    model_name="presentedlicence", name="a_licence_is_shown_once_in_a_showing"
                ),
                migrations.AddConstraint(
                    model_name="presentation",
                    constraint=models.CheckConstraint(condition=models.Q(("state__in", ["OPEN", "ASKED", "AGREED", "REDEEMED", "DECLINED", "WITHDRAWN", "LAPSED"])), name="a_presentation_is_in_a_state_of_its_table"),
                ),
                migrations.AddConstraint(
                    model_name="presentation",
                    constraint=models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="a_presentation_ends_after_it_began"),
                ),
                migrations.AddConstraint(
                    model_name="presentedlicence",
                    constraint=models.UniqueConstraint(fields=("presentation", "licence"), name="a_licence_is_shown_once_in_a_presentation"),
                ),
            ],
        ),
    ]
