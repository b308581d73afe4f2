"""A parent adds a child by its birth certificate, and nobody learns anything else (M.20)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from audit.trail.models import Record
from licences.models import Licence, LicenceMark
from licences.register.visibility import licences_held
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.families import birth_certificate, child, number_of, person
from tests.holders import checked, holder_actor, mandate_of
from tests.records import outcomes, records
from usage.mandates.child_rules import Certificate
from usage.mandates.children import NOT_FOUND, add_child, end_groundless, mandate_holds
from usage.verifying.rate_limits import CHILDREN, TooOften
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity.session import holder_session_of
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Notification
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]
NUMBER = "T140525001"
BEIJING = ZoneInfo("Asia/Shanghai")


class Family:
    """Mother, father and a child with a certificate; and a neighbour with a child of their own."""

    def __init__(self, cast: Cast, **how: str) -> None:
        self.mother, self.father = person("李母亲", serial=1), person("张父亲", serial=2)
        self.child = child("张小样")
        self.certificate = birth_certificate(
            cast, self.child, mother=self.mother, father=self.father, number=NUMBER, **how
        )
        self.neighbour = person("邻家父亲", serial=3)
        self.neighbours_child = child("邻小样")
        self.neighbours = birth_certificate(
            cast, self.neighbours_child, mother=self.neighbour, number="T140525002"
        )


@pytest.fixture
def family(cast: Cast) -> Family:
    return Family(cast)


def add(parent: Holder, number: str = NUMBER, name: str = "张小样") -> Mandate:
    return add_child(actor=holder_actor(parent), certificate_number=number, child_name=name)


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises(RuleBroken) as caught:
        verb()
    return caught.value.reason


def test_child_when_a_parent_adds_it_then_its_licences_are_seen_until_the_day_before_eighteen(
    family: Family,
) -> None:
    mandate = add(family.mother, " t140525001 ", " 张 小样")
    assert (mandate.principal, mandate.agent, mandate.kind) == (
        family.child, family.mother, "guardian",
    )  # fmt: skip
    assert mandate.until_on == date(2038, 4, 30)
    assert mandate.evidence == str(family.certificate.uuid)
    seen = licences_held(holder_actor(family.mother, mandate))
    assert list(seen) == [family.certificate]
    assert list(licences_held(holder_actor(family.mother))) == []
    record = Record.objects.get(action="child_added", subject_kind="mandate")
    assert (record.outcome, record.facts["basis"]) == ("done", "birth_certificate")
    everything = str([row.content() for row in records("child_added")])
    for secret in ("张小样", "李母亲", family.mother.identity_number, NUMBER):
        assert secret not in everything
    told = Notification.objects.filter(action="mandate_given")
    assert set(told.values_list("holder_id", flat=True)) == {family.child.pk, family.mother.pk}


def test_child_when_both_parents_add_it_then_each_has_a_mandate_of_their_own(
    family: Family,
) -> None:
    ours = [add(family.mother), add(family.father)]
    assert {row.agent for row in ours} == {family.mother, family.father}
    assert "已经委托过这个人，到 2038年4月30日为止" in refused(lambda: add(family.mother))
    assert Mandate.objects.filter(principal=family.child).count() == 2


def test_child_when_anything_does_not_agree_then_one_and_the_same_answer(
    wednesday: time_machine.Traveller, family: Family
) -> None:
    for parent, number, name in (
        (family.neighbour, NUMBER, "张小样"),
        (family.neighbour, NUMBER, "邻小样"),
        (family.mother, "T140525002", "邻小样"),
        (family.mother, "T140525002", "张小样"),
        (family.mother, NUMBER, "张大样"),
        (family.mother, NUMBER, ""),
        (family.mother, "", "张小样"),
        (family.mother, "T999999999", "张小样"),
        (family.mother, "T140525\0001", "张小样"),
        (family.father, "' OR 1=1 --", "张小样"),
    ):
        wednesday.shift(timedelta(hours=1))
        assert refused(partial(add, parent, number, name)) == NOT_FOUND
    assert Mandate.objects.count() == 0
    said = {(row.outcome, row.reason, row.subject_kind) for row in records("child_added")}
    assert said == {("refused", NOT_FOUND, "holder")}


def test_child_when_a_neighbour_has_one_of_their_own_then_theirs_and_no_other(
    family: Family,
) -> None:
    assert add(family.neighbour, "T140525002", "邻小样").principal == family.neighbours_child
    assert refused(lambda: add(family.neighbour)) == NOT_FOUND


def test_child_when_the_certificate_is_not_in_force_then_the_same_answer(
    family: Family,
) -> None:
    for state in ("CANCELLED", "REVOKED", "ANNULLED", "DETAINED"):
        Licence.objects.filter(pk=family.certificate.pk).update(state=state)
        assert refused(lambda: add(family.mother)) == NOT_FOUND


def test_child_when_the_certificate_is_objected_to_then_the_same_answer(family: Family) -> None:
    mark = LicenceMark.objects.create(
        licence=family.certificate, kind="OBJECTED", since=clock.now()
    )
    assert refused(lambda: add(family.mother)) == NOT_FOUND
    mark.until = clock.now()
    mark.save()
    assert add(family.mother)


def test_child_when_another_kind_has_that_number_then_the_same_answer(
    family: Family, settings: Any
) -> None:
    settings.PORTAL_BIRTH_CERTIFICATE = "11100000000013127D001"
    assert refused(lambda: add(family.mother)) == NOT_FOUND


def test_child_when_renamed_since_then_both_names_are_known(family: Family) -> None:
    family.child.name = "李小样"
    family.child.save()
    assert add(family.mother, name="李小样")
    assert add(family.father, name="张小样")


def test_child_when_the_parent_acts_for_another_or_has_no_number_then_refused(
    family: Family,
) -> None:
    firm = HolderFactory(enterprise=True)
    mandate = mandate_of(family.mother, firm, kind=MandateKind.LEGAL_REPRESENTATIVE)
    actor = holder_actor(family.mother, mandate)
    with pytest.raises(NotPermitted):
        add_child(actor=actor, certificate_number=NUMBER, child_name="张小样")
    stranger = HolderFactory(outside=True, name="李母亲")
    assert "到窗口登记" in refused(lambda: add(stranger))
    assert "不能在网上核对" in refused(lambda: add(stranger))


def test_child_when_tried_too_often_then_said_with_the_time_and_on_the_record(
    wednesday: time_machine.Traveller, family: Family
) -> None:
    for _ in range(CHILDREN.most):
        assert refused(lambda: add(family.mother, "T1")) == NOT_FOUND
    with pytest.raises(TooOften) as caught:
        add(family.mother)
    assert "请在 11:00 以后再查" in caught.value.reason
    assert len([one for one in outcomes("child_added") if one[0] == "refused"]) == 6
    # a neighbour is not held up by it
    assert add(family.neighbour, "T140525002", "邻小样")
    wednesday.shift(timedelta(hours=1))
    assert add(family.mother)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        ("2008-11-19 23:50", date(2026, 11, 18)),
        ("2012-02-29 06:00", date(2030, 2, 27)),
        ("2009-01-01 00:05", date(2026, 12, 31)),
    ],
)
def test_child_when_nearly_grown_or_born_on_a_leap_day_then_to_the_day(
    wednesday: time_machine.Traveller, cast: Cast, born: str, last: date
) -> None:
    family = Family(cast, born_at=born)
    mandate = add(family.mother)
    assert mandate.until_on == last
    check = str(checked(family.mother).uuid)

    def acts_for() -> Holder | None:
        found = holder_session_of(check, str(mandate.uuid))
        return found.principal if found else None

    assert acts_for() == family.child
    noon = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=BEIJING)
    wednesday.move_to(noon, tick=False)
    check = str(checked(family.mother).uuid)
    assert acts_for() == family.child
    wednesday.shift(timedelta(seconds=1))
    assert acts_for() == family.mother
    assert list(licences_held(holder_actor(family.mother))) == []


@pytest.mark.parametrize("born", ["2008-11-18 23:59", "1990-01-01 10:00"])
def test_child_when_of_age_then_an_adults_licences_are_not_added(
    wednesday: time_machine.Traveller, cast: Cast, born: str
) -> None:
    family = Family(cast, born_at=born)
    assert "已经年满 18 周岁" in refused(lambda: add(family.mother))
    # not even that is said to somebody who is no parent
    assert refused(lambda: add(family.neighbour)) == NOT_FOUND


def test_birth_when_certificate_and_number_differ_then_the_earlier_day_counts() -> None:
    said = {"born_at": "2012-05-06 08:00"}
    assert Certificate(said, "张", "").born() == date(2012, 5, 6)
    assert Certificate(said, "张", number_of(date(2010, 5, 6))).born() == date(2010, 5, 6)
    assert Certificate({}, "张", number_of(date(2010, 5, 6))).born() == date(2010, 5, 6)
    assert Certificate({"born_at": "不详"}, "张", "E12345678").born() is None


def test_parent_when_the_certificate_leaves_the_father_out_then_no_number_matches() -> None:
    said = Certificate({"mother_citizen_id": number_of(date(1985, 1, 1))}, "张", "")
    assert not said.names_parent("")
    assert not said.names_parent(number_of(date(1985, 1, 1), 2))
    assert said.names_parent(number_of(date(1985, 1, 1)).lower())


def test_mandate_when_its_certificate_has_ended_then_holds_no_more(family: Family) -> None:
    mandate, other = add(family.mother), add(family.neighbour, "T140525002", "邻小样")
    assert mandate_holds(mandate)
    for state in ("CANCELLED", "REVOKED", "ANNULLED"):
        Licence.objects.filter(pk=family.certificate.pk).update(state=state)
        assert not mandate_holds(mandate)
    assert mandate_holds(other)
    assert (end_groundless(), end_groundless()) == (1, 0)
    mandate.refresh_from_db()
    assert mandate.end_reason == "certificate_ended"
    other.refresh_from_db()
    assert other.ended_at is None


def test_mandate_when_recorded_at_a_window_then_no_certificate_is_asked_for(
    family: Family,
) -> None:
    mandate = mandate_of(family.father, family.child, kind=MandateKind.GUARDIAN)
    assert mandate_holds(mandate)
    assert end_groundless() == 0
