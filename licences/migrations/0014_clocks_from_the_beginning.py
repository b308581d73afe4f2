"""Applications under way get the clock that they would have had from their beginning (M.9)."""

from django.db import migrations

from zezhou_portal.regulation import workdays
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.regulation.limits import GENERATION_OFFLINE

OPEN = ("RECEIVED", "CAPTURING", "UNDER_REVIEW", "RETURNED", "APPROVED")


def start_clocks(apps, schema_editor):
    """One clock for each application under way: online without a last day until it is concluded."""
    clocks = apps.get_model("audit_deadlines", "Deadline").objects
    rows = apps.get_model("licences", "Application").objects.filter(state__in=OPEN)
    with reading_once({workdays.YEARS: {}}):  # the table of announced years may not be there yet
        clocks.bulk_create(
            (_clock(clocks.model, row) for row in rows.iterator(chunk_size=500)), batch_size=500
        )


def _clock(model, row):
    concluded = row.concluded_elsewhere_at if row.mode == "OFFLINE" else None
    due = workdays.due(GENERATION_OFFLINE, concluded) if concluded else None
    return model(
        department_id=row.issuing_department_id,
        article="M.9",
        subject_kind="application",
        subject_key=str(row.uuid),
        subject_label=row.number,
        armed_at=concluded or row.received_at,
        due_at=due.at if due else None,
        last_day=due.last_day if due else None,
        is_provisional=due.is_provisional if due else False,
    )


def forget_them(apps, schema_editor):
    """As it was: no clock runs on an application."""
    apps.get_model("audit_deadlines", "Deadline").objects.filter(
        subject_kind="application"
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("audit_deadlines", "0002_clocks_begin_before_their_last_day"),
        ("licences", "0013_entries_say_what_a_guide_says"),
    ]

    operations = [migrations.RunPython(start_clocks, forget_them)]
