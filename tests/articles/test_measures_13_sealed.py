"""M.13: no e-licence without an e-seal; never an unsealed file called sealed."""

import pytest

from licences.applications import issuing
from licences.models import Licence, LicenceFile
from licences.register import producing
from seals.documents.questions import Question
from tests.factories.seals import seal_of
from usage.verifying.file_verdicts import verify_file
from zezhou_portal.kernel import files
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.13")


def test_licence_when_produced_then_its_file_carries_the_departments_seal(
    applications, cast
) -> None:
    applications.issued()
    producing.produce_waiting()
    data = files.read(LicenceFile.objects.get().digest)
    verdict = verify_file(data, file_name="a.ofd")
    assert verdict.verdict == "passed"
    (signature,) = verdict.as_json()["signatures"]
    assert (signature["kind"], signature["structure"]) == ("seal", "V4")
    assert signature["seal"]["name"] == cast.market.name


def test_licence_when_the_department_has_no_seal_then_not_signed_off(applications) -> None:
    application = applications.approved()
    with pytest.raises(RuleBroken) as refusal:
        issuing.issue(
            actor=applications.actor("signatory"),
            application=application,
            revision=application.revision,
        )
    assert refusal.value.article == "M.13"
    assert refusal.value.reason == (
        "泽州县市场监督管理局没有可用的电子印章，不能签发。请找印章保管人。"
    )
    assert Licence.objects.count() == 0


@pytest.mark.parametrize("state", ["BLOCKED", "EXPIRED", "CANCELLED"])
def test_licence_when_the_seal_is_not_in_use_then_not_signed_off(applications, cast, state) -> None:
    seal_of(cast.market, state=state)
    application = applications.approved()
    with pytest.raises(RuleBroken) as refusal:
        issuing.issue(
            actor=applications.actor("signatory"),
            application=application,
            revision=application.revision,
        )
    assert refusal.value.article == "M.13"


def test_file_when_a_sealed_member_is_changed_then_failed(applications) -> None:
    from seals.documents.package import read_package

    applications.issued()
    producing.produce_waiting()
    package = read_package(files.read(LicenceFile.objects.get().digest))
    (page,) = [one for one in package if one.endswith("Page_0/Content.xml")]
    forged = package.with_members({page: package[page] + b"\n"}).to_zip()
    verdict = verify_file(forged, file_name="a.ofd")
    assert verdict.verdict == "failed"
    (signature,) = verdict.as_json()["signatures"]
    told = {one["code"]: one["answer"] for one in signature["answers"]}
    assert told[Question.REFERENCES_MATCH.value] == "no"
    assert verdict.licence is None
