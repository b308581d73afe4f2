"""The regulated numbers of a successor: entered beside it, counted from its first day (M.32)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.deadlines.models import Deadline
from audit.deadlines.services.recomputing import recompute
from audit.trail.vocabulary.reading import facts_in_words
from licences.register import producing
from licences.register.extending import extend
from tests.cast import Cast
from tests.factories.announced import confirmed_successor, proposed_successor
from tests.factories.licences import Applications
from tests.factories.seals import seal_of
from tests.records import records
from zezhou_portal.parties.instruments.selectors import present_numbers
from zezhou_portal.parties.instruments.services import confirm_successor, withdraw_successor
from zezhou_portal.parties.models import SuccessorInstrument, SuccessorNumber
from zezhou_portal.regulation import limits
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import EndOfDay, WorkingDays
from zezhou_portal.regulation.numbers import NUMBERS, limits_on, numbers_on

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.32"),
]  # fmt: skip
BEIJING = ZoneInfo("Asia/Shanghai")
EVE, FIRST = date(2026, 11, 16), date(2026, 11, 17)  # Monday and Tuesday; today is Wednesday
FORM = {
    "replaces": "M", "title": "泽州县电子证照管理和应用办法", "number": "泽政办发〔2026〕1号",
    "in_force_from": "2026-12-01", "ends_on": "", "text": "第九条　……两个工作日内……",
}  # fmt: skip


@pytest.fixture
def applications(cast: Cast) -> Applications:
    return Applications(cast)


def changing(cast: Cast, numbers: Mapping[str, int], **changed: object) -> SuccessorInstrument:
    """A confirmed successor of the Measures that changes numbers from a Tuesday on."""
    return confirmed_successor(cast, **{"in_force_from": FIRST, "numbers": numbers, **changed})


def concluded_on(applications: Applications, day: date) -> Deadline:
    """The clock of an application that was concluded on a day elsewhere and is received now."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=BEIJING)
    row = applications.received(mode="OFFLINE", concluded_elsewhere_at=at)
    return Deadline.objects.get(subject_key=str(row.uuid))


def test_numbers_when_nothing_is_loaded_then_those_of_the_text() -> None:
    today = limits_on(FIRST)
    assert today.generation_online == limits.GENERATION_ONLINE
    assert today.generation_offline == limits.GENERATION_OFFLINE
    assert today.recovery_after_disruption == limits.RECOVERY_AFTER_DISRUPTION
    assert (today.objection_mark, today.objection_answer) == (
        limits.OBJECTION_MARK, limits.OBJECTION_ANSWER,
    )  # fmt: skip
    assert today.trail_retention_years == limits.TRAIL_RETENTION_YEARS
    assert today.seal_renewal_window == limits.SEAL_RENEWAL_WINDOW


def test_numbers_when_confirmed_then_from_its_first_day_until_withdrawn(cast: Cast) -> None:
    row = proposed_successor(
        cast.actor("bureau.administrator"),
        in_force_from=FIRST,
        numbers={"generation_online": 1, "objection_answer": 10},
    )
    assert limits_on(FIRST) == limits_on(EVE)  # nobody has confirmed it
    confirm_successor(actor=cast.actor("bureau.supervisor"), instrument=row)
    assert limits_on(EVE).generation_online == EndOfDay("M.9")
    assert limits_on(EVE).objection_answer == WorkingDays(5, "M.23")
    assert limits_on(FIRST).generation_online == WorkingDays(1, "M.9")
    assert limits_on(FIRST).objection_answer == WorkingDays(10, "M.23")
    assert limits_on(FIRST).objection_mark == limits.OBJECTION_MARK  # not filled in: unchanged
    withdraw_successor(actor=cast.actor("bureau.supervisor"), instrument=row, reason="数错了")
    assert limits_on(FIRST) == limits_on(EVE)
    assert SuccessorNumber.objects.count() == 2  # they stay on the record with it


