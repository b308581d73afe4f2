"""The wallet: every card of one's own, in order, and nothing of anybody else's."""

import re
from datetime import timedelta

import pytest
import time_machine

from licences.models import LicenceMark, LicenceStatus
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.wallet.scene import Hands, firm, in_days, person
from usage.presenting import switching
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Power


def words(answer) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<svg.*?</svg>|<script.*?</script>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_wallet_when_opened_then_in_force_first_and_ended_last(
    hands: Hands, wednesday: time_machine.Traveller
) -> None:
    owner = person("谢洋")
    ended = hands.licence(owner, kind_name="动物防疫条件合格证", state="CANCELLED")
    LicenceStatus.objects.filter(licence=ended, until__isnull=True).update(until=clock.now())
    LicenceStatus.objects.create(
        licence=ended, state="CANCELLED", since=clock.now(), act="licence_cancelled"
    )
    over = hands.licence(owner, kind_name="过期的证", valid_until=in_days(-1), valid_from=None)
    detained = hands.licence(owner, kind_name="暂扣的证", state="DETAINED")
    first = hands.licence(owner, kind_name="先发的证")
    wednesday.shift(timedelta(minutes=1))
    good = hands.licence(owner, kind_name="营业执照")
    answer = holder_client(owner).get("/wallet/")
    page = answer.content.decode()
    order = [card.licence.pk for card in answer.context["rows"]]
    assert order == [good.pk, first.pk, detained.pk, over.pk, ended.pk]
    assert f"/wallet/show/?licence={good.uuid}" in page
    for one in (detained, over, ended):
        assert f"/wallet/show/?licence={one.uuid}" not in page
    assert page.count("怎么重新办") == 2
    issuer = ended.issuing_department.credit_code
    assert f"/catalogue/{ended.type_code}/{issuer}/" in page
    assert page.count("zz-card-off") == 2
    said = words(answer)
    assert "谢洋，您好" in said
    assert "已实名认证，今天 10:01" in said
    assert "我的证照 5 份" in said
    assert "注销日期 2026年11月18日" in said
    assert "已过期" in said


def test_wallet_when_it_holds_nothing_then_says_when_something_comes(db: None) -> None:
    said = words(holder_client(person("谢洋")).get("/wallet/"))
    assert "没有查到您名下的证照 刚办的通常 1 分钟内出现；少了请告诉制发单位。" in said
    assert "0 份" not in said


def test_wallet_when_held_together_then_the_others_are_masked(hands: Hands) -> None:
    owner, wife, house = person("谢洋"), person("王秀兰"), firm("泽州县供销社")
    hands.licence(owner, wife, house, kind_name="不动产权证书")
    answer = holder_client(owner).get("/wallet/")
    said = words(answer)
    assert "与王**、泽州县供销社共同持有" in said
    assert "王秀兰" not in answer.content.decode()
    assert "与谢*、泽州县供销社共同持有" in words(holder_client(wife).get("/wallet/"))


def test_wallet_when_a_number_is_its_holders_then_masked_on_the_card(hands: Hands) -> None:
    owner = person("谢洋")
    hands.licence(owner, number="优待140525199001010136号")
    page = holder_client(owner).get("/wallet/").content.decode()
    assert "140525199001010136" not in page
    assert "优待140525********0136号" in page


@pytest.mark.article("M.20")
def test_wallet_when_known_by_an_outside_subject_too_then_holds_what_both_hold(
    hands: Hands,
) -> None:
    owner, outside, neighbour = person("谢洋"), person("谢洋"), person("谢洋")
    mine, also = hands.licence(owner), hands.licence(outside)
    hands.licence(neighbour)
    outside.same_as = owner
    outside.save()
    cards = holder_client(owner).get("/wallet/").context["rows"]
    assert {card.licence.pk for card in cards} == {mine.pk, also.pk}
    assert len(holder_client(outside).get("/wallet/").context["rows"]) == 1


def test_reminders_when_several_end_soon_then_the_two_nearest(hands: Hands) -> None:
    owner = person("谢洋")
    for days, kind in ((59, "第三"), (7, "第一"), (30, "第二"), (61, "还早")):
        hands.licence(owner, kind_name=f"{kind}证", valid_until=in_days(days), valid_from=None)
    client = holder_client(owner)
    shown = [(row.kind_name, days) for row, days in client.get("/wallet/").context["reminders"]]
    assert shown == [("第一证", 7), ("第二证", 30)]
    client.cookies["elder"] = "18"
    assert len(client.get("/wallet/").context["reminders"]) == 1


