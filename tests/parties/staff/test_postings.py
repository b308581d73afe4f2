"""Postings, covers, named persons (M.24)."""

from datetime import date, timedelta

import pytest

from tests.cast import Cast
from tests.factories.parties import AccountFactory, PostingFactory
from tests.records import outcomes, records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Notification, Posting, Role
from zezhou_portal.parties.staff import postings
from zezhou_portal.parties.staff.officials import live_postings
from zezhou_portal.parties.staff.selectors import (
    departments_to_staff,
    departments_without_named_person,
    staff_of,
)
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.article("M.24"),
    pytest.mark.usefixtures("wednesday"),
]
TODAY = date(2026, 11, 18)


def _appoint(cast: Cast, account, role: Role, department=None, **more):
    return postings.appoint(
        actor=cast.actor("bureau.administrator"),
        account=account,
        department=department or account.department,
        role=role,
        from_on=more.pop("from_on", TODAY),
        **more,
    )


def test_appoint_when_right_then_posted_told_and_recorded(cast: Cast) -> None:
    account = AccountFactory(username="newcomer", department=cast.market)
    row = _appoint(cast, account, Role.CAPTURE_CLERK, is_named_person=True)
    assert [one.role for one in live_postings(account, TODAY)] == ["capture_clerk"]
    assert Notification.objects.get(account=account).title == "您任泽州县市场监督管理局采集员"
    done = records("person_posted")[0]
    assert (done.outcome, done.subject_key) == ("done", str(row.uuid))
    assert done.facts == {
        "account": "newcomer",
        "role": "capture_clerk",
        "term": ["2026-11-18", ""],
        "is_named_person": True,
    }


@pytest.mark.parametrize(
    "who", ["market.clerk", "bureau.system", "bureau.supervisor", "land.signatory"]
)
def test_appoint_when_not_the_bureau_administrator_then_refused(cast: Cast, who: str) -> None:
    account = AccountFactory(department=cast.market)
    with pytest.raises(NotPermitted):
        postings.appoint(
            actor=cast.actor(who), account=account, department=cast.market,
            role=Role.REVIEWER, from_on=TODAY,
        )  # fmt: skip
    assert [one.outcome for one in records("person_posted")] == ["refused"]
    assert account.postings.count() == 0


def test_appoint_when_oneself_then_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        _appoint(cast, cast.account("bureau.administrator"), Role.SIGNATORY)
    assert caught.value.reason == "不能给自己安排岗位。请另一位岗位管理员办理。"


@pytest.mark.article("M.25")
@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR),
        (Role.SECURITY_ADMINISTRATOR, Role.AUDITOR),
        (Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR),
        (Role.SYSTEM_ADMINISTRATOR, Role.SIGNATORY),
        (Role.CAPTURE_CLERK, Role.AUDITOR),
    ],
)
def test_appoint_when_administrators_would_meet_in_one_person_then_refused(
    cast: Cast, held: Role, wanted: Role
) -> None:
    account = AccountFactory(department=cast.bureau)
    PostingFactory(account=account, department=cast.bureau, role=held.value)
    with pytest.raises(RuleBroken) as caught:
        _appoint(cast, account, wanted)
    assert caught.value.article == "M.25"
    assert caught.value.reason == (
        "系统管理员、安全管理员、审计员须由不同的人担任，也不兼其他岗位。"
        f"这个人现在是{held.label}，不能再任{wanted.label}。请换一个人。"
    )


def test_appoint_when_several_desks_then_allowed(cast: Cast) -> None:
    account = cast.account("market.clerk")
    _appoint(cast, account, Role.REVIEWER)
    assert {one.role for one in live_postings(account, TODAY)} == {"capture_clerk", "reviewer"}


@pytest.mark.parametrize(
    ("role", "article"),
    [(Role.AUDITOR, "M.5"), (Role.BUREAU_ADMINISTRATOR, "M.5"), (Role.CAPTURE_CLERK, "M.3"),
     (Role.SEAL_CUSTODIAN, "S.14")],
)  # fmt: skip
def test_appoint_when_role_does_not_fit_department_then_refused(cast, role, article) -> None:
    account = AccountFactory()  # a department that only uses licences
    with pytest.raises(RuleBroken) as caught:
        _appoint(cast, account, role)
    assert caught.value.article == article


def test_appoint_when_held_already_or_closed_or_term_turned_round_then_refused(cast) -> None:
    clerk = cast.account("market.clerk")
    with pytest.raises(RuleBroken, match="已经是采集员"):
        _appoint(cast, clerk, Role.CAPTURE_CLERK)
    with pytest.raises(RuleBroken, match="账号已停用"):
        _appoint(cast, AccountFactory(closed=True, department=cast.market), Role.REVIEWER)
    with pytest.raises(RuleBroken) as caught:
        _appoint(cast, clerk, Role.REVIEWER, until_on=TODAY - timedelta(days=1))
    assert caught.value.fields == {
        "until_on": "截止（2026-11-17）早于起始（2026-11-18），请改一处。"
    }


def test_appoint_when_earlier_term_has_run_out_then_appointed_again(cast: Cast) -> None:
    account = AccountFactory(department=cast.market)
    old = PostingFactory(
        account=account, department=cast.market, until_on=TODAY - timedelta(days=1)
    )
    _appoint(cast, account, Role.CAPTURE_CLERK)
    old.refresh_from_db()
    assert old.ended_at == clock.now()


