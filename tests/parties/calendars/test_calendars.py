"""A year's calendar: one official enters it, another confirms it, and clocks follow (M.9, M.23)."""

from datetime import UTC, date, datetime

import pytest

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks, recomputing
from audit.deadlines.tasks import recompute
from tests.cast import Cast
from tests.factories.announced import NOTICE, lines_of, proposed_calendar
from tests.records import outcomes, records
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.calendars.services import (
    confirm_calendar,
    propose_calendar,
    withdraw_calendar,
)
from zezhou_portal.parties.models import WorkingCalendar
from zezhou_portal.regulation import workdays
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import GENERATION_OFFLINE, OBJECTION_ANSWER

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.9"),
]  # fmt: skip
MONDAY = "2027-01-04 休"  # as a notice may have it
EVENT = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
OBJECTION = Subject("objection", "one", "异议 1")
STRANGERS = ("market.clerk", "market.signatory", "bureau.clerk", "bureau.auditor", "power.verifier")


def confirmed(cast: Cast, *more: str) -> WorkingCalendar:
    row = proposed_calendar(cast.actor("bureau.administrator"), *more)
    return confirm_calendar(actor=cast.actor("bureau.supervisor"), calendar=row)


def test_year_when_only_proposed_then_not_announced(cast: Cast) -> None:
    proposed_calendar(cast.actor("bureau.administrator"), MONDAY)
    assert 2027 not in workdays.announced_years()
    assert workdays.add(1, date(2026, 12, 31)) == (date(2027, 1, 4), True)


def test_year_when_confirmed_by_another_then_every_sum_counts_by_it(cast: Cast) -> None:
    row = confirmed(cast, MONDAY, "2027年1月9日 班", "10月4日休")
    assert workdays.announced_years() >= {2026, 2027}
    assert workdays.add(1, date(2026, 12, 31)) == (date(2027, 1, 5), False)
    assert workdays.is_workday(date(2027, 1, 9))  # a Saturday
    assert not workdays.is_workday(date(2027, 10, 4))
    assert (row.proposed_by_name, row.confirmed_by_name) == (
        cast.account("bureau.administrator").name,
        cast.account("bureau.supervisor").name,
    )
    for code in ("calendar_proposed", "calendar_confirmed"):
        (record,) = records(code)
        assert record.facts == {
            "year": "2027", "notice": NOTICE, "days_off": 8, "days_at_work": 1,
        }  # fmt: skip
        assert record.subject_label == f"2027年放假安排（{NOTICE}）"


def test_year_when_read_many_times_then_one_query_a_computation(
    cast: Cast, django_assert_num_queries
) -> None:
    confirmed(cast)
    with django_assert_num_queries(1):
        workdays.add(200, date(2026, 12, 31))
    with django_assert_num_queries(0):
        workdays.between(date(2026, 1, 1), date(2026, 12, 31))
    with django_assert_num_queries(1), reading_once():
        for _ in range(3):
            workdays.between(date(2027, 1, 1), date(2027, 3, 1))


@pytest.mark.article("M.23")
def test_clock_when_its_year_is_confirmed_then_counted_again_and_recorded(cast: Cast) -> None:
    clocks.arm(cast.market, "M.23", OBJECTION_ANSWER, OBJECTION, EVENT)
    assert recompute() == 0
    row = confirmed(cast, MONDAY)
    assert recompute() == 1
    clock = Deadline.objects.get()
    assert (clock.last_day, clock.is_provisional) == (date(2027, 1, 7), False)
    (moved,) = records("clock_moved")
    assert moved.facts["last_day"] == ["2027-01-06", "2027-01-07"]
    assert recompute() == 0
    withdraw_calendar(actor=cast.actor("bureau.administrator"), calendar=row, reason="看错了一行")
    assert recompute() == 1
    clock.refresh_from_db()
    assert (clock.last_day, clock.is_provisional) == (date(2027, 1, 6), True)


@pytest.mark.article("M.23")
def test_clock_when_a_mistaken_year_is_replaced_at_once_then_by_the_right_one(cast: Cast) -> None:
    wrong = confirmed(cast, MONDAY)
    clocks.arm(cast.market, "M.23", OBJECTION_ANSWER, OBJECTION, EVENT)
    withdraw_calendar(actor=cast.actor("bureau.supervisor"), calendar=wrong, reason="看错了一行")
    confirmed(cast, "2027-01-04 休", "2027-01-05 休")
    recompute()
    clock = Deadline.objects.get()
    assert (clock.last_day, clock.is_provisional) == (date(2027, 1, 8), False)


