"""What a state secret and a replaced file leave behind: nothing on the disk, nothing in rows (M.3)."""

import io
import json

import pytest
from PIL import Image

from audit.trail.models import Record
from licences.applications import capturing, receiving, reviewing
from licences.models import Attachment
from tests.factories.licences import VETERAN, Applications
from tests.factories.parties import HolderFactory, PostingFactory
from tests.factories.seals import seal_of
from zezhou_portal.kernel import clock, files
from zezhou_portal.parties.models import Holder, Notification
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.usefixtures("wednesday")

NUMBER = "140525199001010099"


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 500), colour).save(out, "PNG")
    return out.getvalue()


def attach(
    applications: Applications, application, data: bytes, *, item_key: str = "", title: str = "材料"
):
    return capturing.attach(
        actor=applications.actor("clerk"), application=application, title=title,
        file_name="张三的秘密.pdf", data=data, item_key=item_key,
    )  # fmt: skip


@pytest.mark.article("M.3")
def test_secret_when_files_were_replaced_or_taken_out_then_those_go_from_the_disk_too(cast):
    applications = Applications(cast, kind=VETERAN)
    application = applications.received(holders=[HolderFactory()])
    first = attach(applications, application, picture("#111"), item_key="photo")
    second = attach(applications, application, picture("#222"), item_key="photo")
    out = attach(applications, application, b"%PDF-taken out")
    capturing.remove_attachment(
        actor=applications.actor("clerk"), application=application, attachment=out
    )
    assert all(files.path_of(one.digest).exists() for one in (first, second, out))
    receiving.declare_secret(actor=applications.actor("clerk"), application=application)
    assert not any(files.path_of(one.digest).exists() for one in (first, second, out))


@pytest.mark.article("M.26")
def test_file_when_replaced_or_taken_out_then_erased_once_that_is_certain(
    cast, django_capture_on_commit_callbacks
):
    applications = Applications(cast, kind=VETERAN)
    application = applications.received(holders=[HolderFactory()])
    first = attach(applications, application, picture("#333"), item_key="photo")
    out = attach(applications, application, b"%PDF-out")
    with django_capture_on_commit_callbacks(execute=True):
        second = attach(applications, application, picture("#444"), item_key="photo")
        capturing.remove_attachment(
            actor=applications.actor("clerk"), application=application, attachment=out
        )
    assert not files.path_of(first.digest).exists()
    assert not files.path_of(out.digest).exists()
    assert files.read(second.digest) == picture("#444")


def test_photo_when_the_same_is_sent_twice_then_it_stays(cast, django_capture_on_commit_callbacks):
    applications = Applications(cast, kind=VETERAN)
    application = applications.received(holders=[HolderFactory()])
    with django_capture_on_commit_callbacks(execute=True):
        attach(applications, application, picture("#555"), item_key="photo")
        again = attach(applications, application, picture("#555"), item_key="photo")
    assert files.read(again.digest) == picture("#555")
    assert Attachment.objects.filter(application=application).count() == 1


@pytest.mark.article("M.3")
def test_secret_when_a_file_is_a_seal_s_impression_then_the_seal_keeps_it(cast):
    seal = seal_of(cast.market)
    impression = files.read(seal.impression_digest)
    applications = Applications(cast)
    application = applications.received()
    attach(applications, application, impression)
    receiving.declare_secret(actor=applications.actor("clerk"), application=application)
    assert files.read(seal.impression_digest) == impression


@pytest.mark.article("M.3")
def test_secret_when_declared_after_a_return_then_no_word_of_it_is_left(cast):
    applications = Applications(cast)
    application = applications.returned(reasons="井口坐标 112.9 与图不符")
    holder = application.holder_links.get().holder
    attach(applications, application, b"%PDF-secret", title="绝密井图")
    told = Notification.objects.get(subject_kind="application", subject_key=str(application.uuid))
    Notification.objects.filter(pk=told.pk).update(link="/desk/")
    kept = tell(
        account=cast.account("market.clerk"), action=Action.WORK_HANDED_ON, title="别的事",
        body="别的事", link=told.link,
    )  # fmt: skip
    receiving.declare_secret(actor=applications.actor("clerk"), application=application)
    application.refresh_from_db()
    assert (application.values, application.valid_from, application.valid_until) == ({}, None, None)
    assert (application.is_long_term, application.has_paper, application.service_item) == (
        False,
        False,
        None,
    )
    assert list(application.reviews.values_list("reasons", "fields")) == [("", [])]
    assert not Holder.objects.filter(pk=holder.pk).exists()
    assert list(Notification.objects.all()) == kept, "found by what it speaks of, not by its link"
    record = json.dumps(
        list(
            Record.objects.filter(subject_key=str(application.uuid)).values(
                "facts", "subject_label"
            )
        ),
        ensure_ascii=False,
    )
    assert not [word for word in ("112.9", "绝密", "张三", holder.name) if word in record]


@pytest.mark.article("M.3")
def test_secret_when_the_holder_stands_in_another_application_then_the_holder_stays(cast):
    applications = Applications(cast)
    holder = HolderFactory(enterprise=True)
    application, _other = (
        applications.received(holders=[holder]),
        applications.received(holders=[holder]),
    )
    receiving.declare_secret(actor=applications.actor("clerk"), application=application)
    assert Holder.objects.filter(pk=holder.pk).exists()


@pytest.mark.article("M.7")
def test_review_when_somebody_took_a_file_out_then_that_hand_may_not_judge(cast):
    applications = Applications(cast)
    application = applications.received()
    file = attach(applications, application, b"%PDF-x")
    helper = cast.account("market.reviewer")
    PostingFactory(account=helper, department=cast.market, role="capture_clerk")
    actor = official(helper, cast.market, live_postings(helper, clock.today()))
    capturing.remove_attachment(actor=actor, application=application, attachment=file)
    application.refresh_from_db()
    row = applications.submitted(application)
    with pytest.raises(RuleBroken, match="您是这件的采集人"):
        reviewing.approve(actor=actor, application=row, revision=row.revision)


@pytest.mark.article("M.26")
def test_reasons_when_they_name_a_person_by_number_then_the_inbox_masks_it(cast):
    applications = Applications(cast)
    applications.returned(reasons=f"号码 {NUMBER} 与材料不符")
    body = Notification.objects.get(account=cast.account("market.clerk")).body
    assert "140525********0099" in body
    assert NUMBER not in body
