"""A newborn's certificate: told to the city with what is known, mended when the number is there."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from licences.models import Licence, LicenceVersion
from licences.register.holder_numbers import ELEMENTS, holders_without_number, told
from sample_county.city.judging import Judge, Refused
from sample_county.city.trust import TrustFolder
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.families import birth_certificate, number_of, person
from usage.verifying.answers import answers_on
from usage.verifying.outcomes import Outcome, outcome_of
from usage.verifying.version_facts import facts_of_version
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services import receiving
from zezhou_portal.exchange.services.delivery import body_of
from zezhou_portal.exchange.services.resending import mend
from zezhou_portal.kernel import clock
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.merging import confirm_merge, propose_merge
from zezhou_portal.parties.models import Holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]
BORN = date(2026, 11, 2)
NUMBER = number_of(BORN)
WHY = "新生儿，户口还没有登记"


def newborn(name: str = "谢小样") -> Holder:
    return HolderFactory(name=name, identity_type="", identity_number="", no_number_reason=WHY)


@pytest.fixture
def certificate(cast: Cast) -> Licence:
    return birth_certificate(
        cast, newborn(), mother=person("谢妈妈"), born_at="2026-11-02 08:30"
    )  # fmt: skip


def said(message: Outbound) -> dict[str, Any]:
    return json.loads(message.content)


def judged(message: Outbound) -> str:
    """What the stand-in city makes of a message: how it is held, or why it is refused."""
    judge = Judge(trust=TrustFolder(Path(settings.PORTAL_KEYS) / "trust"), held=lambda _stem: None)
    body = body_of(Outbound.objects.select_related("department").get(pk=message.pk))
    try:
        return judge.decide(message.topic, body, clock.now()).state
    except Refused as refusal:
        return str(refusal)


def outcome(licence: Licence) -> Outcome:
    version = LicenceVersion.objects.get(licence=licence, no=licence.version_no)
    return outcome_of(answers_on(facts_of_version(version.pk)))


@pytest.mark.article("M.3", "M.8")
def test_newborn_when_told_to_the_city_then_what_is_absent_and_why(certificate: Licence) -> None:
    message = Outbound.objects.get()
    content = said(message)
    assert [content["metadata"][name] for name in ("CZZT", *ELEMENTS)] == [
        ["谢小样"], [""], [""], [""],
    ]  # fmt: skip
    assert content["absent"] == [
        {"place": 1, "elements": list(ELEMENTS), "reason": f"没有证件号码：{WHY}"}
    ]
    assert judged(message) == "in_force"
    receiving.receive(str(message.uuid), "SIM-1", "accepted")
    assert outcome(certificate) is Outcome.VALID


@pytest.mark.article("M.8")
def test_refused_when_the_number_is_there_then_a_new_message_says_it(
    cast: Cast, certificate: Licence
) -> None:
    refused = Outbound.objects.get()
    receiving.receive(str(refused.uuid), "SIM-1", "refused", "必填项为空：持证主体代码。")
    assert outcome(certificate) is Outcome.NOT_REACHABLE
    child = certificate.holder_links.get().holder
    child.entered_by_department = cast.market
    child.save(update_fields=["entered_by_department"])
    clerk = cast.actor("market.clerk")
    change_holder(
        actor=clerk, holder=child, name=child.name, identity_type="111", identity_number=NUMBER
    )
    new = mend(actor=clerk, message_uuid=refused.uuid)
    refused.refresh_from_db()
    assert (refused.state, refused.version) == ("MENDED", 1)
    assert said(refused)["metadata"]["CZZTDM"] == [""]  # as it was sent
    assert (new.version, new.topic, new.file_digest) == (2, refused.topic, refused.file_digest)
    content = said(new)
    assert [content["metadata"][name] for name in ELEMENTS] == [
        [NUMBER], ["公民身份号码"], ["111"],
    ]  # fmt: skip
    assert "absent" not in content
    assert judged(new) == "in_force"
    certificate.refresh_from_db()
    assert certificate.state == "IN_FORCE"
    assert outcome(certificate) is Outcome.VALID  # on its way
    receiving.receive(str(new.uuid), "SIM-2", "accepted")
    assert outcome(certificate) is Outcome.VALID


def test_refused_when_of_a_time_before_reasons_then_the_new_one_gives_them(
    cast: Cast, certificate: Licence
) -> None:
    refused = Outbound.objects.get()
    old = {name: value for name, value in said(refused).items() if name != "absent"}
    refused.content = json.dumps(old)
    refused.save(update_fields=["content"])
    assert judged(refused) == "必填项为空：持证主体代码。"
    receiving.receive(str(refused.uuid), "SIM-1", "refused", "必填项为空：持证主体代码。")
    new = mend(actor=cast.actor("market.clerk"), message_uuid=refused.uuid)
    assert said(new)["absent"][0]["reason"] == f"没有证件号码：{WHY}"
    assert judged(new) == "in_force"


@pytest.mark.article("M.3", "M.8")
def test_refused_when_the_child_is_found_to_be_somebody_with_a_number_then_told_so(
    cast: Cast, certificate: Licence
) -> None:
    refused = Outbound.objects.get()
    receiving.receive(str(refused.uuid), "SIM-1", "refused", "必填项为空：持证主体代码。")
    child, numbered = certificate.holder_links.get().holder, person("谢小样", BORN)
    clerk = cast.actor("market.clerk")
    merge = propose_merge(
        actor=clerk, holder=child, identity_type="111", identity_number=NUMBER,
        name=numbered.name, ground="户口簿",
    )  # fmt: skip
    confirm_merge(actor=cast.actor("market.reviewer"), merge=merge)
    new = mend(actor=clerk, message_uuid=refused.uuid)
    assert said(new)["metadata"]["CZZTDM"] == [NUMBER]
    assert "absent" not in said(new)
    assert judged(new) == "in_force"


@pytest.mark.parametrize(
    ("holder", "reason"),
    [
        ({"no_number_reason": ""}, "没有登记证件号码"),
        ({"outside_subject": "user-1"}, "只有外部身份标识，没有登记证件号码"),
    ],
)
def test_absent_when_without_reason_or_known_outside_then_said(
    db: None, holder: dict[str, str], reason: str
) -> None:
    unknown = HolderFactory(identity_type="", identity_number="", **holder)
    _, absent = told(*two_holders(unknown))
    assert [one["reason"] for one in absent] == [reason]


def test_several_holders_when_one_has_no_number_then_each_keeps_the_place(db: None) -> None:
    version, metadata, holders = two_holders(newborn())
    filled, absent = told(version, metadata, holders)
    assert filled["CZZTDM"] == ["140525", ""]
    assert [one["place"] for one in absent] == [2]


def two_holders(second: Holder) -> Any:
    """A version frozen with one number of two, its metadata and its holders."""
    frozen = {"holders": [{"number": "sealed"}, {"number": ""}]}
    version = SimpleNamespace(licence_id=1, frozen=frozen)
    metadata = {"CZZTDM": ["140525", ""], "CZZTDMLX": ["其他", ""], "CZZTDMLXDM": ["999", ""]}
    return version, metadata, {1: [HolderFactory(), second]}


def test_register_when_asked_for_holders_without_number_then_one_query(
    certificate: Licence, django_assert_num_queries: Any
) -> None:
    versions, child = list(LicenceVersion.objects.all()), certificate.holder_links.get().holder
    with django_assert_num_queries(1):
        assert holders_without_number(versions) == {certificate.pk: [child]}
