"""Review, sign-off, result and the application's own page (M.6, M.7, M.9, M.26)."""

import re

import pytest
from django.urls import reverse

from audit.trail.models import Record
from licences.applications import issuing, reviewing
from licences.models import Application, Licence
from tests.factories.licences import VETERAN, Applications
from tests.factories.parties import HolderFactory, PostingFactory
from tests.factories.seals import seal_of
from zezhou_portal.kernel.differences import differences
from zezhou_portal.parties.models import Role

pytestmark = pytest.mark.usefixtures("wednesday")


def at(name, application):
    return reverse(f"licences:{name}", args=[application.uuid])


def decision(application, which, **more):
    return {"decision": which, "reasons": "", "revision": application.revision, **more}


def as_also(cast, who, role):
    PostingFactory(account=cast.account(who), department=cast.market, role=role.value)
    return cast.client(who)


def test_differences_when_texts_differ_then_only_what_differs_is_marked():
    left, right = differences("泽州县巴公镇南街8号", "泽州县巴公镇南街6号")
    assert [(p.text, p.is_marked) for p in left] == [
        ("泽州县巴公镇南街", False),
        ("8", True),
        ("号", False),
    ]
    assert [p.text for p in right if p.is_marked] == ["6"]


def test_review_when_a_value_differs_from_its_source_then_highlighted(
    cast, applications, django_assert_max_num_queries
):
    application = applications.submitted()
    row = Application.objects.get()
    row.values["legal_representative"].update(was="郭样品", was_source="营业执照第 2 版")
    row.save()
    client = cast.client("market.reviewer")
    with django_assert_max_num_queries(30):
        text = client.get(at("review", application)).content.decode()
    assert "7 项中 1 项不一致，4 项要对照材料" in text
    assert "<mark>例</mark>" in text
    assert "<mark>品</mark>" in text
    assert "营业执照第 2 版" in text


def test_review_when_pressed_then_asked_first_and_done_after_the_confirmation(cast, applications):
    first, second = applications.submitted(), applications.submitted()
    client = cast.client("market.reviewer")
    response = client.post(at("review", first), decision(first, "approve"))
    assert response.status_code == 200
    assert "审核通过这一件？" in response.content.decode()
    assert Application.objects.get(pk=first.pk).state == "UNDER_REVIEW"
    response = client.post(at("review", first), decision(first, "approve", confirmed="yes"))
    assert response["Location"] == at("review", second)
    assert Application.objects.get(pk=first.pk).state == "APPROVED"
    response = client.post(
        at("review", second),
        decision(second, "send_back", reasons="取水量没有依据", fields_named=["intake_volume"],
                 confirmed="yes"),
    )  # fmt: skip
    assert response["Location"] == reverse("licences:review-queue")
    review = Application.objects.get(pk=second.pk).reviews.get()
    assert (review.decision, review.reasons, review.fields) == (
        "returned",
        "取水量没有依据",
        ["intake_volume"],
    )


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ("", "还没有选一种意见"),
        ("send_back", "还没有写理由。退回和不予通过都要写明理由"),
        ("refuse", "还没有写理由。退回和不予通过都要写明理由"),
    ],
)
def test_review_when_the_choice_asks_for_more_then_said(cast, applications, which, sentence):
    application = applications.submitted()
    response = cast.client("market.reviewer").post(
        at("review", application), decision(application, which)
    )
    assert response.status_code == 422
    assert response.content.decode().count(sentence) == 2
    assert Application.objects.get().state == "UNDER_REVIEW"


def test_review_when_changed_meanwhile_then_the_sentence_and_nothing_done(cast, applications):
    application = applications.submitted()
    stale = decision(application, "approve", revision=application.revision - 1, confirmed="yes")
    response = cast.client("market.reviewer").post(at("review", application), stale)
    assert response.status_code == 422
    assert "您打开这一页以后，这一件有变化。请刷新，看过再决定" in response.content.decode()


