"""Capture: what was typed is never lost, and what is wrong is said at its field (M.3, M.7)."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from licences.applications import capturing
from licences.models import Application
from tests.factories.catalogue import entry_of
from tests.factories.licences import VETERAN, WATER_VALUES, Applications
from tests.factories.parties import HolderFactory, credit_code

pytestmark = pytest.mark.usefixtures("wednesday")


def picture(side=400):
    out = io.BytesIO()
    Image.new("RGB", (side, side), "#eee").save(out, "PNG")
    return out.getvalue()


def address(application):
    return reverse("licences:capture", args=[application.uuid])


def form_of(application, **changes):
    """What a clerk's browser sends for a complete water permit."""
    return {
        "revision": application.revision,
        "holder_name": application.values["holder_name"]["value"],
        "credit_code": application.values["credit_code"]["value"],
        **WATER_VALUES,
        "valid_from": "2026年11月18日",
        "valid_until": "20311117",
        "touched": "no",
        "act": "save",
        **changes,
    }


def error_at(text, name):
    """The sentence at a field, as it is shown."""
    found = re.search(rf'id="id_{name}_error">(.*?)</span></span>', text, re.S)
    if found is None:
        return ""
    return re.sub(r"<[^>]+>", "", found[1]).replace("错误：", "").strip()


@pytest.fixture
def clerk(cast):
    return cast.client("market.clerk")


def test_page_when_fresh_then_a_field_for_every_item_and_few_queries(
    clerk, applications, django_assert_max_num_queries
):
    application = applications.received()
    with django_assert_max_num_queries(30):
        text = clerk.get(address(application)).content.decode()
    for item in applications.entry.items:
        assert f'name="{item["key"]}"' in text
    assert "持证人登记" in text
    assert "缺 1 项" in text
    assert "缺 4 项" in text
    assert 'role="alert"' not in text


def test_save_when_sound_and_faulty_are_typed_then_all_stand_there_again(clerk, applications):
    application = applications.received()
    typed = form_of(
        application,
        credit_code="91１４",
        intake_volume="很多",
        valid_until="2026-02-30",
        purpose="",
    )
    response = clerk.post(address(application), typed)
    assert response["Location"] == address(application)
    text = clerk.get(address(application)).content.decode()
    assert 'value="91１４"' in text
    assert 'value="很多"' in text
    assert 'value="2026-02-30"' in text
    assert error_at(text, "credit_code") == "统一社会信用代码应为 18 位，现在是 4 位"
    assert error_at(text, "intake_volume") == "只能填数字，可以有小数点，例如 12.5"
    assert error_at(text, "valid_until") == "日期不存在，2026年没有2月30日"
    assert error_at(text, "purpose") == ""
    assert "草稿已存" in text


def test_save_when_a_taken_over_value_is_changed_then_the_former_one_is_shown(clerk, applications):
    application = applications.received()
    clerk.post(address(application), form_of(application, holder_name="泽州县改过的名称"))
    text = clerk.get(address(application)).content.decode()
    before = application.values["holder_name"]["value"]
    assert f"原值“{before}”（持证人登记），已改" in text
    assert "手工录入" in text


