"""M.20: a holder sees licences after a real-name check, and not without one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from licences.register.visibility import licences_held
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.records import records
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public
from zezhou_portal.parties import leaving
from zezhou_portal.parties.identity import real_name
from zezhou_portal.parties.identity.port import Assertion
from zezhou_portal.parties.identity.session import CHECK, holder_session_of
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.20")


def asserted(holder: Holder, level: int = 2) -> Assertion:
    """What an identity service says of a holder."""
    return Assertion(
        provider="province",
        subject="province:7",
        name=holder.name,
        level=level,
        identity_type=holder.identity_type,
        identity_number=holder.identity_number,
    )


def for_enterprise(person: Holder, enterprise: Holder) -> Assertion:
    """The same of the person who represents an enterprise."""
    return replace(
        asserted(person),
        enterprise_name=enterprise.name,
        enterprise_code=enterprise.identity_number,
        office="legal_representative",
    )


def test_licences_when_no_real_name_check_counts_then_not_seen(applications: Applications) -> None:
    licence = applications.issued()
    enterprise = licence.holder_links.get().holder
    assert not licences_held(public()).exists()
    signed_in = real_name.sign_in(assertion=for_enterprise(HolderFactory(), enterprise))
    keys = str(signed_in.check.uuid), str(signed_in.mandate.uuid)
    acting = holder_session_of(*keys)
    assert list(licences_held(acting.actor)) == [licence]
    assert not licences_held(holder_session_of(keys[0], "").actor).exists()
    leaving.sign_out(actor=acting.actor, check=signed_in.check)
    assert holder_session_of(*keys) is None


def test_licences_when_a_neighbour_signs_in_then_not_seen(applications: Applications) -> None:
    applications.issued()
    neighbour = HolderFactory(enterprise=True)
    signed_in = real_name.sign_in(assertion=for_enterprise(HolderFactory(), neighbour))
    acting = holder_session_of(str(signed_in.check.uuid), str(signed_in.mandate.uuid))
    assert acting.principal == neighbour
    assert not licences_held(acting.actor).exists()


def test_check_when_kept_then_says_how_sure_it_was_and_until_when(db: None) -> None:
    before = clock.now()
    check = real_name.sign_in(assertion=asserted(HolderFactory(), level=4)).check
    assert (check.level, check.provider) == (4, "province")
    assert check.counts_until - check.checked_at == timedelta(hours=12)
    assert check.checked_at >= before
    [record] = records("holder_signed_in")
    assert (record.article, record.facts["level"]) == ("M.20", 4)


def test_check_when_the_level_is_too_low_then_refused_on_the_record(db: None) -> None:
    with pytest.raises(RuleBroken) as caught:
        real_name.sign_in(assertion=asserted(HolderFactory(), level=1))
    assert caught.value.article == "M.20"
    [record] = records("holder_sign_in_refused")
    assert (record.article, record.outcome) == ("M.20", "refused")


def test_session_when_it_names_a_check_that_is_none_then_nobody(db: None) -> None:
    for key in ("", "nonsense", "00000000-0000-4000-8000-000000000000"):
        client = Client()
        session = client.session
        session[CHECK] = key
        session.save()
        assert "我的证照</a>" not in client.get("/help/").content.decode()
