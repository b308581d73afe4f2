"""A presentation from the first code to the reader's answers, and every way it can end otherwise."""

from datetime import timedelta

import pytest
import time_machine

from audit.trail.models import Record
from licences.models import Licence
from tests.cast import Cast
from tests.holders import holder_actor
from tests.usage.sealed import in_force
from usage.models import Presentation, PresentationCode, Verification
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import codes, redemption
from usage.verifying.outcomes import Outcome
from usage.verifying.results import VerificationResult
from zezhou_portal.kernel.actors import public
from zezhou_portal.parties.models import Holder

PORTAL = "http://127.0.0.1:8000"


def holder_of(licence: Licence) -> Holder:
    return Holder.objects.get(licence_links__licence=licence)


def shown(licence: Licence, **how: bool) -> tuple[Presentation, codes.Made]:
    """A presentation of the licence by its holder, and its first code."""
    actor = holder_actor(holder_of(licence))
    row = presentations.present(
        actor=actor, chosen=[Chosen(licence, ["purpose", "intake_site"])], **how
    )
    now = presentations.current_code(actor=actor, presentation=row)
    assert now is not None
    return row, now.code


def read(cast: Cast, code: str, who: str = "power.verifier") -> VerificationResult:
    actor = public("test") if who == "anybody" else cast.actor(who)
    return redemption.read_code(actor=actor, understood=codes.understand(code, PORTAL))


@pytest.mark.article("P.2.3.3")
def test_a_code_when_read_by_a_verifier_then_gives_the_chosen_items_once(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    row, code = shown(licence)
    got = read(cast, codes.address_of(code.secret, PORTAL))
    assert got.outcome is Outcome.VALID or got.licences[0].verification.answers == []
    (one,) = got.licences
    assert one.disclosure is not None
    assert [field.key for field in one.disclosure.fields] == ["intake_site", "purpose"]
    assert one.verification.items == ["purpose", "intake_site"]
    assert [a["answer"] for a in one.verification.answers] == [
        "yes", "yes", "not_asked", "yes", "yes", "yes", "yes", "yes", "yes", "not_asked",
    ]  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.reader_name) == ("REDEEMED", cast.power.name)
    looked = Record.objects.get(action="code_read", subject_key=str(licence.uuid))
    assert looked.department_name == cast.power.name
    assert read(cast, code.secret).outcome is Outcome.CODE_USED
    assert Verification.objects.count() == 2
    assert code.secret not in str(list(PresentationCode.objects.values()))


@pytest.mark.article("P.2.3.3")
def test_the_short_number_and_the_public_see_the_public_part_only(cast: Cast) -> None:
    _, code = shown(in_force(cast))
    got = read(cast, code.spoken, who="anybody")
    assert got.outcome is Outcome.VALID
    assert got.licences[0].disclosure is not None
    assert got.licences[0].disclosure.fields == ()


@pytest.mark.article("P.2.3.3")
def test_consent_when_asked_then_nothing_goes_out_before_the_holder_agrees(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = shown(licence, asks_consent=True)
    got = read(cast, code.secret)
    assert got.is_waiting
    verifier = cast.actor("power.verifier")
    row.refresh_from_db()
    assert redemption.fetch_agreed(
        actor=verifier, presentation=row, reader_key=got.reader_key
    ).is_waiting
    assert Verification.objects.count() == 0
    presentations.agree(actor=holder_actor(holder_of(licence)), presentation=row)
    row.refresh_from_db()
    other = redemption.fetch_agreed(actor=verifier, presentation=row, reader_key="another")
    assert other.outcome is Outcome.CODE_USED
    done = redemption.fetch_agreed(actor=verifier, presentation=row, reader_key=got.reader_key)
    assert done.outcome is Outcome.VALID


@pytest.mark.article("P.2.3.3")
def test_a_code_when_a_minute_is_over_then_another_takes_its_place(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    row, first = shown(licence)
    actor = holder_actor(holder_of(licence))
    wednesday.shift(timedelta(seconds=61))
    second = presentations.current_code(actor=actor, presentation=row)
    assert second is not None
    assert second.code != first
    wednesday.shift(timedelta(seconds=20))
    assert read(cast, first.secret).outcome is Outcome.CODE_EXPIRED
    wednesday.shift(timedelta(minutes=5))
    assert presentations.current_code(actor=actor, presentation=row) is None
    assert read(cast, second.code.secret).outcome is Outcome.CODE_EXPIRED
    assert presentations.lapse_due() == 1
    assert presentations.lapse_due() == 0


@pytest.mark.article("P.2.3.3")
def test_a_presentation_when_stopped_then_its_code_says_so(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = shown(licence)
    presentations.withdraw(actor=holder_actor(holder_of(licence)), presentation=row)
    assert read(cast, code.secret).outcome is Outcome.WITHDRAWN
    assert read(cast, "HTTPS://OTHER.EXAMPLE/P/23456789ABCDEFGH").outcome is Outcome.WRONG
    assert read(cast, "23456789ABCDEFGH").outcome is Outcome.NOT_FOUND