def test_numbers_when_the_next_successor_leaves_them_then_they_go_on(cast: Cast) -> None:
    changing(cast, {"objection_answer": 10, "objection_mark": 2}, ends_on=FIRST)
    later = FIRST + timedelta(days=30)
    assert numbers_on(later)["objection_answer"] == 10  # as the Measures' do past their end
    changing(cast, {"objection_mark": 3}, number="二号", in_force_from=later)
    assert (numbers_on(later)["objection_mark"], numbers_on(later)["objection_answer"]) == (3, 10)
    assert numbers_on(later - timedelta(days=1))["objection_mark"] == 2
    by = {one.number.code: one.successor for one in present_numbers(later)}
    assert (by["objection_mark"].number, by["objection_answer"].number) == (
        "二号", "泽政办发〔2026〕1号",
    )  # fmt: skip
    assert by["seal_renewal_window"] is None


def test_notice_when_it_replaces_two_texts_then_each_has_its_numbers(cast: Cast) -> None:
    changing(cast, {"trail_retention_years": 5})
    changing(cast, {"seal_renewal_window": 60}, replaces="S")
    assert limits_on(FIRST).trail_retention_years == 5
    assert limits_on(FIRST).seal_renewal_window == timedelta(days=60)


@pytest.mark.article("M.9")
def test_offline_clock_when_it_counts_from_the_last_day_before_then_the_measures_number(
    cast: Cast, applications: Applications
) -> None:
    changing(cast, {"generation_offline": 3})
    eve, first = concluded_on(applications, EVE), concluded_on(applications, FIRST)
    assert (eve.limit_days, eve.last_day) == (1, date(2026, 11, 17))
    assert (first.limit_days, first.last_day) == (3, date(2026, 11, 20))


@pytest.mark.article("M.9")
def test_clock_when_it_began_before_the_confirmation_then_keeps_its_number(
    cast: Cast, applications: Applications
) -> None:
    before = concluded_on(applications, FIRST)
    row = changing(cast, {"generation_offline": 3})
    after = concluded_on(applications, FIRST)
    assert recompute() == []
    before.refresh_from_db()
    assert (before.last_day, after.last_day) == (date(2026, 11, 18), date(2026, 11, 20))
    withdraw_successor(actor=cast.actor("bureau.supervisor"), instrument=row, reason="数错了")
    assert recompute() == []
    after.refresh_from_db()
    assert after.last_day == date(2026, 11, 20)


@pytest.mark.article("M.9")
def test_online_clock_when_a_number_is_set_then_by_the_day_of_sign_off(
    cast: Cast, applications: Applications
) -> None:
    changing(cast, {"generation_online": 2})
    licence = applications.issued()
    row = Deadline.objects.get(subject_key=str(licence.uuid))
    assert (row.limit_days, row.last_day) == (2, date(2026, 11, 20))
    row.delete()
    producing.produce_waiting()
    licence.refresh_from_db()
    later = date(licence.valid_until.year + 1, 1, 1)
    extend(actor=cast.actor("market.signatory"), licence=licence, valid_until=later, document="一")
    assert Deadline.objects.get(subject_key=str(licence.uuid)).last_day == date(2026, 11, 20)


@pytest.mark.article("S.8")
def test_seal_when_a_successor_sets_another_window_then_asked_by_day(cast: Cast) -> None:
    seal_of(cast.market)
    changing(cast, {"seal_renewal_window": 15}, replaces="S", in_force_from=date(2034, 12, 12))
    for day, is_soon in (("2034-12-11", True), ("2034-12-12", False), ("2034-12-20", True)):
        with time_machine.travel(f"{day}T02:00:00Z", tick=False):
            client = cast.client("market.custodian")
            assert ("该续期了" in client.get("/seals/").content.decode()) is is_soon, day
            desk = client.get("/desk/?step=seals-ending").content.decode()
            assert ("申请续期" in desk) is is_soon, day


def test_numbers_when_asked_many_times_then_read_once_a_unit_of_work(
    cast: Cast, django_assert_num_queries
) -> None:
    changing(cast, {"generation_offline": 3})
    with django_assert_num_queries(1), reading_once():
        for _ in range(3):
            assert limits_on(FIRST).generation_offline.days == 3


