"""The first flow, from reception to the message for the city, with real keys and files."""

from datetime import timedelta

import pytest

from audit.deadlines.models import Deadline
from audit.trail.models import Record
from licences.applications import capturing, issuing, receiving, reviewing
from licences.models import Licence, LicenceFile, LicenceVersion
from licences.register import producing
from licences.register.selectors import in_force
from seals.models import SealUse
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory, credit_code
from tests.factories.seals import seal_of
from usage.verifying.file_verdicts import verify_file
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock, files
from zezhou_portal.parties.models import Notification
from zezhou_portal.regulation.errors import RuleBroken

TYPED = {
    "legal_representative": "侯㛃",
    "address": "山西省晋城市泽州县金村镇府东街6号",
    "premises": "山西省晋城市泽州县金村镇府东街6号一层",
    "main_business": "餐饮服务经营者",
    "business_items": "热食类食品制售；自制饮品制售",
    "supervisor": "泽州县市场监督管理局金村市场监督管理所",
    "hotline": "12315",
}


def issued(cast: Cast) -> Licence:
    entry = entry_of("食品经营许可证", cast.market)
    seal_of(cast.market)
    holder = HolderFactory(
        name="泽州县金村镇常氏面馆",
        kind="legal_person",
        identity_type="001",
        identity_number=credit_code(7),
    )
    clerk, reviewer = cast.actor("market.clerk"), cast.actor("market.reviewer")
    application = receiving.receive(actor=clerk, entry=entry, holders=[holder])
    application = capturing.capture(
        actor=clerk,
        application=application,
        revision=application.revision,
        typed={**TYPED, "holder_name": holder.name, "credit_code": holder.identity_number},
        licence_number="",
        valid_from=application.valid_from,
        valid_until=application.valid_until,
        is_long_term=False,
    )
    application = receiving.submit(
        actor=clerk, application=application, revision=application.revision
    )
    application = reviewing.approve(
        actor=reviewer, application=application, revision=application.revision
    )
    return issuing.issue(
        actor=cast.actor("market.signatory"), application=application, revision=application.revision
    )


@pytest.mark.article("M.7")
@pytest.mark.article("M.9")
@pytest.mark.article("M.13")
def test_an_application_becomes_a_sealed_licence_and_a_message(cast: Cast) -> None:
    licence = issued(cast)
    assert licence.state == "AWAITING_FILE"
    assert not in_force(Licence.objects.all(), clock.today()).exists()
    clock_row = Deadline.objects.get(article="M.9", subject_key=str(licence.uuid))
    assert clock_row.state == "RUNNING"
    assert clock_row.last_day == clock.today()

    assert producing.produce_waiting() == 1

    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"
    assert in_force(Licence.objects.all(), clock.today()).get() == licence
    file = LicenceFile.objects.get(version__licence=licence)
    use = SealUse.objects.get(subject_key=licence.identifier)
    assert (use.file_digest, use.approved_by_name) == (
        file.digest,
        cast.account("market.signatory").name,
    )
    message = Outbound.objects.get(subject_key=str(licence.uuid))
    assert (message.topic, message.state, message.file_digest) == (
        "licence_issued",
        "WAITING",
        file.digest,
    )
    # the act of the batch and the licence's own record
    records = Record.objects.filter(action="licence_in_force", subject_key=str(licence.uuid))
    assert [row.facts["state"] for row in records] == [["AWAITING_FILE", "IN_FORCE"]]
    assert producing.produce_waiting() == 0

    verdict = verify_file(files.read(file.digest), file_name="a.ofd")
    assert verdict.verdict == "passed", verdict.as_json()
    assert verdict.licence is not None
    assert verdict.licence.identifier == licence.identifier


def test_a_version_is_drawn_to_the_same_bytes_twice(cast: Cast) -> None:
    licence = issued(cast)
    version = LicenceVersion.objects.get(licence=licence)
    from licences.production.face.ofd import write
    from licences.production.face_input import face_of, metadata_of

    entry = licence.entry
    one = write(face_of(version, entry), metadata_of(version, entry)).to_zip()
    two = write(face_of(version, entry), metadata_of(version, entry)).to_zip()
    assert one == two


@pytest.mark.article("M.13")
def test_without_a_key_nothing_is_sealed_and_the_desk_says_why(
    cast: Cast, settings, tmp_path
) -> None:
    licence = issued(cast)
    real = settings.PORTAL_KEYS
    settings.PORTAL_KEYS = tmp_path
    (tmp_path / "data").symlink_to(real / "data")
    producing.produce_waiting()
    licence.refresh_from_db()
    version = LicenceVersion.objects.get(licence=licence)
    assert licence.state == "AWAITING_FILE"
    assert not LicenceFile.objects.exists()
    assert "签章私钥没有装好" in version.last_error
    assert version.due_at > clock.now()
    settings.PORTAL_KEYS = real
    version.due_at = clock.now() - timedelta(seconds=1)
    version.save(update_fields=["due_at"])
    assert producing.produce_waiting() == 1
    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"


@pytest.mark.article("S.12")
def test_hands_are_kept_apart_and_the_refusal_is_recorded(cast: Cast) -> None:
    from zezhou_portal.parties.models import Posting, Role

    for role in (Role.REVIEWER, Role.SIGNATORY):
        Posting.objects.create(
            account=cast.account("market.clerk"),
            department=cast.market,
            role=role,
            from_on=clock.today(),
        )
    entry = entry_of("食品经营许可证", cast.market)
    clerk = cast.actor("market.clerk")
    application = receiving.receive(
        actor=clerk,
        entry=entry,
        holders=[
            HolderFactory(
                name="甲公司",
                kind="legal_person",
                identity_type="001",
                identity_number=credit_code(8),
            )
        ],
    )
    application = capturing.capture(
        actor=clerk, application=application, revision=application.revision, typed=TYPED, licence_number="",
        valid_from=application.valid_from, valid_until=application.valid_until, is_long_term=False,
    )  # fmt: skip
    application = receiving.submit(
        actor=clerk, application=application, revision=application.revision
    )
    with pytest.raises(RuleBroken) as refusal:
        reviewing.approve(actor=clerk, application=application, revision=application.revision)
    assert refusal.value.article == "M.7"
    refused = Record.objects.using("refusals").get(action="application_approved")
    assert (refused.outcome, refused.reason) == ("refused", refusal.value.reason)
    application.refresh_from_db()
    assert application.state == "UNDER_REVIEW"


def test_a_missing_key_is_told_once_however_many_licences_wait(
    cast: Cast, settings, tmp_path
) -> None:
    issued(cast)
    real = settings.PORTAL_KEYS
    settings.PORTAL_KEYS = tmp_path
    (tmp_path / "data").symlink_to(real / "data")
    applications = Applications(cast)
    applications.issued()
    assert producing.produce_waiting() == 2
    errors = LicenceVersion.objects.values_list("last_error", flat=True)
    assert len({*errors}) == 1
    told = Notification.objects.filter(action="production_failed")
    names = [row.account.name for row in told.select_related("account")]
    signatory, keeper = cast.account("market.signatory"), cast.account("bureau.system")
    assert sorted(names) == sorted([signatory.name, keeper.name])
