"""The term of a licence: by the kind's rule from the day of sign-off, else with a reason (M.7)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from licences.applications import capturing, issuing, receiving, reviewing
from licences.applications.completeness import faults_of
from licences.models import Application
from licences.terms import NO_REASON
from tests.cast import Cast
from tests.factories.licences import WATER_VALUES, Applications
from tests.factories.seals import seal_of
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.errors import RuleBroken, by_field

LAST = date(2031, 11, 17)  # five years from the Wednesday of the tests


@pytest.fixture
def applications(cast: Cast, wednesday: time_machine.Traveller) -> Applications:
    seal_of(cast.market)
    return Applications(cast)


def capture(applications: Applications, row: Application, **changes: Any) -> Application:
    return capturing.capture(
        actor=applications.actor("clerk"), application=row, revision=row.revision,
        typed=WATER_VALUES,
        **{
            "licence_number": "", "valid_from": None, "valid_until": None, "is_long_term": False,
            **changes,
        },
    )  # fmt: skip


def sign_off(applications: Applications, row: Application) -> Any:
    return issuing.issue(
        actor=applications.actor("signatory"), application=row, revision=row.revision
    )


@pytest.mark.article("M.7")
def test_term_when_nothing_is_typed_then_counted_from_the_day_of_sign_off(
    applications: Applications, wednesday: time_machine.Traveller
) -> None:
    row = applications.approved()
    wednesday.shift(timedelta(days=2))
    licence = sign_off(applications, row)
    assert (licence.issued_on, licence.valid_from, licence.valid_until) == (
        date(2026, 11, 20), date(2026, 11, 20), date(2031, 11, 19),
    )  # fmt: skip


def test_term_when_typed_as_the_rule_gives_it_then_not_kept_as_a_departure(
    applications: Applications,
) -> None:
    row = capture(applications, applications.received(), valid_from=clock.today(), valid_until=LAST)
    assert (row.valid_from, row.valid_until) == (None, None)
    assert by_field(faults_of(row)) == {}


@pytest.mark.article("M.7")
def test_term_when_shorter_then_a_reason_is_asked_and_the_licence_bears_it(
    applications: Applications,
) -> None:
    until = date(2028, 6, 30)
    row = capture(applications, applications.received(), valid_until=until)
    assert by_field(faults_of(row)) == {"term_reason": NO_REASON}
    row = capture(applications, row, valid_until=until, term_reason="取水权到2028年6月")
    assert by_field(faults_of(row)) == {}
    row = receiving.submit(
        actor=applications.actor("clerk"), application=row, revision=row.revision
    )
    licence = sign_off(applications, _approve(applications, row))
    assert (licence.valid_from, licence.valid_until) == (clock.today(), until)


def _approve(applications: Applications, row: Application) -> Application:
    return reviewing.approve(
        actor=applications.actor("reviewer"), application=row, revision=row.revision
    )


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"valid_until": date(2036, 11, 17)}, "valid_until"),
        ({"valid_until": date(2026, 11, 17), "valid_from": date(2021, 11, 18)}, "valid_until"),
        ({"is_long_term": True}, "valid_until"),
        ({"valid_from": date(2026, 11, 19)}, "valid_from"),
    ],
)
@pytest.mark.article("M.7")
def test_term_when_it_does_not_fit_the_kind_then_refused_whatever_the_reason(
    applications: Applications, changes: dict[str, Any], name: str
) -> None:
    row = capture(applications, applications.received(), term_reason="申请人要求", **changes)
    assert list(by_field(faults_of(row))) == [name]
    with pytest.raises(RuleBroken) as refusal:
        receiving.submit(actor=applications.actor("clerk"), application=row, revision=row.revision)
    assert name in refusal.value.fields


@pytest.mark.article("M.7")
def test_term_when_over_by_the_day_of_sign_off_then_not_signed_off(
    applications: Applications, wednesday: time_machine.Traveller
) -> None:
    row = capture(
        applications, applications.received(), valid_until=date(2026, 11, 19),
        term_reason="临时取水两天",
    )  # fmt: skip
    row = receiving.submit(
        actor=applications.actor("clerk"), application=row, revision=row.revision
    )
    row = _approve(applications, row)
    wednesday.shift(timedelta(days=3))
    with pytest.raises(RuleBroken, match="不能签发"):
        sign_off(applications, row)


@pytest.mark.article("M.9")
def test_offline_when_the_paper_came_first_then_its_number_and_day_are_the_licences(
    applications: Applications,
) -> None:
    row = applications.received(
        mode=Application.Mode.OFFLINE,
        concluded_elsewhere_at=datetime(2026, 11, 17, 16, 0, tzinfo=clock.BEIJING),
    )
    assert {"paper_issued_on", "licence_number"} <= by_field(
        faults_of(capture(applications, row))
    ).keys()
    row.refresh_from_db()
    row = capture(
        applications, row, licence_number="取水（晋泽）字〔2026〕第000077号",
        paper_issued_on=date(2026, 11, 16),
    )  # fmt: skip
    assert by_field(faults_of(row)) == {}
    row = receiving.submit(
        actor=applications.actor("clerk"), application=row, revision=row.revision
    )
    licence = sign_off(applications, _approve(applications, row))
    assert (licence.number, licence.issued_on, licence.valid_from, licence.valid_until) == (
        "取水（晋泽）字〔2026〕第000077号", date(2026, 11, 16), date(2026, 11, 16), date(2031, 11, 15),
    )  # fmt: skip


def test_offline_when_the_day_on_the_paper_is_to_come_then_said(applications: Applications) -> None:
    row = applications.received(
        mode=Application.Mode.OFFLINE,
        concluded_elsewhere_at=datetime(2026, 11, 17, 16, 0, tzinfo=clock.BEIJING),
    )
    row = capture(applications, row, licence_number="甲", paper_issued_on=date(2026, 11, 19))
    assert "paper_issued_on" in by_field(faults_of(row))
