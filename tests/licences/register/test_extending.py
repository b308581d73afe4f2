"""A licence is extended: a new version, sealed anew, in force when its file is made (M.8)."""

from datetime import date, timedelta

import pytest

from audit.trail.models import Record
from licences.models import Licence, LicenceVersion
from licences.register import changes, expiring, producing
from licences.register.extending import extend
from tests.cast import Cast
from tests.factories.licences import Applications
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

TODAY = date(2026, 11, 18)


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def licence_until(cast: Cast, until: date) -> Licence:
    """A licence in force whose last day is given."""
    applications = Applications(cast)
    row = applications.received()
    row.valid_from, row.valid_until, row.is_long_term = TODAY - timedelta(days=400), until, False
    row.term_reason = "原证补录"
    row.save(update_fields=["valid_from", "valid_until", "is_long_term", "term_reason"])
    licence = applications.issued(row)
    producing.produce_waiting()
    licence.refresh_from_db()
    return licence


@pytest.mark.article("M.8")
def test_extension_when_its_file_is_made_then_the_register_moves_on(
    cast: Cast, wednesday: object
) -> None:
    licence = licence_until(cast, TODAY + timedelta(days=30))
    first = LicenceVersion.objects.get(licence=licence)
    until = TODAY + timedelta(days=1000)
    version = extend(
        actor=cast.actor("market.signatory"),
        licence=licence,
        valid_until=until,
        document="泽市监延〔2026〕8号",
    )
    licence.refresh_from_db()
    assert (licence.version_no, licence.valid_until) == (1, TODAY + timedelta(days=30))
    producing.produce_waiting()
    licence.refresh_from_db()
    assert (licence.state, licence.version_no, licence.valid_until) == ("IN_FORCE", 2, until)
    assert licence.identifier == version.identifier != first.identifier
    assert version.check_code != first.check_code
    assert [row.act for row in licence.statuses.order_by("pk")][-1] == "licence_extended"
    told = Outbound.objects.filter(subject_key=str(licence.uuid)).order_by("version")
    assert [row.topic for row in told] == ["licence_issued", "licence_extended"]
    assert told[1].file_digest
    assert Record.objects.filter(action="licence_extended", outcome="done").count() == 1


@pytest.mark.article("M.8")
def test_extension_of_an_expired_licence_brings_it_back_into_force(
    cast: Cast, wednesday: object
) -> None:
    licence = licence_until(cast, TODAY + timedelta(days=1))
    wednesday.shift(timedelta(days=5))  # type: ignore[attr-defined]
    assert expiring.expire_due() == 1
    extend(
        actor=cast.actor("market.signatory"),
        licence=licence,
        valid_until=clock.today() + timedelta(days=365),
        document="泽市监延〔2026〕9号",
    )
    producing.produce_waiting()
    licence.refresh_from_db()
    assert (licence.state, licence.version_no) == ("IN_FORCE", 2)


def test_extension_when_it_cannot_be_then_says_why_and_changes_nothing(
    cast: Cast, wednesday: object
) -> None:
    licence = licence_until(cast, TODAY + timedelta(days=30))
    signatory = cast.actor("market.signatory")
    later = TODAY + timedelta(days=60)
    with pytest.raises(RuleBroken) as refusal:
        extend(actor=signatory, licence=licence, valid_until=TODAY, document=" ")
    assert set(refusal.value.fields) == {"valid_until", "document"}
    with pytest.raises(NotPermitted):
        extend(
            actor=cast.actor("land.signatory"), licence=licence, valid_until=later, document="一号"
        )
    extend(actor=signatory, licence=licence, valid_until=later, document="一号")
    with pytest.raises(RuleBroken, match="上一个版本还在制证"):
        extend(actor=signatory, licence=licence, valid_until=later, document="一号")
    changes.revoke(actor=signatory, licence=licence, reason="伪造材料", document="二号")
    producing.produce_waiting()
    licence.refresh_from_db()
    assert (licence.state, licence.version_no) == ("REVOKED", 1)
    with pytest.raises(RuleBroken, match="不能延期"):
        extend(actor=signatory, licence=licence, valid_until=later, document="一号")