def test_live_postings_when_term_ends_today_then_gone_tomorrow(cast: Cast) -> None:
    account = AccountFactory(department=cast.market)
    PostingFactory(account=account, department=cast.market, from_on=TODAY, until_on=TODAY)
    assert len(live_postings(account, TODAY)) == 1
    assert live_postings(account, TODAY + timedelta(days=1)) == []
    assert live_postings(account, TODAY - timedelta(days=1)) == []


def test_end_posting_when_ended_then_rights_and_covers_stop(cast: Cast) -> None:
    posting = cast.postings["market.reviewer"]
    stand_in = cast.account("land.reviewer")
    cover = postings.cover_absence(
        actor=cast.actor("bureau.administrator"), posting=posting, by=stand_in,
        from_on=TODAY, until_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    postings.end_posting(actor=cast.actor("bureau.administrator"), posting=posting)
    assert live_postings(cast.account("market.reviewer"), TODAY) == []
    assert [one.department_id for one in live_postings(stand_in, TODAY)] == [cast.land.pk]
    cover.refresh_from_db()
    assert cover.ended_at == clock.now()
    assert outcomes("posting_ended") == [("done", "泽州县市场监督管理局 审核员")]
    with pytest.raises(RuleBroken, match="已经结束"):
        postings.end_posting(actor=cast.actor("bureau.administrator"), posting=posting)
    with pytest.raises(NotPermitted):
        postings.end_posting(actor=cast.actor("market.signatory"), posting=posting)


def test_cover_absence_when_term_is_over_then_nothing_is_left(cast: Cast, wednesday) -> None:
    stand_in = cast.account("land.reviewer")
    postings.cover_absence(
        actor=cast.actor("bureau.administrator"), posting=cast.postings["market.reviewer"],
        by=stand_in, from_on=TODAY, until_on=TODAY + timedelta(days=2),
    )  # fmt: skip
    assert {one.department_id for one in live_postings(stand_in, TODAY)} == {
        cast.market.pk,
        cast.land.pk,
    }
    assert {one.department_id for one in live_postings(stand_in, TODAY + timedelta(days=3))} == {
        cast.land.pk
    }


@pytest.mark.parametrize(
    ("by", "until", "words"),
    [
        ("market.reviewer", 5, "不能自己顶自己的岗"),
        ("land.reviewer", None, "顶岗要有截止日期"),
        ("land.reviewer", -1, "截止日期早于起始日期"),
        ("bureau.auditor", 5, "须由不同的人担任"),
        ("bureau.administrator", 5, "不能给自己安排岗位"),
    ],
)
def test_cover_absence_when_not_allowed_then_refused(cast: Cast, by, until, words) -> None:
    until_on = None if until is None else TODAY + timedelta(days=until)
    with pytest.raises(RuleBroken, match=words):
        postings.cover_absence(
            actor=cast.actor("bureau.administrator"), posting=cast.postings["market.reviewer"],
            by=cast.account(by), from_on=TODAY, until_on=until_on,
        )  # fmt: skip
    is_of_the_form = "日期" in words  # a form that is not filled in is no act
    told = [one.outcome for one in records("absence_covered")]
    assert told == ([] if is_of_the_form else ["refused"])
    assert not Posting.objects.filter(covers__isnull=False).exists()


def test_cover_absence_when_a_cover_would_be_covered_then_refused(cast: Cast) -> None:
    actor = cast.actor("bureau.administrator")
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(days=5)}
    cover = postings.cover_absence(
        actor=actor,
        posting=cast.postings["market.reviewer"],
        by=cast.account("land.reviewer"),
        **days,
    )
    with pytest.raises(RuleBroken, match="已经是顶岗"):
        postings.cover_absence(
            actor=actor, posting=cover, by=cast.account("land.signatory"), **days
        )
    with pytest.raises(RuleBroken, match="已经在顶这个岗"):
        postings.cover_absence(
            actor=actor, posting=cast.postings["market.reviewer"],
            by=cast.account("land.reviewer"), **days,
        )  # fmt: skip


def test_name_person_when_named_then_the_gap_closes(cast: Cast) -> None:
    actor = cast.actor("bureau.administrator")
    everybody = {cast.bureau, cast.market, cast.land, cast.power}
    assert set(departments_without_named_person(TODAY)) == everybody
    postings.name_person(actor=actor, posting=cast.postings["market.clerk"])
    assert set(departments_without_named_person(TODAY)) == everybody - {cast.market}
    staff = staff_of(departments_to_staff(TODAY).order_by("rank", "name"), TODAY)
    assert staff[-1].department == cast.market
    assert staff[-1].has_named_person
    postings.end_posting(actor=actor, posting=cast.postings["market.clerk"])
    assert cast.market in departments_without_named_person(TODAY)
    assert outcomes("person_named") == [("done", "泽州县市场监督管理局 采集员")]


def test_name_person_when_of_another_department_then_refused(cast: Cast) -> None:
    guest = PostingFactory(
        account=cast.account("land.clerk"), department=cast.market, role="reviewer"
    )
    with pytest.raises(RuleBroken) as caught:
        postings.name_person(actor=cast.actor("bureau.administrator"), posting=guest)
    assert caught.value.reason == "指定专人须是本单位的人。请从本单位的人里指定。"
    with pytest.raises(RuleBroken, match="本来就不是指定专人"):
        postings.name_person(actor=cast.actor("bureau.administrator"), posting=guest, named=False)