@pytest.mark.article("M.7")
def test_review_when_the_capturer_looks_then_told_why_not_and_refused_if_they_try(
    cast, applications
):
    application = applications.submitted()
    client = as_also(cast, "market.clerk", Role.REVIEWER)
    text = client.get(at("review", application)).content.decode()
    assert reviewing.OWN_APPLICATION in text
    assert "下一步：确认" not in text
    response = client.post(
        at("review", application), decision(application, "approve", confirmed="yes")
    )
    assert response.status_code == 422
    assert Application.objects.get().state == "UNDER_REVIEW"
    assert application.number not in client.get(reverse("licences:review-queue")).content.decode()


@pytest.mark.article("M.26")
def test_review_when_a_number_is_masked_then_opened_only_on_the_record(cast):
    veterans = Applications(cast, kind=VETERAN)
    holder = HolderFactory()
    application = veterans.received(holders=[holder])
    Application.objects.update(state="UNDER_REVIEW")
    client = cast.client("market.reviewer")
    assert holder.identity_number not in client.get(at("review", application)).content.decode()
    text = client.post(at("review", application), {"what": "citizen_id"}).content.decode()
    assert holder.identity_number in text
    assert Record.objects.get(action="value_unmasked").facts == {"what": "citizen_id"}


@pytest.mark.parametrize("name", ["review", "sign-off", "preview", "sign-off-result"])
def test_judging_when_a_neighbour_then_not_found(cast, applications, name):
    application = applications.approved()
    who = "land.reviewer" if name == "review" else "land.signatory"
    assert cast.client(who).get(at(name, application)).status_code == 404


def test_sign_off_when_shown_then_preview_checks_and_few_queries(
    cast, applications, django_assert_max_num_queries
):
    seal = seal_of(cast.market)
    application = applications.approved()
    client = cast.client("market.signatory")
    with django_assert_max_num_queries(30):
        text = client.get(at("sign-off", application)).content.decode()
    for words in (at("preview", application), "数据项齐全、合规则", f"电子印章“{seal.name}”可用"):
        assert words in text
    picture = client.get(at("preview", application))
    assert picture["Content-Type"] == "image/svg+xml"
    assert "sandbox" in picture["Content-Security-Policy"]
    assert 'href="#mark"' in picture.content.decode()


def test_sign_off_when_there_is_no_seal_then_the_check_says_so(cast, applications):
    application = applications.approved()
    text = cast.client("market.signatory").get(at("sign-off", application)).content.decode()
    assert "没有可用的电子印章，不能签发。请找印章保管人" in text


@pytest.mark.article("M.9")
def test_sign_off_when_confirmed_then_the_result_waits_and_asks_every_two_seconds(
    cast, applications
):
    seal_of(cast.market)
    application = applications.approved()
    client = cast.client("market.signatory")
    asked = client.post(
        at("sign-off", application), decision(application, "issue")
    ).content.decode()
    assert "签发这份取水许可证？" in asked
    assert Licence.objects.count() == 0
    response = client.post(
        at("sign-off", application), decision(application, "issue", confirmed="yes")
    )
    assert response["Location"] == at("sign-off-result", application)
    text = client.get(response["Location"]).content.decode()
    assert "已签发，正在制证" in text
    assert 'hx-trigger="every 2s"' in text
    assert "今天到期" in text
    Licence.objects.update(state="IN_FORCE")
    part = client.get(response["Location"] + "?part=1").content.decode()
    assert "证照已生效" in part
    assert "hx-trigger" not in part
    assert "<html" not in part


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("market.clerk", issuing.CAPTURED_IT), ("market.reviewer", issuing.REVIEWED_IT)],
)
def test_sign_off_when_an_earlier_hand_looks_then_told_why_not(cast, applications, who, sentence):
    seal_of(cast.market)
    application = applications.approved()
    client = as_also(cast, who, Role.SIGNATORY)
    assert sentence in client.get(at("sign-off", application)).content.decode()
    posted = client.post(
        at("sign-off", application), decision(application, "issue", confirmed="yes")
    )
    assert posted.status_code == 422
    assert Licence.objects.count() == 0


