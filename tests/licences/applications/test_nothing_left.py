"""What a state secret and a replaced file leave behind: nothing on the disk, nothing in rows (M.3)."""

import io
import json

import pytest
from PIL import Image

from audit.trail.models import Record
from licences.applications import capturing, receiving, reviewing
from licences.models import Attachment
from tests.cast import Cast
from tests.factories.licences import VETERAN, Matters
from tests.factories.parties import HolderFactory, PostingFactory
from tests.factories.seals import seal_of
from zezhou_portal.kernel import clock, files
from zezhou_portal.parties.models import Holder, Notification
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.usefixtures("wednesday")

NUMBER = "140525199001010099"


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 500), colour).save(out, "PNG")
    return out.getvalue()


def attach(matters: Matters, matter, data: bytes, *, item_key: str = "", title: str = "材料"):
    return capturing.attach(
        actor=matters.actor("clerk"), application=matter, title=title,
        file_name="张三的秘密.pdf", data=data, item_key=item_key,
    )  # fmt: skip


@pytest.mark.article("M.3")
def test_secret_when_files_were_replaced_or_taken_out_then_those_go_from_the_disk_too(cast):
    matters = Matters(cast, kind=VETERAN)
    matter = matters.received(holders=[HolderFactory()])
    first = attach(matters, matter, picture("#111"), item_key="photo")
    second = attach(matters, matter, picture("#222"), item_key="photo")
    out = attach(matters, matter, b"%PDF-taken out")
    capturing.remove_attachment(actor=matters.actor("clerk"), application=matter, attachment=out)
    assert all(files.path_of(one.digest).exists() for one in (first, second, out))
    receiving.declare_secret(actor=matters.actor("clerk"), application=matter)
    assert not any(files.path_of(one.digest).exists() for one in (first, second, out))


@pytest.mark.article("M.26")
def test_file_when_replaced_or_taken_out_then_erased_once_that_is_certain(
    cast, django_capture_on_commit_callbacks
):
    matters = Matters(cast, kind=VETERAN)
    matter = matters.received(holders=[HolderFactory()])
    first = attach(matters, matter, picture("#333"), item_key="photo")
    out = attach(matters, matter, b"%PDF-out")
    with django_capture_on_commit_callbacks(execute=True):
        second = attach(matters, matter, picture("#444"), item_key="photo")
        capturing.remove_attachment(
            actor=matters.actor("clerk"), application=matter, attachment=out
        )
    assert not files.path_of(first.digest).exists()
    assert not files.path_of(out.digest).exists()
    assert files.read(second.digest) == picture("#444")


def test_photo_when_the_same_is_sent_twice_then_it_stays(cast, django_capture_on_commit_callbacks):
    matters = Matters(cast, kind=VETERAN)
    matter = matters.received(holders=[HolderFactory()])
    with django_capture_on_commit_callbacks(execute=True):
        attach(matters, matter, picture("#555"), item_key="photo")
        again = attach(matters, matter, picture("#555"), item_key="photo")
    assert files.read(again.digest) == picture("#555")
    assert Attachment.objects.filter(application=matter).count() == 1


@pytest.mark.article("M.3")
def test_secret_when_a_file_is_a_seal_s_impression_then_the_seal_keeps_it(cast):
    seal = seal_of(cast.market)
    impression = files.read(seal.impression_digest)
    matters = Matters(cast)
    matter = matters.received()
    attach(matters, matter, impression)
    receiving.declare_secret(actor=matters.actor("clerk"), application=matter)
    assert files.read(seal.impression_digest) == impression


@pytest.mark.article("M.3")
def test_secret_when_declared_after_a_return_then_no_word_of_it_is_left(cast):
    matters = Matters(cast)
    matter = matters.returned(reasons="井口坐标 112.9 与图不符")
    holder = matter.holder_links.get().holder
    attach(matters, matter, b"%PDF-secret", title="绝密井图")
    receiving.declare_secret(actor=matters.actor("clerk"), application=matter)
    matter.refresh_from_db()
    assert (matter.values, matter.valid_from, matter.valid_until) == ({}, None, None)
    assert (matter.is_long_term, matter.has_paper, matter.service_item) == (False, False, None)
    assert list(matter.reviews.values_list("reasons", "fields")) == [("", [])]
    assert not Holder.objects.filter(pk=holder.pk).exists()
    assert not Notification.objects.filter(link__contains=str(matter.uuid)).exists()
    told = json.dumps(
        list(Record.objects.filter(subject_key=str(matter.uuid)).values("facts", "subject_label")),
        ensure_ascii=False,
    )
    assert not [word for word in ("112.9", "绝密", "张三", holder.name) if word in told]


@pytest.mark.article("M.3")
def test_secret_when_the_holder_stands_in_another_matter_then_the_holder_stays(cast):
    matters = Matters(cast)
    holder = HolderFactory(enterprise=True)
    matter, _other = matters.received(holders=[holder]), matters.received(holders=[holder])
    receiving.declare_secret(actor=matters.actor("clerk"), application=matter)
    assert Holder.objects.filter(pk=holder.pk).exists()


@pytest.mark.article("M.7")
def test_review_when_somebody_took_a_file_out_then_that_hand_may_not_judge(cast):
    matters = Matters(cast)
    matter = matters.received()
    file = attach(matters, matter, b"%PDF-x")
    helper = cast.account("market.reviewer")
    PostingFactory(account=helper, department=cast.market, role="capture_clerk")
    actor = official(helper, cast.market, live_postings(helper, clock.today()))
    capturing.remove_attachment(actor=actor, application=matter, attachment=file)
    matter.refresh_from_db()
    row = matters.submitted(matter)
    with pytest.raises(RuleBroken, match="您是这件的采集人"):
        reviewing.approve(actor=actor, application=row, revision=row.revision)


@pytest.mark.article("M.26")
def test_reasons_when_they_name_a_person_by_number_then_the_inbox_masks_it(cast):
    matters = Matters(cast)
    matters.returned(reasons=f"号码 {NUMBER} 与材料不符")
    body = Notification.objects.get(account=cast.account("market.clerk")).body
    assert "140525********0099" in body
    assert NUMBER not in body
