"""M.24: each issuing and using department names its own people; gaps are shown."""

from datetime import date

import pytest

from tests.factories.parties import AccountFactory, DepartmentFactory
from tests.records import records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Role
from zezhou_portal.parties.staff.postings import appoint, cover_absence, end_posting, name_person
from zezhou_portal.parties.staff.selectors import departments_without_named_person
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.article("M.24")


def gaps() -> set[str]:
    """Departments that must name a person and have not."""
    return {row.name for row in departments_without_named_person(clock.today())}


def test_department_when_nobody_is_named_then_a_gap_until_somebody_is(cast) -> None:
    utility = DepartmentFactory(name="样例供水公司", functions=["public_utility"])
    names = {one.name for one in (cast.bureau, cast.market, cast.land, cast.power)}
    assert gaps() == names
    assert utility.name not in gaps()
    posting = name_person(
        actor=cast.actor("bureau.administrator"), posting=cast.postings["market.clerk"]
    )
    assert posting.is_named_person
    assert gaps() == names - {cast.market.name}
    assert records("person_named")[0].facts["is_named_person"] == [False, True]
    end_posting(actor=cast.actor("bureau.administrator"), posting=posting)
    assert gaps() == names


def test_named_person_when_from_another_department_then_refused(cast) -> None:
    with pytest.raises(RuleBroken) as refusal:
        appoint(
            actor=cast.actor("bureau.administrator"),
            account=AccountFactory(department=cast.land),
            department=cast.market,
            role=Role.CAPTURE_CLERK,
            from_on=clock.today(),
            is_named_person=True,
        )
    assert (refusal.value.article, refusal.value.reason) == (
        "M.24",
        "指定专人须是本单位的人。请从本单位的人里指定。",
    )


def test_posting_when_a_department_would_give_it_then_refused(cast) -> None:
    with pytest.raises(NotPermitted):
        appoint(
            actor=cast.actor("market.signatory"),
            account=AccountFactory(department=cast.market),
            department=cast.market,
            role=Role.CAPTURE_CLERK,
            from_on=clock.today(),
        )


def test_absence_when_covered_then_with_an_end_and_no_longer(cast) -> None:
    posting = cast.postings["market.reviewer"]
    given = {
        "actor": cast.actor("bureau.administrator"),
        "posting": posting,
        "by": cast.account("land.reviewer"),
        "from_on": clock.today(),
    }
    with pytest.raises(RuleBroken) as refusal:
        cover_absence(**given, until_on=None)
    assert refusal.value.article == "M.24"
    cover = cover_absence(**given, until_on=date(2099, 1, 1))
    assert (cover.covers, cover.until_on) == (posting, date(2099, 1, 1))
    end_posting(actor=cast.actor("bureau.administrator"), posting=posting)
    cover.refresh_from_db()
    assert cover.ended_at is not None
