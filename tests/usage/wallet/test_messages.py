"""The holder's inbox, and who they are here (P.2.3.5, M.20)."""

import pytest

from tests.cast import Cast
from tests.holders import checked, holder_actor, holder_client, mandate_of
from tests.usage.wallet.scene import firm, person
from tests.usage.wallet.test_wallet_page import words
from usage.wallet import messages as wallet
from zezhou_portal.parties.models import Holder, Notification, Power


def told(holder: Holder, title: str, **how: object) -> Notification:
    return Notification.objects.create(
        holder=holder, action="expiry_reminded", title=title, body="请到窗口办理。", **how
    )


@pytest.mark.article("P.2.3.5")
def test_inbox_when_opened_then_ones_own_and_whom_one_acts_for(
    cast: Cast, django_assert_max_num_queries
) -> None:
    owner, house, neighbour = person("谢洋"), firm("谢洋面馆"), person("邻居")
    told(owner, "取水许可证 30 天后到期")
    told(house, "卫生许可证 7 天后到期", is_urgent=True)
    told(neighbour, "邻居的证到期")
    alone = words(holder_client(owner).get("/wallet/messages/"))
    assert "取水许可证 30 天后到期" in alone
    assert "卫生许可证" not in alone
    client = holder_client(owner, mandate_of(owner, house))
    with django_assert_max_num_queries(12):
        both = client.get("/wallet/messages/")
    assert [row.title for row in both.context["waiting"]] == [
        "卫生许可证 7 天后到期",
        "取水许可证 30 天后到期",
    ]
    assert "2 条未读" in words(both)
    assert "邻居的证到期" not in both.content.decode()


@pytest.mark.article("P.2.3.5")
def test_message_when_read_then_read_once_and_follows_only_our_own_links(cast: Cast) -> None:
    owner = person("谢洋")
    inside = told(owner, "一", link="/wallet/mine/")
    outside = told(owner, "二", link="https://other.example/")
    other = told(person("邻居"), "三")
    client = holder_client(owner)
    answer = client.post(f"/wallet/messages/{inside.uuid}/read/", {"go": "yes"})
    assert answer["Location"] == "/wallet/mine/"
    answer = client.post(f"/wallet/messages/{outside.uuid}/read/", {"go": "yes"})
    assert answer["Location"] == "/wallet/messages/"
    inside.refresh_from_db()
    first = inside.read_at
    wallet.read_message(actor=holder_actor(owner), notification=inside)
    assert inside.read_at == first is not None
    assert client.post(f"/wallet/messages/{other.uuid}/read/").status_code == 404
    wallet.read_message(actor=holder_actor(owner), notification=other)
    assert other.read_at is None


@pytest.mark.article("P.2.3.5")
def test_messages_when_all_are_read_then_nobody_elses(cast: Cast) -> None:
    owner, neighbour = person("谢洋"), person("邻居")
    for place in range(40):
        told(owner, f"第 {place} 条")
    theirs = told(neighbour, "邻居的")
    client = holder_client(owner)
    page = client.get("/wallet/messages/")
    assert len(page.context["waiting"]) == 30
    assert "先显示 30 条" in words(page)
    assert client.post("/wallet/messages/read/")["Location"] == "/wallet/messages/"
    theirs.refresh_from_db()
    assert theirs.read_at is None
    after = client.get("/wallet/messages/")
    assert not after.context["waiting"]
    assert len(after.context["page"].rows) == 20
    assert after.context["page"].after


def test_inbox_when_empty_then_says_when_something_comes(cast: Cast) -> None:
    said = words(holder_client(person("谢洋")).get("/wallet/messages/"))
    assert "没有消息 证照快到期、有变动，或者有人替您办理时，会出现在这里。" in said


@pytest.mark.article("M.20")
def test_mine_when_opened_then_masked_with_the_latest_sign_ins_and_the_way_out(cast: Cast) -> None:
    owner, house = person("谢洋洋"), firm("谢洋面馆")
    number = owner.identity_number
    for _ in range(7):
        checked(owner)
    checked(person("邻居"), level=4)
    page = holder_client(owner, mandate_of(owner, house, powers=(Power.SEE,))).get("/wallet/mine/")
    body = page.content.decode()
    assert "谢**" in body
    assert "谢洋洋" not in body
    assert number not in body
    assert number[:6] + "********" + number[-4:] in body
    assert len(page.context["checks"]) == 5
    assert "等级 4 级" not in body
    assert "谢洋面馆" in body
    for action in ("/sign-out/", "/elder/", "/theme/"):
        assert f'action="{action}"' in body
    assert body.count("，这一次") == 1