def test_submit_when_things_are_wrong_then_summary_and_fields_say_the_same(clerk, applications):
    application = applications.received()
    response = clerk.post(
        address(application),
        form_of(
            application, act="submit", intake_site="", valid_until="2026-11-17", source_type=""
        ),
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "改好这 3 处就能提交" in text
    expected = {
        "intake_site": "还没有填取水地点",
        "source_type": "还没有选水源类型",
        "valid_until": "有效期至（2026年11月17日）早于有效期起（2026年11月18日）",
    }
    for name, sentence in expected.items():
        assert error_at(text, name) == sentence
        assert f'href="#id_{name}"' in text
        assert text.count(sentence) == 2
    assert Application.objects.get().state == "CAPTURING"


def test_submit_when_complete_then_under_review_and_said(clerk, applications):
    application = applications.received()
    response = clerk.post(address(application), form_of(application, act="submit"), follow=True)
    assert response.redirect_chain[-1][0] == reverse(
        "licences:application", args=[application.uuid]
    )
    assert "已提交审核" in response.content.decode()
    assert Application.objects.get().state == "UNDER_REVIEW"


@pytest.mark.parametrize(
    "written", ["2030-11-17", "2030年11月17日", "2030/11/17", "2030.11.17", "20301117"]
)
def test_date_when_written_in_a_usual_way_then_read(clerk, applications, written):
    application = applications.received()
    clerk.post(address(application), form_of(application, valid_until=written))
    application.refresh_from_db()
    assert application.valid_until.isoformat() == "2030-11-17"


def test_save_when_somebody_else_saved_then_said_kept_and_theirs_shown(clerk, applications):
    application = applications.received()
    applications.captured(application, purpose="别人填的")
    response = clerk.post(address(application), form_of(application, purpose="我填的"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "您打开这一页以后，别人改过这一件。您填的没有保存" in text
    assert 'value="我填的"' in text
    assert "现在存的是“别人填的”" in text
    fresh = Application.objects.get()
    assert fresh.values["purpose"]["value"] == "别人填的"
    response = clerk.post(
        address(application), form_of(fresh, purpose="我填的", revision=fresh.revision)
    )
    assert response.status_code == 302
    assert Application.objects.get().values["purpose"]["value"] == "我填的"


@pytest.mark.article("M.17")
def test_prefill_when_a_business_licence_is_in_force_then_its_version_is_named(
    cast, clerk, applications
):
    application = applications.received()
    row = Application.objects.get()
    row.values["legal_representative"] = {"value": "郭建军", "source": "营业执照第 2 版"}
    row.save()
    text = clerk.get(address(application)).content.decode()
    assert "营业执照第 2 版" in text
    assert 'value="郭建军"' in text


def test_return_when_sent_back_then_reasons_and_asked_items_stand_there(clerk, applications):
    application = applications.returned("地点与申请书不一致")
    text = clerk.get(address(application)).content.decode()
    assert "地点与申请书不一致" in text
    assert "审核人要求改这一项" in text


def test_files_when_right_and_wrong_then_kept_or_said_with_the_draft_saved(clerk, applications):
    application = applications.received()
    good = SimpleUploadedFile("申请书.pdf", b"%PDF-1.7 sample", content_type="text/html")
    clerk.post(
        address(application),
        form_of(application, act="upload", attachment_title="取水申请书", attachment=good),
    )
    kept = application.attachments.get()
    assert (kept.title, kept.media_type) == ("取水申请书", "application/pdf")
    fresh = Application.objects.get()
    bad = SimpleUploadedFile("页面.pdf", b"<html><script>", content_type="application/pdf")
    response = clerk.post(
        address(application), form_of(fresh, act="submit", purpose="先存着", attachment=bad)
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert error_at(text, "attachment") == "“页面.pdf”不是 PDF、JPG 或 PNG。请转成其中一种再传"
    fresh = Application.objects.get()
    assert (fresh.state, fresh.values["purpose"]["value"]) == ("CAPTURING", "先存着")
    clerk.post(address(application), form_of(fresh, act=f"remove:{kept.uuid}"))
    assert application.attachments.count() == 0


def test_photo_when_too_small_then_said_and_when_sound_then_shown(cast, clerk):
    veterans = Applications(cast, kind=VETERAN)
    application = veterans.received(holders=[HolderFactory()])
    small = SimpleUploadedFile("照片.png", picture(80), content_type="image/png")
    response = clerk.post(
        address(application), {"revision": application.revision, "act": "upload", "photo": small}
    )
    assert error_at(response.content.decode(), "photo") == (
        "照片太小，短边至少 150 像素，现在是 80 像素"
    )
    fresh = Application.objects.get()
    sound = SimpleUploadedFile("照片.png", picture(), content_type="image/png")
    clerk.post(address(application), {"revision": fresh.revision, "act": "upload", "photo": sound})
    photo = application.attachments.get(item_key="photo")
    text = clerk.get(address(application)).content.decode()
    assert reverse("licences:attachment", args=[application.uuid, photo.uuid]) in text


def test_attachment_when_opened_then_shown_inline_and_never_run(cast, clerk, applications):
    application = applications.received()
    data = picture()
    kept = capturing.attach(
        actor=applications.actor("clerk"),
        application=application,
        title="图",
        file_name="图.png",
        data=data,
    )
    url = reverse("licences:attachment", args=[application.uuid, kept.uuid])
    response = clerk.get(url)
    assert (response.content, response["Content-Type"]) == (data, "image/png")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%E5%9B%BE.png"
    assert response["Content-Security-Policy"].endswith("; sandbox")
    assert cast.client("land.clerk").get(url).status_code == 404
    assert cast.client("bureau.auditor").get(url).status_code == 403


@pytest.mark.article("M.3")
def test_secret_when_declared_in_the_form_then_nothing_typed_is_saved_and_it_is_asked(
    clerk, applications
):
    application = applications.received()
    response = clerk.post(address(application), form_of(application, touched="yes", purpose="秘密"))
    confirm = reverse("licences:declare-secret", args=[application.uuid])
    assert response["Location"] == confirm
    assert "purpose" not in Application.objects.get().values
    assert clerk.post(confirm, {}).status_code == 422
    assert Application.objects.get().state == "RECEIVED"
    text = clerk.post(confirm, {"sure": "on"}, follow=True).content.decode()
    assert "这一件因涉及国家秘密已清除" in text
    assert Application.objects.get().state == "ERASED"


def test_withdraw_when_pressed_then_the_draft_is_saved_and_a_reason_is_asked(clerk, applications):
    application = applications.received()
    response = clerk.post(
        address(application), form_of(application, act="withdraw", purpose="先存")
    )
    confirm = reverse("licences:withdraw-application", args=[application.uuid])
    assert response["Location"] == confirm
    assert Application.objects.get().values["purpose"]["value"] == "先存"
    text = clerk.post(confirm, {"reason": ""}).content.decode()
    assert error_at(text, "reason") == "还没有写撤回的原因"
    clerk.post(confirm, {"reason": "申请人不办了"})
    assert Application.objects.get().state == "WITHDRAWN"


def test_application_when_a_neighbours_or_unknown_then_not_found_on_every_page(cast, applications):
    entry_of("林木采伐许可证", cast.land)
    application = applications.received()
    pages = ["application", "capture", "withdraw-application", "declare-secret"]
    for name in pages:
        url = reverse(f"licences:{name}", args=[application.uuid])
        assert cast.client("land.clerk").get(url).status_code == 404, name
        unknown = reverse(f"licences:{name}", args=["00000000-0000-4000-8000-000000000000"])
        assert cast.client("market.clerk").get(unknown).status_code == 404, name
    posted = cast.client("land.clerk").post(
        address(application), form_of(application, purpose="邻居")
    )
    assert posted.status_code == 404
    assert "purpose" not in Application.objects.get().values


def test_capture_when_no_longer_in_capture_then_led_to_the_application(clerk, applications):
    application = applications.submitted()
    response = clerk.get(address(application), follow=True)
    assert response.redirect_chain[-1][0] == reverse(
        "licences:application", args=[application.uuid]
    )
    assert "这一件现在是“待审核”，不能再采集" in response.content.decode()
    assert clerk.post(address(application), form_of(application)).status_code == 409


def test_save_when_null_characters_are_sent_then_left_out(clerk, applications):
    application = applications.received()
    sent = form_of(application, purpose="农\x00业", valid_until="\x00", attachment_title="\x00")
    assert clerk.post(address(application), sent).status_code == 302
    assert Application.objects.get().values["purpose"]["value"] == "农业"


def test_holder_when_the_code_is_anothers_then_said_at_the_field(clerk, applications):
    application = applications.received()
    other = credit_code(555_001, "91140525")
    clerk.post(address(application), form_of(application, credit_code=other))
    text = clerk.get(address(application)).content.decode()
    assert error_at(text, "credit_code") == "与选定持证人登记的统一社会信用代码不一致。请核对"