def test_clock_when_concluded_later_then_counted_again_from_the_conclusion(cast: Cast) -> None:
    """The clock of a matter starts with its reception; its limit runs from the conclusion."""
    clocks.arm(cast.market, "M.9", None, OBJECTION, EVENT)
    done = datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
    clocks.conclude(
        cast.market, "M.9", clocks.Conclusion(OBJECTION, OBJECTION, done, GENERATION_OFFLINE)
    )
    confirmed(cast, MONDAY)
    recompute()
    assert Deadline.objects.get().last_day == date(2027, 1, 5)


def test_clock_of_before_when_its_count_is_not_stored_then_found_by_its_article(cast: Cast) -> None:
    clocks.arm(cast.market, "M.23", OBJECTION_ANSWER, OBJECTION, EVENT)
    Deadline.objects.update(limit_days=None, counted_from=None)
    confirmed(cast, MONDAY)
    recomputing.recompute()
    clock = Deadline.objects.get()
    assert (clock.last_day, clock.limit_days, clock.counted_from) == (date(2027, 1, 7), 5, EVENT)


def test_confirmation_when_by_the_proposer_then_refused(cast: Cast) -> None:
    row = proposed_calendar(cast.actor("bureau.administrator"))
    with pytest.raises(RuleBroken, match="要由另一个人确认"):
        confirm_calendar(actor=cast.actor("bureau.administrator"), calendar=row)
    assert WorkingCalendar.objects.get().state == "PROPOSED"
    assert [outcome for outcome, _ in outcomes("calendar_confirmed")] == ["refused"]


@pytest.mark.article("M.26")
@pytest.mark.parametrize("who", STRANGERS)
def test_calendar_when_by_a_stranger_then_not_permitted(cast: Cast, who: str) -> None:
    row = proposed_calendar(cast.actor("bureau.administrator"))
    actor = cast.actor(who)
    with pytest.raises(NotPermitted):
        proposed_calendar(actor)
    with pytest.raises(NotPermitted):
        confirm_calendar(actor=actor, calendar=row)
    with pytest.raises(NotPermitted):
        withdraw_calendar(actor=actor, calendar=row, reason="错")
    assert WorkingCalendar.objects.get().state == "PROPOSED"
    client = cast.client(who)
    for path in ("", "propose/", f"{row.uuid}/", f"{row.uuid}/confirm/", f"{row.uuid}/withdraw/"):
        assert client.get(f"/calendars/{path}").status_code == 403


