"""M.9: online with the conclusion, offline within one working day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.deadlines.models import Deadline
from audit.deadlines.services.clocks import sweep
from tests.records import records
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.9")
BEIJING = ZoneInfo("Asia/Shanghai")


def clock_of(licence) -> Deadline:
    """The clock of M.9 on a licence."""
    return Deadline.objects.get(article="M.9", subject_key=str(licence.uuid))


def offline(applications, concluded: datetime):
    """A licence signed off now whose application was concluded elsewhere."""
    return applications.issued(
        applications.received(mode="OFFLINE", concluded_elsewhere_at=concluded)
    )


def test_online_when_signed_off_then_due_by_the_end_of_the_day(applications, wednesday) -> None:
    row = clock_of(applications.issued())
    assert (row.last_day, row.is_provisional, row.state) == (date(2026, 11, 18), False, "RUNNING")
    assert row.due_at == datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # midnight in Beijing


def test_offline_when_concluded_on_a_friday_then_due_on_monday(applications, wednesday) -> None:
    row = clock_of(offline(applications, datetime(2026, 11, 13, 17, 0, tzinfo=BEIJING)))
    assert (row.last_day, row.armed_at) == (
        date(2026, 11, 16),
        datetime(2026, 11, 13, 9, 0, tzinfo=UTC),
    )


def test_offline_when_the_saturday_is_a_working_day_then_due_on_it(applications, wednesday) -> None:
    # 2026-10-10 is a Saturday on which offices work, after the National Day's holiday
    row = clock_of(offline(applications, datetime(2026, 10, 9, 9, 0, tzinfo=BEIJING)))
    assert row.last_day == date(2026, 10, 10)


def test_offline_when_it_reaches_into_an_unannounced_year_then_provisional(applications) -> None:
    concluded = datetime(2026, 12, 31, 9, 0, tzinfo=BEIJING)
    with time_machine.travel(concluded + timedelta(hours=1), tick=False):
        row = clock_of(offline(applications, concluded))
    assert (row.last_day, row.is_provisional) == (date(2027, 1, 4), True)


def test_clock_when_it_runs_out_then_breached_once_and_recorded(applications, wednesday) -> None:
    licence = applications.issued()
    wednesday.move_to(datetime(2026, 11, 18, 23, 59, 59, tzinfo=BEIJING))
    assert sweep() == 0
    wednesday.move_to(datetime(2026, 11, 19, 0, 0, tzinfo=BEIJING))
    assert sweep() == 1
    assert sweep() == 0
    assert clock_of(licence).state == "BREACHED"
    (record,) = records("clock_breached")
    assert record.subject_key == str(licence.uuid)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"mode": "OFFLINE"}, "离线生成要填业务系统里的办结时间。"),
        (
            {
                "mode": "OFFLINE",
                "concluded_elsewhere_at": datetime(2026, 11, 18, 10, 1, tzinfo=BEIJING),
            },
            "办结时间在将来。",
        ),
    ],
)
def test_offline_when_the_conclusion_is_missing_or_to_come_then_refused(
    applications, wednesday, how, sentence
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        applications.received(**how)
    assert (refusal.value.article, refusal.value.reason) == ("M.9", sentence)