def test_batch_when_some_are_stale_then_the_sum_first_and_refusals_by_row(cast, applications):
    seal_of(cast.market)
    good, stale = (
        applications.approved(applications.received(has_paper=True)),
        applications.approved(),
    )
    client = cast.client("market.signatory")
    url = reverse("licences:sign-off-batch")
    chosen = [f"{good.uuid}:{good.revision}", f"{stale.uuid}:{stale.revision - 1}"]
    text = client.get(url, {"application": chosen}).content.decode()
    assert "2 份证照入库并随即制证盖章：取水许可证 2 份" in text
    assert "其中 1 份同时发放纸质证照" in text
    assert Licence.objects.count() == 0
    text = client.post(url, {"application": chosen, "confirmed": "yes"}).content.decode()
    assert "已签发 1 份，正在制证" in text
    assert "1 份没有签发，原样没变" in text
    assert "您打开这一页以后，这一件有变化" in text
    assert Licence.objects.get().application == good


def test_batch_when_nothing_or_a_neighbours_is_ticked_then_nothing_happens(cast, applications):
    seal_of(cast.market)
    application = applications.approved()
    url = reverse("licences:sign-off-batch")
    own = cast.client("market.signatory").post(url, {"application": ["x:1", "1"]}, follow=True)
    assert "还没有选要签发的件" in own.content.decode()
    token = [f"{application.uuid}:{application.revision}"]
    cast.client("land.signatory").post(url, {"application": token, "confirmed": "yes"})
    assert cast.client("market.reviewer").post(url, {"application": token}).status_code == 403
    assert Licence.objects.count() == 0


def test_queue_when_fifty_wait_then_few_queries(cast, applications, django_assert_max_num_queries):
    made = [applications.approved() for _ in range(4)]
    client = cast.client("market.signatory")
    with django_assert_max_num_queries(30):
        text = client.get(reverse("licences:sign-off-queue")).content.decode()
    assert re.findall(r'name="application"\s+value="([^"]+)"', text) == [
        f"{one.uuid}:{one.revision}" for one in made
    ]


@pytest.mark.article("M.26")
def test_application_when_shown_then_numbers_are_masked_until_opened_on_the_record(
    cast, applications, django_assert_max_num_queries
):
    holder = HolderFactory(enterprise=True)
    application = applications.submitted(applications.received(holders=[holder]))
    client = cast.client("market.reviewer")
    with django_assert_max_num_queries(30):
        text = client.get(at("application", application)).content.decode()
    assert holder.identity_number not in text
    for words in ("收件", "采集信息", "提交审核", "去审核"):
        assert words in text
    what = {"what": f"holder:{holder.uuid}"}
    assert (
        holder.identity_number
        in client.post(at("unmask-application", application), what).content.decode()
    )
    assert Record.objects.get(action="value_unmasked").subject_key == str(application.uuid)
    assert (
        cast.client("market.signatory")
        .post(at("unmask-application", application), what)
        .status_code
        == 403
    )
    assert (
        cast.client("land.reviewer").post(at("unmask-application", application), what).status_code
        == 404
    )


@pytest.mark.article("M.9")
def test_paper_when_recorded_on_the_page_then_blank_before_handing_over(cast, applications):
    licence = applications.issued(applications.received(has_paper=True))
    application = licence.application
    client = cast.client("market.clerk")
    early = client.post(at("hand-over", application), {"paper_taken_by": "李样例"})
    assert early.status_code == 422
    assert "先登记印刷号，再登记发放" in early.content.decode()
    empty = client.post(at("record-blank", application), {"paper_blank_number": ""})
    assert "还没有填印刷号" in empty.content.decode()
    client.post(at("record-blank", application), {"paper_blank_number": "NO.17"})
    done = client.post(at("hand-over", application), {"paper_taken_by": "李样例"}, follow=True)
    assert "由 李样例 领取" in done.content.decode()
    assert cast.client("land.clerk").post(at("record-blank", application), {}).status_code == 404
