"""Clocks are armed once, met or dropped by their act, and breached exactly once (M.9, M.29)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from audit.deadlines import selectors
from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks
from audit.deadlines.tasks import sweep
from audit.trail.models import Record
from audit.trail.recording import acting
from tests.audit.deadlines.rival import held_by_another
from tests.conftest import WEDNESDAY
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import GENERATION_OFFLINE, GENERATION_ONLINE

pytestmark = pytest.mark.django_db
LICENCE = Subject("licence", "a-licence", "食品经营许可证 JY11405250000001")
OTHER = Subject("licence", "another", "食品经营许可证 JY11405250000002")


@pytest.mark.article("M.9")
def test_online_clock_ends_with_the_day_of_conclusion(department):
    armed = clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    assert armed.due_at == datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # midnight in Beijing
    assert (armed.last_day, armed.is_provisional, armed.state) == (
        date(2026, 11, 18),
        False,
        "RUNNING",
    )


@pytest.mark.article("M.9")
def test_offline_clock_counts_a_make_up_working_saturday(department):
    # 2026-02-13 is a Friday; the Saturday after it is a working day, then the Spring Festival.
    event = datetime(2026, 2, 13, 15, 0, tzinfo=UTC)  # 23:00 in Beijing
    armed = clocks.arm(department, "M.9", GENERATION_OFFLINE, LICENCE, event)
    assert armed.last_day == date(2026, 2, 14)
    assert armed.due_at == datetime(2026, 2, 14, 16, 0, tzinfo=UTC)


def test_arming_twice_keeps_the_first_clock(department):
    first = clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    later = WEDNESDAY + timedelta(days=3)
    again = clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, later)
    assert again.pk == first.pk
    assert again.due_at == first.due_at
    assert Deadline.objects.count() == 1


def test_arming_many_keeps_order_and_runs_one_insert(department, django_assert_num_queries):
    subjects = [Subject("licence", f"licence-{number}", f"证照 {number}") for number in range(200)]
    clocks.arm(department, "M.9", GENERATION_ONLINE, subjects[7], WEDNESDAY)
    with django_assert_num_queries(3):
        armed = clocks.arm_many(department, "M.9", GENERATION_ONLINE, subjects, WEDNESDAY)
    assert [clock.subject_key for clock in armed] == [subject.key for subject in subjects]
    assert Deadline.objects.count() == 200


def test_meeting_in_time_closes_the_clock(department, wednesday):
    clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    at = WEDNESDAY + timedelta(hours=1)
    met = clocks.meet("M.9", LICENCE, at)
    assert (met.state, met.closed_at, met.breached_at) == ("MET", at, None)
    assert clocks.facts(met) == {
        "clock_article": "M.9",
        "last_day": "2026-11-18",
        "is_provisional": False,
        "clock_state": "MET",
        "was_late": False,
    }
    assert clocks.meet("M.9", LICENCE, at) is None


def test_meeting_late_before_the_sweep_keeps_the_breach(department):
    clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    at = WEDNESDAY + timedelta(days=1)
    with acting(machine("test"), Action.MESSAGE_ACCEPTED, LICENCE) as act:
        met = clocks.meet_many("M.9", [LICENCE, OTHER], at)
        clocks.tell_met(act, met, at)
    assert [(clock.state, clock.breached_at) for clock in met] == [("MET_LATE", at)]
    written = Record.objects.order_by("seq").values_list("action", flat=True)
    assert list(written) == ["message_accepted", "clock_breached", "clock_met_late"]


@pytest.mark.parametrize(
    ("early", "is_late"), [(timedelta(microseconds=1), False), (timedelta(0), True)]
)
def test_meeting_at_the_due_moment_itself_is_late(department, early, is_late):
    armed = clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    at = armed.due_at - early
    met = clocks.meet("M.9", LICENCE, at)
    assert (met.state, met.breached_at) == (("MET_LATE", at) if is_late else ("MET", None))


def test_dropping_ends_a_clock_without_a_breach(department, wednesday):
    clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    dropped = clocks.drop("M.9", LICENCE, WEDNESDAY)
    assert dropped.state == "DROPPED"
    wednesday.shift(timedelta(days=9))
    assert clocks.sweep() == 0


@pytest.mark.article("M.29")
def test_the_sweep_breaches_at_midnight_and_not_a_second_before(department, wednesday):
    clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    wednesday.move_to(datetime(2026, 11, 18, 15, 59, 59, tzinfo=UTC))
    assert sweep() == 0
    wednesday.move_to(datetime(2026, 11, 18, 16, 0, 0, tzinfo=UTC))
    assert sweep() == 1
    armed = Deadline.objects.get()
    assert (armed.state, armed.breached_at) == (
        "BREACHED",
        datetime(2026, 11, 18, 16, 0, tzinfo=UTC),
    )


def test_the_sweep_leaves_one_record_a_clock_and_none_when_it_finds_nothing(department, wednesday):
    clocks.arm_many(department, "M.9", GENERATION_ONLINE, [LICENCE, OTHER], WEDNESDAY)
    wednesday.shift(timedelta(days=1))
    assert clocks.sweep() == 2
    assert clocks.sweep() == 0
    written = Record.objects.order_by("seq").values_list("action", "subject_key", "actor_key")
    assert list(written) == [
        ("clock_breached", "a-licence", "deadlines.sweep"),
        ("clock_breached", "another", "deadlines.sweep"),
    ]


def test_a_breached_clock_can_still_be_met_and_says_so(department, wednesday):
    clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    wednesday.shift(timedelta(days=1))
    clocks.sweep()
    met = clocks.meet("M.9", LICENCE, WEDNESDAY + timedelta(days=2))
    assert (met.state, met.days_late) == ("MET_LATE", 2)
    assert met.words == "办结（超期 2 个工作日）"
    assert clocks.facts(met)["days_late"] == 2
    assert met.breached_at == WEDNESDAY + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_skips_what_another_sweep_holds(department, wednesday):
    clocks.arm_many(department, "M.9", GENERATION_ONLINE, [LICENCE, OTHER], WEDNESDAY)
    wednesday.shift(timedelta(days=1))
    first = Deadline.objects.get(subject_key="a-licence")
    with held_by_another(connection, "audit_deadlines_deadline", first.pk):
        assert clocks.sweep() == 1
    assert clocks.sweep() == 1
    assert clocks.sweep() == 0
    assert Record.objects.filter(action="clock_breached").count() == 2


def test_a_breach_that_cannot_be_recorded_is_not_kept(department, wednesday, monkeypatch):
    clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    wednesday.shift(timedelta(days=1))

    def fail(deadline: Deadline) -> dict[str, str]:
        raise OSError("no room")

    monkeypatch.setattr(clocks, "facts", fail)
    assert clocks.sweep() == 0
    assert Deadline.objects.get().state == "RUNNING"
    assert not Record.objects.filter(action="clock_breached", outcome="done").exists()


def test_a_clock_that_began_before_its_last_day_was_known(department, wednesday):
    begun = WEDNESDAY - timedelta(days=5)
    application = Subject("application", "an-application", "ZZ-20261113-00001")
    row = clocks.arm(department, "M.9", None, application, begun)
    assert (row.due_at, row.words, row.is_overdue) == (None, "办结当日到期", False)
    wednesday.shift(timedelta(days=9))
    assert clocks.sweep() == 0
    assert selectors.figures(Deadline.objects.all()) == {"overdue": 0, "today": 0, "running": 1}
    by = clocks.Conclusion(application, LICENCE, clock.now(), GENERATION_ONLINE)
    concluded = clocks.conclude(department, "M.9", by)
    assert (concluded.pk, concluded.armed_at, concluded.last_day) == (row.pk, begun, clock.today())
    assert Deadline.objects.get().subject_key == LICENCE.key


def test_a_clock_with_a_last_day_keeps_it_when_it_is_concluded(department, wednesday):
    application = Subject("application", "an-application", "ZZ-20261113-00001")
    begun = WEDNESDAY - timedelta(days=5)
    row = clocks.arm(department, "M.9", GENERATION_OFFLINE, application, begun)
    assert clocks.sweep() == 1
    by = clocks.Conclusion(application, LICENCE, begun, GENERATION_OFFLINE)
    concluded = clocks.conclude(department, "M.9", by)
    assert (concluded.pk, concluded.state) == (row.pk, "BREACHED")
    assert (concluded.due_at, concluded.last_day) == (row.due_at, row.last_day)


def test_what_is_overdue_is_so_before_the_sweep_came(department, wednesday):
    row = clocks.arm(department, "M.9", GENERATION_ONLINE, LICENCE, WEDNESDAY)
    assert (row.words, list(Deadline.objects.filter(selectors.due_today()))) == ("今天到期", [row])
    wednesday.move_to(row.due_at)
    assert row.state == "RUNNING"
    assert (row.words, row.is_overdue) == ("超期 1 个工作日", True)
    assert list(Deadline.objects.filter(selectors.overdue())) == [row]
    assert not Deadline.objects.filter(selectors.running() | selectors.due_today()).exists()


@pytest.mark.parametrize("minutes", [-1, 0, 1, 60 * 24 - 1, 60 * 24, 60 * 24 + 1, 60 * 24 * 3])
def test_the_database_and_the_words_agree_at_every_edge(department, wednesday, minutes):
    row = clocks.arm(department, "M.9", GENERATION_OFFLINE, LICENCE, WEDNESDAY)
    wednesday.move_to(WEDNESDAY.replace(hour=16, minute=0) + timedelta(minutes=minutes))
    stands = {
        name
        for name in ("overdue", "due_today", "running")
        if Deadline.objects.filter(getattr(selectors, name)()).exists()
    }
    words = row.words
    assert ("overdue" in stands) == words.startswith(("超期", "已超期")) == row.is_overdue
    assert ("due_today" in stands) == (words == "今天到期")
    assert ("running" in stands) != ("overdue" in stands)


def test_standings_count_by_department_without_contents(department, neighbour, wednesday):
    clocks.arm(department, "M.9", GENERATION_OFFLINE, LICENCE, WEDNESDAY)
    clocks.arm(neighbour, "M.9", GENERATION_ONLINE, OTHER, WEDNESDAY)
    wednesday.shift(timedelta(hours=15))
    clocks.sweep()
    clocks.meet("M.9", LICENCE, WEDNESDAY)
    clocks.arm(department, "M.9", GENERATION_ONLINE, Subject("licence", "x", "x"), WEDNESDAY)
    clocks.meet("M.9", Subject("licence", "x", "x"), clock.now())
    found = [
        (one.department_name, one.overdue, one.today, one.running, one.met, one.met_late)
        for one in selectors.standings()
    ]
    assert found == [("泽州县民政局", 1, 0, 0, 0, 0), ("泽州县市场监督管理局", 0, 0, 0, 1, 1)]
