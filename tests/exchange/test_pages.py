"""The exchange desk: one's own department's messages, the city's reason, sending again."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.records import outcomes
from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.models import Attempt, Outbound
from zezhou_portal.exchange.services import receiving
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public
from zezhou_portal.kernel.subjects import Subject

pytestmark = pytest.mark.django_db


def posted(department, key="one", topic="licence_detained", order=1) -> Outbound:
    subject = Subject("licence", key, f"食品经营许可证 {key}")
    return post(topic, department, subject, order, {"metadata": {"CZZT": "秘密名字"}})


def refused(department, key="one") -> Outbound:
    row = posted(department, key)
    Outbound.objects.filter(pk=row.pk).update(state="SENT", city_number=f"SIM-{key}")
    receiving.receive(str(row.uuid), f"SIM-{key}", "refused", "<b>缺少必填项</b>")
    return row


def test_the_desk_shows_the_city_s_own_words_in_quotes_and_escaped(cast):
    refused(cast.market)
    page = cast.client("market.clerk").get("/exchange/?state=REFUSED").content.decode()
    assert "“&lt;b&gt;缺少必填项&lt;/b&gt;”" in page
    assert "食品经营许可证 one" in page
    assert "秘密名字" not in page


def test_the_desk_lists_only_the_own_department_s_messages(cast):
    posted(cast.market, "ours")
    posted(cast.land, "theirs")
    page = cast.client("market.reviewer").get("/exchange/").content.decode()
    assert "食品经营许可证 ours" in page
    assert "食品经营许可证 theirs" not in page


def test_an_empty_desk_says_what_will_come(cast):
    page = cast.client("market.clerk").get("/exchange/").content.decode()
    assert "还没有推送过" in page
    assert "<table" not in page
    page = cast.client("market.clerk").get("/exchange/?state=SENT").content.decode()
    assert "没有这样的推送" in page


def test_the_desk_pages_by_key(cast):
    for number in range(25):
        posted(cast.market, f"k{number:02}")
    client = cast.client("market.clerk")
    first = client.get("/exchange/")
    assert len(first.context["rows"]) == 20
    second = client.get("/exchange/", {"page": first.context["page"].after})
    shown = {row.message.subject_key for page in (first, second) for row in page.context["rows"]}
    assert shown == {f"k{number:02}" for number in range(25)}


def test_a_message_s_page_shows_every_try_and_the_receipt(cast):
    row = refused(cast.market)
    Attempt.objects.create(
        message=row, at=clock.now(), outcome="again", status=503, detail="维护中。", took_ms=12
    )
    page = cast.client("market.clerk").get(f"/exchange/{row.uuid}/").content.decode()
    assert "没有送到，会再试" in page
    assert "维护中。" in page
    assert "受理号 SIM-one" in page
    assert "改正后另报" in page
    assert "重新推送" not in page


def test_a_neighbour_s_message_is_a_404_to_see_and_to_resend(cast):
    row = refused(cast.market)
    client = cast.client("land.clerk")
    assert client.get(f"/exchange/{row.uuid}/").status_code == 404
    assert client.post(f"/exchange/{row.uuid}/resend/").status_code == 404
    assert client.post(f"/exchange/{row.uuid}/mend/").status_code == 404
    assert client.get(f"/exchange/{uuid.uuid4()}/").status_code == 404
    assert Outbound.objects.get().state == "REFUSED"


def test_a_clerk_resends_what_was_given_up(cast):
    row = posted(cast.market)
    Outbound.objects.update(state="GIVEN_UP", last_error="连不上市平台。")
    answer = cast.client("market.clerk").post(f"/exchange/{row.uuid}/resend/", follow=True)
    assert "已重新排进推送队列" in answer.content.decode()
    assert Outbound.objects.get().state == "WAITING"


def test_a_clerk_mends_a_refused_message_and_both_lead_to_each_other(cast):
    row = refused(cast.market)
    client = cast.client("market.clerk")
    answer = client.post(f"/exchange/{row.uuid}/mend/", follow=True)
    page = answer.content.decode()
    assert "已按现在登记的内容另报一条" in page
    assert "退回的第 1 件" in page
    new = Outbound.objects.get(state="WAITING")
    assert answer.redirect_chain[-1][0] == f"/exchange/{new.uuid}/"
    page = client.get(f"/exchange/{row.uuid}/").content.decode()
    assert f"/exchange/{new.uuid}/" in page
    assert "看另报的第 2 件" in page
    assert "改正后另报" not in page
    page = client.post(f"/exchange/{row.uuid}/mend/", follow=True).content.decode()
    assert "现在是“退回后已另报”，不能改正后另报。" in page


def test_resending_what_was_accepted_says_why_not(cast):
    row = posted(cast.market)
    receiving.receive(str(row.uuid), "SIM-1", "accepted")
    answer = cast.client("market.clerk").post(f"/exchange/{row.uuid}/resend/", follow=True)
    assert "现在是“市平台已接收”，不能重新推送。" in answer.content.decode()
    assert outcomes("message_resent") == [("refused", "食品经营许可证 one")]


def test_who_may_only_watch_gets_403_for_resending_and_a_record(cast):
    row = refused(cast.market)
    client = cast.client("market.reviewer")
    for verb, act in (("resend", "message_resent"), ("mend", "message_mended")):
        assert client.post(f"/exchange/{row.uuid}/{verb}/").status_code == 403
        assert [outcome for outcome, _ in outcomes(act)] == ["refused"]
    assert Outbound.objects.get().state == "REFUSED"


def test_who_has_no_posting_for_it_does_not_see_the_desk(cast):
    assert cast.client("bureau.auditor").get("/exchange/").status_code == 403
    assert cast.client("market.clerk").get("/exchange/departments/").status_code == 403


def test_the_supervisor_sees_numbers_of_all_and_contents_of_none(cast):
    row = refused(cast.market, "ours")
    client = cast.client("bureau.supervisor")
    page = client.get("/exchange/departments/").content.decode()
    assert "泽州县市场监督管理局" in page
    assert "食品经营许可证" not in page
    assert client.get(f"/exchange/{row.uuid}/").status_code == 404


def test_standings_when_counted_then_open_ones_and_what_was_accepted_lately(cast):
    for key, state in (("a", "ACCEPTED"), ("b", "ACCEPTED"), ("c", "REFUSED"), ("d", "MENDED")):
        row = posted(cast.market, key)
        Outbound.objects.filter(pk=row.pk).update(state=state)
    longer_ago = clock.now() - timedelta(days=selectors.ACCEPTED_DAYS, seconds=1)
    Outbound.objects.filter(subject_key="a").update(posted_at=longer_ago)
    waiting = posted(cast.land, "e")
    market, land = selectors.standings()
    assert (market.accepted, market.refused, market.waiting) == (1, 1, 0)
    assert market.oldest == Outbound.objects.get(subject_key="c").posted_at
    assert (land.department_name, land.waiting, land.accepted, land.oldest) == (
        cast.land.name, 1, 0, waiting.posted_at,
    )  # fmt: skip


def test_the_command_is_dry_unless_told(cast):
    row = refused(cast.market)
    out = StringIO()
    call_command("resend_message", str(row.uuid), stdout=out)
    assert "暂扣 食品经营许可证 one：市平台退回（<b>缺少必填项</b>）" in out.getvalue()
    assert "没有改动" in out.getvalue()
    assert Outbound.objects.get().state == "REFUSED"
    with pytest.raises(CommandError, match="没有这一件推送"):
        call_command("resend_message", str(uuid.uuid4()))
    with pytest.raises(CommandError, match="请用 --as"):
        call_command("resend_message", str(row.uuid), "--commit")
    with pytest.raises(CommandError, match="重新推送"):
        call_command("resend_message", str(row.uuid), "--commit", "--as", "land.clerk")


def test_the_command_sends_now_and_says_what_came_of_it(cast, settings):
    settings.CITY_ADDRESS = "http://127.0.0.1:9"
    row = refused(cast.market)
    out = StringIO()
    call_command("resend_message", str(row.uuid), "--commit", "--as", "market.clerk", stdout=out)
    assert out.getvalue().splitlines()[-1] == "暂扣 食品经营许可证 one：待推送（连不上市平台。）"
    assert outcomes("message_mended") == [("done", "食品经营许可证 one")]


def test_who_acts_for_no_department_sees_no_message(cast):
    posted(cast.market)
    assert list(selectors.visible_to(public())) == []


def test_the_list_can_be_narrowed_by_kind(cast):
    posted(cast.market, "one")
    posted(cast.market, "two", topic="licence_revoked")
    client = cast.client("market.clerk")
    page = client.get("/exchange/?topic=licence_revoked").content.decode()
    assert "食品经营许可证 two" in page
    assert "食品经营许可证 one" not in page