@pytest.mark.parametrize(
    ("replaces", "numbers", "faults"),
    [
        ("M", {"generation_offline": 0}, {"generation_offline": "写 1 到 250 的整数。"}),
        ("M", {"objection_answer": 251}, {"objection_answer": "写 1 到 250 的整数。"}),
        ("M", {"trail_retention_years": -3}, {"trail_retention_years": "写 1 到 100 的整数。"}),
        (
            "M",
            {"objection_mark": 6},
            {"objection_mark": "标注（6 个工作日）不能晚于答复（5 个工作日）。"},
        ),
        (
            "M",
            {"seal_renewal_window": 20},
            {"seal_renewal_window": "这是印章办法第八条规定的，接替办法的文件改不了。不填。"},
        ),
        (
            "P",
            {"generation_offline": 2},
            {"generation_offline": "这是办法第九条规定的，接替方案的文件改不了。不填。"},
        ),
    ],
)
def test_number_when_it_cannot_be_then_said_at_its_field(
    cast: Cast, replaces: str, numbers: dict[str, int], faults: dict[str, str]
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        proposed_successor(cast.actor("bureau.administrator"), replaces=replaces, numbers=numbers)
    assert refusal.value.fields == faults
    assert not SuccessorInstrument.objects.exists()


@pytest.mark.article("M.26")
@pytest.mark.parametrize("who", ["market.signatory", "bureau.auditor", "bureau.supervisor"])
def test_numbers_when_entered_by_a_stranger_then_nothing_is_kept(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        proposed_successor(cast.actor(who), numbers={"generation_offline": 3})
    cast.client(who).post("/instruments/", {**FORM, "generation_offline": "3"})
    assert not SuccessorNumber.objects.exists()


def test_page_when_numbers_are_entered_then_old_and_new_stand_side_by_side(cast: Cast) -> None:
    administrator, supervisor = (
        cast.client(f"bureau.{one}") for one in ("administrator", "supervisor")
    )
    page = administrator.get("/instruments/").content.decode()
    assert page.count("，现在是") == len(NUMBERS)
    assert "办法第九条，现在是当天" in page
    wrong = administrator.post("/instruments/", {**FORM, "generation_offline": "两天"})
    assert wrong.status_code == 422
    assert "写 1 到 250 的整数。" in wrong.content.decode()
    given = {**FORM, "generation_offline": "２", "objection_answer": "5"}
    assert administrator.post("/instruments/", given).status_code == 302
    row = SuccessorInstrument.objects.get()
    assert dict(row.numbers.values_list("code", "value")) == {
        "generation_offline": 2, "objection_answer": 5,
    }  # fmt: skip
    asked = supervisor.get(f"/instruments/{row.uuid}/confirm/").content.decode()
    assert "按上面改的 1 个数算" in asked
    assert asked.count("zz-differs") == 1
    assert '<td data-label="原来"><span class="zz-num">1 个工作日</span></td>' in asked
    assert "<mark>2 个工作日</mark>" in asked
    assert supervisor.post(f"/instruments/{row.uuid}/confirm/").status_code == 302
    (record,) = records("instrument_confirmed")
    assert record.facts["numbers"] == {"generation_offline": 2, "objection_answer": 5}
    words = dict(facts_in_words("instrument", record.facts))["改的天数、年限"]
    assert words == "异议：收到后多久答复（个工作日） 5、离线生成：办结后多久推送目录（个工作日） 2"


@pytest.mark.parametrize(("day", "told"), [("2026-11-30", False), ("2026-12-01", True)])
def test_pages_when_a_number_is_changed_then_tell_it_from_its_first_day(
    cast: Cast,
    client,
    day: str,
    told: bool,
) -> None:
    row = changing(cast, {"generation_offline": 2}, in_force_from=date(2026, 12, 1))
    with time_machine.travel(f"{day}T02:00:00Z", tick=False):
        public = client.get("/regulation/").content.decode()
        bureau = cast.client("bureau.supervisor").get("/instruments/").content.decode()
    assert "今天开始的，按这些天数、年限算" in public
    for page in (public, bureau):
        assert (
            f"{row.title}（{row.number}）<small>2026年12月1日起，原来是1 个工作日" in page
        ) is told