def test_search_when_more_than_a_handful_then_by_kind_or_number(hands: Hands) -> None:
    owner = person("谢洋")
    one = hands.licence(owner, kind_name="卫生许可证")
    client = holder_client(owner)
    assert 'name="q"' not in client.get("/wallet/").content.decode()
    hands.twins(one, owner, 30, kind_name="取水许可证")
    first = client.get("/wallet/")
    assert 'name="q"' in first.content.decode()
    assert len(first.context["rows"]) == 20
    second = client.get("/wallet/", {"page": first.context["page"].after})
    seen = [card.licence.pk for card in (*first.context["rows"], *second.context["rows"])]
    assert len(seen) == len(set(seen)) == 31
    found = client.get("/wallet/", {"q": "卫生"})
    assert [card.licence.pk for card in found.context["rows"]] == [one.pk]
    found = client.get("/wallet/", {"q": "第 007"})
    assert [card.number for card in found.context["rows"]] == ["二〇二六第 007 号"]
    assert "没有名称或编号里有这几个字的证照" in words(client.get("/wallet/", {"q": "晋香"}))


def test_wallet_when_full_then_few_queries_and_a_small_page(
    hands: Hands, django_assert_max_num_queries
) -> None:
    owner, wife = person("谢洋"), person("王秀兰")
    one = hands.licence(owner, wife, kind_name="名" * 40)
    hands.twins(one, owner, 40, kind_name="泽州县农业机械驾驶培训学校办学许可证（副本）" * 2)
    for place in range(6):
        mandate_of(owner, firm(f"第{place}公司"))
    LicenceMark.objects.create(licence=one, kind="OBJECTED", detail="住所", since=clock.now())
    client = holder_client(owner)
    with django_assert_max_num_queries(16):
        answer = client.get("/wallet/")
    assert answer.status_code == 200
    assert len(answer.content) < 100_000


def test_switcher_when_one_acts_for_others_then_names_each_once(hands: Hands) -> None:
    owner, house = person("谢洋"), firm("谢洋面馆")
    hands.licence(house)
    mandate = mandate_of(owner, house)
    page = holder_client(owner).get("/wallet/").content.decode()
    assert page.count(f'name="mandate" value="{mandate.uuid}"') == 1
    assert 'action="/wallet/switch/"' in page
    acting = holder_client(owner, mandate).get("/wallet/")
    assert "企业证照 1 份" in words(acting)
    assert "代谢洋面馆办理" in words(acting)
    assert 'name="mandate"' not in holder_client(person("无人")).get("/wallet/").content.decode()


def test_card_when_switched_off_then_offers_to_open_it(hands: Hands) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    switching.switch_off(actor=holder_actor(owner), licence=licence)
    page = holder_client(owner).get("/wallet/").content.decode()
    assert "已关闭亮证" in page
    assert f"/wallet/licences/{licence.uuid}/switch-on/" in page
    assert f"/wallet/show/?licence={licence.uuid}" not in page


def test_agent_when_the_power_to_show_is_missing_then_no_such_button(hands: Hands) -> None:
    agent, house = person("张三"), firm("谢洋面馆")
    licence = hands.licence(house)
    mandate = mandate_of(agent, house, powers=(Power.SEE,))
    client = holder_client(agent, mandate)
    assert f"?licence={licence.uuid}" not in client.get("/wallet/").content.decode()
    card = client.get(f"/wallet/licences/{licence.uuid}/").content.decode()
    assert "关闭亮证" not in card
    assert "您代办的权限里没有“下载证照和加注件”" in card


@pytest.mark.parametrize("path", ["/wallet/", "/wallet/messages/", "/wallet/mine/"])
def test_frame_when_shown_then_installable_and_light(db: None, path: str) -> None:
    page = holder_client(person("谢洋")).get(path).content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert 'data-zz-install="/service-worker.js"' in page
    assert "htmx.min.js" not in page
    assert 'data-zz-idle="1200"' in page
    assert "20 分钟没有操作，会自动退出。" in page
    assert page.count('aria-current="page"') == 1
