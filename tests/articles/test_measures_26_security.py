"""M.26: personal values are encrypted at rest, masked on pages, opened on the record."""

import pytest

from licences.applications import unmasking
from licences.register import producing
from tests.factories.licences import VETERAN, Applications
from tests.factories.parties import citizen_id
from tests.records import records
from zezhou_portal.kernel import clock, vault
from zezhou_portal.parties.holders.selectors import holder_with_identity
from zezhou_portal.parties.holders.services import enter_holder
from zezhou_portal.parties.masking import mask_identity, mask_name, mask_phone
from zezhou_portal.parties.models import Account, Holder
from zezhou_portal.regulation.errors import NotPermitted

pytestmark = pytest.mark.article("M.26")
NUMBER = citizen_id(86)
PHONE = "13935612345"


@pytest.fixture
def holder(cast) -> Holder:
    """A person whose number and phone have been entered."""
    return enter_holder(
        actor=cast.actor("market.clerk"),
        kind="natural_person",
        name="张保密",
        identity_type="111",
        identity_number=NUMBER,
        phone=PHONE,
    ).holder


def test_identity_when_entered_then_in_no_table_in_the_clear(holder, stored_in) -> None:
    assert stored_in("张保密") == {"parties_holder.name"}
    assert stored_in(NUMBER) == set()
    assert stored_in(PHONE) == set()
    assert holder_with_identity("111", NUMBER) == holder
    assert Holder.objects.get(pk=holder.pk).phone == PHONE


def test_number_when_it_becomes_a_licences_value_then_in_no_table_in_the_clear(
    cast, holder, stored_in
) -> None:
    applications = Applications(cast, kind=VETERAN)
    application = applications.received(holders=[holder])
    applications.captured(application, citizen_id=NUMBER)
    assert stored_in(NUMBER) == set()


def test_licence_when_made_and_told_to_the_city_then_in_no_table_in_the_clear(
    applications, stored_in
) -> None:
    applications.issued()
    producing.produce_waiting()
    number = Holder.objects.get(application_links__isnull=False).identity_number
    # a credit code is no personal value: the public sees it on every business licence
    assert stored_in(number) == {"licences_application.values", "licences_licenceversion.frozen"}


def test_phone_of_staff_when_kept_then_encrypted(cast, stored_in) -> None:
    account = cast.account("market.clerk")
    account.phone = PHONE
    account.save(update_fields=["phone"])
    assert stored_in(PHONE) == set()
    assert Account.objects.get(pk=account.pk).phone == PHONE


def test_secret_when_altered_or_encrypted_twice_then_told_apart() -> None:
    one, two = vault.encrypt(NUMBER), vault.encrypt(NUMBER)
    assert one != two
    assert vault.decrypt(one) == vault.decrypt(two) == NUMBER
    assert vault.blind(NUMBER) == vault.blind(NUMBER) != vault.blind(NUMBER + "0")
    with pytest.raises(vault.Unreadable):
        vault.decrypt(one[:-4] + ("AAAA" if one[-4:] != "AAAA" else "BBBB"))


def test_value_when_shown_then_masked() -> None:
    assert mask_identity("140525199001010866") == "140525********0866"
    assert mask_phone(PHONE) == "139****2345"
    assert mask_name("张保密") == "张**"


def test_value_when_opened_then_on_the_record_without_the_value(cast, holder) -> None:
    applications = Applications(cast, kind=VETERAN)
    application = applications.captured(applications.received(holders=[holder]), citizen_id=NUMBER)
    assert (
        unmasking.unmask(
            actor=applications.actor("clerk"), application=application, what="citizen_id"
        )
        == NUMBER
    )
    (record,) = records("value_unmasked")
    assert NUMBER not in str(record.content())
    assert record.at <= clock.now()
    with pytest.raises(NotPermitted):
        unmasking.unmask(actor=cast.actor("land.clerk"), application=application, what="citizen_id")
