"""M.9: online with the conclusion, offline within one working day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks
from audit.deadlines.services.clocks import sweep
from audit.trail.recording import acting
from licences.applications import receiving, reviewing
from tests.records import records
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.9")
BEIJING = ZoneInfo("Asia/Shanghai")


def clock_of(licence) -> Deadline:
    """The clock of M.9 on a licence."""
    return Deadline.objects.get(article="M.9", subject_key=str(licence.uuid))


def clock_of_application(application) -> Deadline:
    """The clock of M.9 on an application that is not signed off."""
    return Deadline.objects.get(subject_kind="application", subject_key=str(application.uuid))


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


def test_online_when_received_then_one_clock_from_reception_to_acceptance(
    applications, wednesday
) -> None:
    received = applications.received()
    begun = clock_of_application(received)
    assert (begun.armed_at, begun.due_at) == (received.received_at, None)
    wednesday.shift(timedelta(days=2))
    licence = applications.issued(received)
    row = clock_of(licence)
    assert (row.pk, row.armed_at, row.last_day) == (
        begun.pk,
        received.received_at,
        date(2026, 11, 20),
    )
    assert Deadline.objects.count() == 1


def test_offline_when_received_late_then_overdue_at_once_everywhere(
    cast, applications, wednesday
) -> None:
    concluded = datetime(2026, 11, 13, 16, 0, tzinfo=BEIJING)
    row = applications.received(mode="OFFLINE", concluded_elsewhere_at=concluded)
    assert (clock_of_application(row).armed_at, clock_of_application(row).last_day) == (
        concluded.astimezone(UTC),
        date(2026, 11, 16),
    )
    words = "超期 2 个工作日"
    clerk = cast.client("market.clerk")
    for address in ("/desk/?limit=over&step=open", "/clocks/?state=BREACHED"):
        assert words in clerk.get(address).content.decode(), address
    assert words in clerk.get(f"/applications/{row.uuid}/").content.decode()
    table = cast.client("bureau.supervisor").get("/clocks/departments/").content.decode()
    assert 'data-label="已超期"><span class="zz-num">1<' in table
    assert sweep() == 1
    licence = applications.issued(row)
    assert (clock_of(licence).state, clock_of(licence).words) == ("BREACHED", words)


def test_late_when_the_city_accepts_then_said_with_its_days_and_never_in_time(
    cast, applications, wednesday
) -> None:
    licence = offline(applications, datetime(2026, 11, 13, 16, 0, tzinfo=BEIJING))
    with acting(machine("test"), Action.MESSAGE_ACCEPTED, licence.subject) as act:
        now = clock.now()
        clocks.tell_met(act, clocks.meet_many("M.9", [licence.subject], now), now)
    assert not records("clock_met")
    (record,) = records("clock_met_late")
    assert (record.article, record.facts["days_late"]) == ("M.29", 2)
    page = cast.client("market.clerk").get(f"/licences/{licence.identifier}/").content.decode()
    assert page.count("办结（超期 2 个工作日）") == 2  # beside the city, and on the timeline
    assert "按时办结" not in page


@pytest.mark.parametrize("way", ["withdrawn", "refused", "erased"])
def test_application_when_it_becomes_no_licence_then_its_clock_ends(
    applications, wednesday, way
) -> None:
    row = applications.submitted() if way == "refused" else applications.received()
    if way == "withdrawn":
        receiving.withdraw(actor=applications.actor("clerk"), application=row, reason="不办了")
    elif way == "erased":
        receiving.declare_secret(actor=applications.actor("clerk"), application=row)
    else:
        reviewing.refuse(
            actor=applications.actor("reviewer"), application=row, revision=row.revision,
            reasons="不符合条件",
        )  # fmt: skip
    assert clock_of_application(row).state == "DROPPED"


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
