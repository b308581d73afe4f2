"""M.3: who the parties are; what touches a state secret stays out."""

import pytest

from licences.applications import capturing, receiving
from licences.applications.secrecy import TURNED_AWAY
from licences.models import Application, ApplicationHolder, Attachment
from tests.factories.parties import HolderFactory, citizen_id, credit_code
from tests.records import records
from zezhou_portal.kernel import files
from zezhou_portal.parties.holders.services import enter_holder
from zezhou_portal.parties.models import (
    Department,
    DepartmentFunction,
    Holder,
    HolderKind,
    IdentityType,
)
from zezhou_portal.parties.staff.rules import check_role_fits
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.3")

# One number of each type of GB/T 36903's code list, and the kind of holder that has it.
NUMBERS = {
    "001": (HolderKind.LEGAL_PERSON, credit_code(41, "91140525")),
    "099": (HolderKind.UNINCORPORATED, "泽民社字0041"),
    "111": (HolderKind.NATURAL_PERSON, citizen_id(41)),
    "114": (HolderKind.NATURAL_PERSON, "军字第0041号"),
    "115": (HolderKind.NATURAL_PERSON, "武字第0041号"),
    "118": (HolderKind.NATURAL_PERSON, "士字第0041号"),
    "119": (HolderKind.NATURAL_PERSON, "武士字第0041号"),
    "120": (HolderKind.NATURAL_PERSON, "文字第0041号"),
    "122": (HolderKind.NATURAL_PERSON, "武文字第0041号"),
    "411": (HolderKind.NATURAL_PERSON, "DE0000041"),
    "412": (HolderKind.NATURAL_PERSON, "SE0000041"),
    "413": (HolderKind.NATURAL_PERSON, "PE0000041"),
    "414": (HolderKind.NATURAL_PERSON, "E10000041"),
    "511": (HolderKind.NATURAL_PERSON, "00000041"),
    "516": (HolderKind.NATURAL_PERSON, "H00000041"),
    "999": (HolderKind.NATURAL_PERSON, "QT0000041"),
}


def test_secret_when_declared_at_reception_then_only_that_fact_is_kept(cast) -> None:
    holders = Holder.objects.count()
    assert receiving.declare_secret_at_reception(actor=cast.actor("market.clerk")) == TURNED_AWAY
    assert Application.objects.count() == 0
    assert Holder.objects.count() == holders
    (record,) = records("secret_declared")
    assert (record.outcome, record.article, record.facts) == ("done", "M.3", {})
    assert record.subject_label == cast.market.name


def test_secret_when_declared_later_then_draft_and_files_are_erased(
    applications, stored_in
) -> None:
    site = "某处涉密地点四十一号"
    application = applications.captured(intake_site=site)
    attachment = capturing.attach(
        actor=applications.actor("clerk"),
        application=application,
        title="申请书",
        file_name="a.pdf",
        data=b"%PDF-1.7 " + site.encode(),
    )
    assert stored_in(site) == {"licences_application.values"}
    said = receiving.declare_secret(actor=applications.actor("clerk"), application=application)
    assert said == TURNED_AWAY
    application.refresh_from_db()
    assert (application.state, application.values, application.licence_number) == ("ERASED", {}, "")
    assert Attachment.objects.count() == 0
    assert ApplicationHolder.objects.count() == 0
    assert not files.path_of(attachment.digest).exists()
    assert stored_in(site) == set()
    (record,) = records("application_erased")
    assert record.facts == {"state": ["CAPTURING", "ERASED"], "files_erased": 1}


def test_file_when_another_application_holds_it_too_then_stays(applications) -> None:
    data = b"%PDF-1.7 the same paper in two applications"
    secret, other = applications.received(), applications.received()
    for application in (secret, other):
        kept = capturing.attach(
            actor=applications.actor("clerk"),
            application=application,
            title="",
            file_name="a.pdf",
            data=data,
        )
    receiving.declare_secret(actor=applications.actor("clerk"), application=secret)
    assert files.read(kept.digest) == data


def test_holder_kinds_when_counted_then_the_three_of_the_text_and_sole_traders() -> None:
    assert {one.value: one.label for one in HolderKind} == {
        "natural_person": "自然人",
        "legal_person": "法人",
        "sole_trader": "个体工商户",
        "unincorporated": "非法人组织",
    }


@pytest.mark.parametrize("code", NUMBERS)
def test_holder_when_of_each_identity_type_then_entered_and_found_again(cast, code) -> None:
    kind, number = NUMBERS[code]
    clerk = cast.actor("market.clerk")
    given = {
        "actor": clerk,
        "kind": kind.value,
        "name": "四十一号",
        "identity_type": code,
        "identity_number": number,
    }
    first, again = enter_holder(**given), enter_holder(**given)
    assert (first.was_known, again.was_known) == (False, True)
    assert again.holder == first.holder
    assert Holder.objects.get(pk=first.holder.pk).identity_number == number


def test_identity_types_when_counted_then_the_sixteen_of_the_standard() -> None:
    assert sorted(IdentityType.values) == sorted(NUMBERS)
    assert len(NUMBERS) == 16


def test_holder_when_the_kind_is_for_others_then_refused(applications) -> None:
    with pytest.raises(RuleBroken) as refusal:
        applications.received(holders=[HolderFactory(name="张样")])
    assert refusal.value.article == "M.3"
    assert refusal.value.reason == "取水许可证发给企业和组织，“张*”是自然人。"


def test_department_when_it_does_not_issue_then_has_no_issuing_desk(cast) -> None:
    assert {one.label for one in DepartmentFunction} == {
        "管理单位", "制发单位", "应用单位", "电子印章使用单位", "公用事业运营单位",
    }  # fmt: skip
    with pytest.raises(RuleBroken) as refusal:
        check_role_fits("capture_clerk", ["using"])
    assert refusal.value.article == "M.3"
    assert Department.objects.filter(functions__contains=["management"]).get() == cast.bureau
