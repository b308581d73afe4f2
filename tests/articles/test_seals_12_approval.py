"""S.12: no use of a seal without its approval, given in the sign-off by who may give it."""

import pytest
from django.db import IntegrityError, transaction

from licences.applications import issuing
from licences.models import LicenceVersion
from seals.models import SealUse
from seals.use.sealing import approve_uses
from tests.factories.seals import seal_of
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.article("S.12")


def test_sign_off_when_given_then_approves_this_one_use(applications, cast) -> None:
    licence = applications.issued()
    use = SealUse.objects.get()
    signatory = cast.account("market.signatory")
    assert (use.approved_by_name, use.approved_by_key) == (
        signatory.name,
        cast.actor("market.signatory").key,
    )
    assert (use.seal.department, use.subject_key) == (cast.market, licence.identifier)
    assert LicenceVersion.objects.get().seal_use == use


def test_sign_off_when_by_somebody_without_the_right_then_nothing_is_approved(
    applications, cast
) -> None:
    seal_of(cast.market)
    application = applications.approved()
    for who in ("market.clerk", "market.reviewer", "market.custodian", "land.signatory"):
        with pytest.raises(NotPermitted):
            issuing.issue(
                actor=cast.actor(who), application=application, revision=application.revision
            )
    assert SealUse.objects.count() == 0


@pytest.mark.parametrize("state", ["RENEWING", "BLOCKED", "EXPIRED", "CANCELLED"])
def test_approval_when_the_seal_is_not_in_use_then_refused(cast, state) -> None:
    seal = seal_of(cast.market, state=state)
    with pytest.raises(RuleBroken) as refusal:
        approve_uses(
            actor=cast.actor("market.signatory"),
            seal=seal,
            subjects=[Subject("licence_version", "1")],
        )
    assert refusal.value.article == "S.12"
    assert refusal.value.reason == (
        f"“{seal.name}”现在是“{seal.get_state_display()}”，不能用印。请找印章保管人。"
    )


def test_version_when_without_an_approval_then_cannot_even_be_stored(applications) -> None:
    applications.issued()
    with pytest.raises(IntegrityError), transaction.atomic():
        LicenceVersion.objects.update(seal_use=None)


def test_approval_when_used_then_cannot_lose_its_digest(applications) -> None:
    applications.issued()
    with (
        pytest.raises(IntegrityError, match="a_used_approval_keeps_the_digest"),
        transaction.atomic(),
    ):
        SealUse.objects.update(file_digest="0" * 64)