@pytest.mark.article("M.26")
def test_supervisor_when_entering_a_year_then_not_permitted(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        proposed_calendar(cast.actor("bureau.supervisor"))


def test_year_when_it_waits_or_stands_already_then_not_twice(cast: Cast) -> None:
    administrator = cast.actor("bureau.administrator")
    row = proposed_calendar(administrator)
    with pytest.raises(RuleBroken, match="正等确认"):
        proposed_calendar(administrator)
    confirm_calendar(actor=cast.actor("bureau.supervisor"), calendar=row)
    with pytest.raises(RuleBroken) as refusal:
        proposed_calendar(administrator)
    assert "先撤回" in refusal.value.fields["year"]
    with pytest.raises(RuleBroken, match="不能确认"):
        confirm_calendar(actor=cast.actor("bureau.supervisor"), calendar=row)


def test_withdrawal_when_done_then_on_the_record_with_its_reason(cast: Cast) -> None:
    row = confirmed(cast)
    supervisor = cast.actor("bureau.supervisor")
    with pytest.raises(RuleBroken, match="为什么撤回"):
        withdraw_calendar(actor=supervisor, calendar=row, reason=" ")
    withdraw_calendar(actor=supervisor, calendar=row, reason="看错了一行")
    row.refresh_from_db()
    assert (row.state, row.reason, row.withdrawn_by_name) == (
        "WITHDRAWN", "看错了一行", cast.account("bureau.supervisor").name,
    )  # fmt: skip
    assert row.confirmed_at is not None  # what was is not rewritten
    assert 2027 not in workdays.announced_years()
    assert records("calendar_withdrawn")[0].facts["reason"].startswith("hmac:")
    with pytest.raises(RuleBroken, match="不能撤回"):
        withdraw_calendar(actor=supervisor, calendar=row, reason="再一次")
    assert confirmed(cast).state == "CONFIRMED"  # entered again


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"year": 2026}, "year", "已经有了"),
        ({"year": 2028}, "year", "现在不会公布"),
        ({"year": 2021}, "year", "现在不会公布"),
        ({"notice_number": " "}, "notice_number", "通知文号"),
        ({"notice_number": "号" * 61}, "notice_number", "最多 60"),
        ({"notice_text": "\n"}, "notice_text", "通知原文"),
        ({"notice_text": "文" * 4001}, "notice_text", "4001"),
        ({"lines": " \n"}, "lines", "还没有写"),
        ({"lines": "2027-01-01 休"}, "lines", "没有写5月1日（星期六）休"),
        ({"lines": lines_of(2027, "2027-02-30 休", "2027-02-06")}, "lines", "第 8 行：“2027-02-06”"),
        ({"lines": lines_of(2027, "2027-02-30 休")}, "lines", "第 7 行：日期不存在"),
        ({"lines": lines_of(2027, "2026-12-31 休")}, "lines", "第 7 行：2026-12-31不是2027年"),
        ({"lines": lines_of(2027, "2027-02-01 班")}, "lines", "星期一）本来就上班"),
        ({"lines": lines_of(2027, "2027-01-01 休")}, "lines", "在第 1 行已经写过"),
        ({"lines": "休\n" * 20}, "lines", "还有 12 处"),
    ],
)  # fmt: skip
def test_proposal_when_something_is_wrong_then_said_at_its_field_and_line(
    cast: Cast, changed: dict[str, object], field: str, words: str
) -> None:
    given = {
        "year": 2027, "notice_number": NOTICE, "notice_text": "通知", "lines": lines_of(2027),
    }  # fmt: skip
    with pytest.raises(RuleBroken) as refusal:
        propose_calendar(actor=cast.actor("bureau.administrator"), **{**given, **changed})  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
    assert words in refusal.value.fields[field]
    assert not WorkingCalendar.objects.exists()


def test_pages_when_walked_by_two_then_the_year_is_announced(cast: Cast) -> None:
    administrator, supervisor = (
        cast.client(who) for who in ("bureau.administrator", "bureau.supervisor")
    )
    page = administrator.get("/calendars/").content.decode()
    assert "2027年的放假安排还没有" in page
    assert "国办发明电〔2021〕11号" in page  # a year that came with the portal
    data = {
        "year": "2027", "notice_number": NOTICE, "notice_text": "元旦：1月1日至4日放假。",
        "lines": lines_of(2027, "2027-01-04 休", "2027-13-01 休"),
    }  # fmt: skip
    wrong = administrator.post("/calendars/propose/", data)
    assert wrong.status_code == 422
    assert "第 8 行：" in wrong.content.decode()
    data["lines"] = lines_of(2027, "1月2日休", "1月3日休", "1月4日休", "2027-01-09 班")
    seen = administrator.post("/calendars/propose/", data).content.decode()
    assert "1月1日（星期五）至1月4日（星期一）放假，4 天" in seen
    assert "1月9日（星期六）上班，1 天" in seen
    assert not WorkingCalendar.objects.exists()
    made = administrator.post("/calendars/propose/", {**data, "confirmed": "yes"})
    row = WorkingCalendar.objects.get()
    assert made["Location"] == f"/calendars/{row.uuid}/"
    own = administrator.get(made["Location"]).content.decode()
    assert "这是您自己登记的" in own
    assert "对照通知确认" not in own
    confirm = f"/calendars/{row.uuid}/confirm/"
    assert "要由另一个人确认" in administrator.post(confirm).content.decode()
    assert "等我确认" in supervisor.get("/desk/").content.decode()
    assert "元旦：1月1日至4日放假。" in supervisor.get(confirm).content.decode()
    assert supervisor.post(confirm)["Location"] == f"/calendars/{row.uuid}/"
    assert "2027年的放假安排还没有" not in supervisor.get("/calendars/").content.decode()
    withdraw = f"/calendars/{row.uuid}/withdraw/"
    assert "还没有写为什么撤回" in supervisor.post(withdraw, {"reason": ""}).content.decode()
    assert supervisor.post(withdraw, {"reason": "看错了一行"}).status_code == 302
    assert "看错了一行" in administrator.get(f"/calendars/{row.uuid}/").content.decode()
    assert "已撤回" in administrator.get("/calendars/").content.decode()
