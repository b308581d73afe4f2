"""Applications that were under way before clocks began with them get the clock they would have had."""

from datetime import UTC, date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps

from audit.deadlines.models import Deadline
from audit.deadlines.services.clocks import sweep
from tests.factories.licences import Applications

pytestmark = pytest.mark.usefixtures("wednesday")
MIGRATION = import_module("licences.migrations.0014_clocks_from_the_beginning")
NAMES = import_module("audit.deadlines.migrations.0002_clocks_begin_before_their_last_day")
CONCLUDED = datetime(2026, 11, 13, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.article("M.9")
def test_application_when_under_way_before_then_its_clock_runs_from_its_beginning(cast):
    applications = Applications(cast)
    online = applications.received()
    applications.received(mode="OFFLINE", concluded_elsewhere_at=CONCLUDED)
    applications.issued()
    expected = set(Deadline.objects.filter(subject_kind="application").values_list(*COLUMNS))
    assert len(expected) == 2
    MIGRATION.forget_them(apps, None)
    assert not Deadline.objects.filter(subject_kind="application").exists()
    MIGRATION.start_clocks(apps, None)
    found = set(Deadline.objects.filter(subject_kind="application").values_list(*COLUMNS))
    assert found == expected
    assert Deadline.objects.get(subject_key=str(online.uuid)).due_at is None
    assert sweep() == 1


@pytest.mark.article("M.29")
def test_clock_when_it_was_met_late_before_then_it_says_so_and_goes_back(department):
    at = datetime(2026, 11, 18, tzinfo=UTC)
    for state, breached in (("MET", at), ("MET", None), ("BREACHED", at)):
        Deadline.objects.create(
            department=department, article="M.9", subject_kind="licence", subject_key=state,
            armed_at=at, due_at=at, last_day=date(2026, 11, 17), state=state, breached_at=breached,
        )  # fmt: skip
    NAMES.name_late_ones(apps, None)
    order = Deadline.objects.order_by("pk")
    assert list(order.values_list("state", flat=True)) == ["MET_LATE", "MET", "BREACHED"]
    NAMES.call_them_met(apps, None)
    assert list(order.values_list("state", flat=True)) == ["MET", "MET", "BREACHED"]


COLUMNS = (
    "department_id", "article", "subject_key", "subject_label", "armed_at", "due_at", "last_day",
    "is_provisional", "state",
)  # fmt: skip
