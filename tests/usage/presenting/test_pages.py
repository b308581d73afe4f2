"""Choosing what to show and the screen with the code, as a holder meets them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from licences.models import Licence, LicenceStatus
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.sealed import in_force, made
from usage.models import Presentation, PresentationCode, PresentationOff
from usage.presenting import presentations
from usage.verifying import codes, redemption
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Holder, Power

SHOW = "/wallet/show/"


def holder_of(licence: Licence) -> Holder:
    return Holder.objects.get(licence_links__licence=licence)


def posted(licence: Licence, **more: Any) -> dict[str, Any]:
    """What the page sends with one licence and one item ticked."""
    return {
        "whole": "1",
        "licence": [str(licence.uuid)],
        f"items-{licence.uuid}": ["purpose"],
        **more,
    }


def opened(client: Client, licence: Licence, **more: Any) -> Presentation:
    """A presentation opened through the page."""
    answer = client.post(SHOW, posted(licence, **more))
    assert answer.status_code == 303, answer.content.decode()
    row = Presentation.objects.latest("pk")
    assert answer["Location"] == f"{SHOW}{row.uuid}/"
    return row


def number_on(html: str) -> str:
    found = re.search(r'data-zz-spoken="([\d ]+)"', html)
    assert found is not None
    return found[1].replace(" ", "")


def rest_of(client: Client, address: str) -> str:
    """After how many seconds the screen without scripts fetches itself."""
    html = client.get(address).content.decode()
    found = re.search(r'<noscript>\s*<meta http-equiv="refresh" content="(\d+)">', html)
    return found[1] if found else ""


@pytest.mark.article("P.2.3.2")
def test_show_page_when_one_licence_then_one_press_leads_to_the_code(cast: Cast) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    html = client.get(SHOW).content.decode()
    assert re.search(rf'value="{licence.uuid}"\s+id="licence-{licence.uuid}"\s+checked', html)
    ticked = re.findall(r'value="(\w+)"\s+id="item-[^"]+"\s+checked', html)
    answer = client.post(
        SHOW,
        {"whole": "1", "licence": [str(licence.uuid)], f"items-{licence.uuid}": ticked},
        follow=True,
    )
    assert answer.redirect_chain == [(f"{SHOW}{Presentation.objects.get().uuid}/", 303)]
    screen = answer.content.decode()
    assert "请对方扫这个码" in screen
    assert answer["Cache-Control"] == "no-store"
    assert "全部公开项" in screen
    row = Presentation.objects.get()
    code = PresentationCode.objects.get(presentation=row)
    assert codes.number_index(number_on(screen)) == code.number_index


@pytest.mark.article("P.2.3.3")
def test_show_page_when_a_card_posts_a_licence_alone_then_the_open_items_are_shown(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    assert client.post(SHOW, {"licence": str(licence.uuid)}).status_code == 303
    shown = Presentation.objects.get().licences.get()
    assert "purpose" in shown.items
    client.post(SHOW, {"whole": "1", "licence": str(licence.uuid)})
    assert Presentation.objects.latest("pk").licences.get().items == []
    assert (
        "只出示照面"
        in client.get(f"{SHOW}{Presentation.objects.latest('pk').uuid}/").content.decode()
    )


@pytest.mark.article("P.2.3.3")
def test_screen_when_fetched_within_the_minute_then_the_same_code_and_nothing_written(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence)
    first = number_on(client.get(f"{SHOW}{row.uuid}/").content.decode())
    wednesday.shift(timedelta(seconds=59))
    assert number_on(client.get(f"{SHOW}{row.uuid}/code/").content.decode()) == first
    assert PresentationCode.objects.count() == 1
    wednesday.shift(timedelta(seconds=2))
    answer = client.get(f"{SHOW}{row.uuid}/code/")
    assert number_on(answer.content.decode()) != first
    assert answer["Cache-Control"] == "no-store"
    assert "<html" not in answer.content.decode()
    assert PresentationCode.objects.count() == 2


def test_screen_when_no_script_runs_then_it_fetches_itself_with_the_next_code(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence)
    address = f"{SHOW}{row.uuid}/"
    assert rest_of(client, address) == "60"
    wednesday.shift(timedelta(seconds=42))
    assert rest_of(client, address) == "18"
    client.post(f"{address}stop/")
    assert rest_of(client, address) == ""


@pytest.mark.article("P.2.3.3")
def test_consent_when_a_reader_asks_then_the_slip_asks_the_holder(cast: Cast) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence, ask="on")
    address = f"{SHOW}{row.uuid}/"
    number = number_on(client.get(address).content.decode())
    verifier = cast.actor("power.verifier")
    waiting = redemption.read_code(
        actor=verifier, understood=codes.understand(number, settings.PORTAL_ADDRESS)
    )
    assert client.get(f"{address}status/").json() == {"state": "ASKED"}
    html = client.get(f"{address}code/").content.decode()
    assert "想看 1 项" in html
    assert "照面、取水用途" in html
    assert "zz-qr" not in html
    assert client.post(f"{address}agree/").status_code == 303
    assert "已同意，等" in client.get(address).content.decode()
    row.refresh_from_db()
    redemption.fetch_agreed(actor=verifier, presentation=row, reader_key=waiting.reader_key)
    html = client.get(address).content.decode()
    assert "读取</h1>" in html and cast.power.name in html
    assert "看了：照面、取水用途" in html
    again = client.post(f"{address}agree/", follow=True).content.decode()
    assert "现在是“已读取”，不能同意出示" in again


@pytest.mark.article("P.2.3.3")
def test_decline_when_asked_then_nothing_was_shown_and_it_says_so(cast: Cast) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence, ask="on")
    address = f"{SHOW}{row.uuid}/"
    number = number_on(client.get(address).content.decode())
    redemption.read_code(
        actor=cast.actor("power.verifier"),
        understood=codes.understand(number, settings.PORTAL_ADDRESS),
    )
    client.post(f"{address}decline/")
    html = client.get(address).content.decode()
    assert "您没有同意，什么也没有给对方看" in html
    assert cast.power.name in html


@pytest.mark.article("P.2.3.3")
def test_again_when_over_then_the_same_is_shown_with_another_code(cast: Cast) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence, ask="on")
    client.post(f"{SHOW}{row.uuid}/stop/")
    assert "已停止亮证" in client.get(f"{SHOW}{row.uuid}/").content.decode()
    assert client.post(f"{SHOW}{row.uuid}/again/").status_code == 303
    second = Presentation.objects.latest("pk")
    assert second.pk != row.pk
    assert second.asks_consent
    assert second.licences.get().items == ["purpose"]
    PresentationOff.objects.create(licence=licence, holder=holder_of(licence), since=clock.now())
    answer = client.post(f"{SHOW}{second.uuid}/again/", follow=True)
    assert "您关闭了它的亮证" in answer.content.decode()


@pytest.mark.article("P.2.3.3")
def test_screen_when_the_minutes_are_over_then_no_code_and_it_says_so(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence)
    wednesday.shift(timedelta(minutes=5))
    html = client.get(f"{SHOW}{row.uuid}/").content.decode()
    assert "亮证已到时" in html
    assert "zz-qr" not in html
    assert client.get(f"{SHOW}{row.uuid}/status/").json() == {"state": "LAPSED"}


@pytest.mark.article("P.2.3.3")
def test_presentation_when_in_elder_mode_then_lasts_eight_minutes(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    client.cookies["elder"] = "18"
    row = opened(client, licence)
    assert row.is_elder
    assert row.ends_at - row.opened_at == timedelta(minutes=8)
    assert "8 分钟" in client.get(f"{SHOW}{row.uuid}/").content.decode()


def test_show_page_when_nothing_is_chosen_then_says_so_at_the_field_and_keeps_the_rest(
    cast: Cast,
) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    answer = client.post(SHOW, {"whole": "1", f"items-{licence.uuid}": ["purpose"], "ask": "on"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count("至少选一份") == 2
    assert re.findall(r'value="(\w+)"\s+id="item-[^"]+"\s+checked', html) == ["purpose"]
    assert re.search(r'name="ask"[^>]+checked', html)
    assert Presentation.objects.count() == 0


def test_show_page_when_a_preset_is_pressed_then_ticks_and_shows_nothing(cast: Cast) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    html = client.post(SHOW, posted(licence, preset="least")).content.decode()
    assert re.findall(r'id="item-[^"]+"\s+checked', html) == []
    assert "已按“只出示照面”选好" in html
    assert re.search(rf'id="licence-{licence.uuid}"\s+checked', html)
    html = client.post(SHOW, posted(licence, preset="open")).content.decode()
    assert "purpose" in re.findall(r'value="(\w+)"\s+id="item-[^"]+"\s+checked', html)
    assert Presentation.objects.count() == 0


def test_show_page_when_a_licence_cannot_be_shown_then_listed_with_the_reason(cast: Cast) -> None:
    licence = in_force(cast)
    holder = holder_of(licence)
    client = holder_client(holder)
    PresentationOff.objects.create(licence=licence, holder=holder, since=clock.now())
    html = client.get(f"{SHOW}?licence={licence.uuid}").content.decode()
    assert f"/wallet/licences/{licence.uuid}/" in html
    assert "您关闭了它的亮证" in html
    answer = client.post(SHOW, posted(licence))
    assert answer.status_code == 422
    assert Presentation.objects.count() == 0
    Licence.objects.filter(pk=licence.pk).update(state="REVOKED")
    LicenceStatus.objects.filter(licence=licence, until__isnull=True).update(state="REVOKED")
    assert "已经吊销" in client.get(SHOW).content.decode()


@pytest.mark.article("M.26")
def test_show_page_when_a_neighbours_licence_is_named_then_not_found(cast: Cast) -> None:
    applications = Applications(cast)
    licence, other = made(applications.issued()), made(applications.issued())
    client = holder_client(holder_of(licence))
    assert client.get(f"{SHOW}?licence={other.uuid}").status_code == 404
    assert client.get(f"{SHOW}?licence=nothing").status_code == 404
    answer = client.post(SHOW, posted(other))
    assert answer.status_code == 422
    assert "有一份没有找到" in answer.content.decode()
    assert other.number not in answer.content.decode()
    assert Presentation.objects.count() == 0


@pytest.mark.article("M.20")
def test_show_page_when_an_agent_may_only_look_then_refused(cast: Cast) -> None:
    licence = in_force(cast)
    agent = HolderFactory(name="经办人")
    looker = mandate_of(agent, holder_of(licence), powers=(Power.SEE,))
    client = holder_client(agent, looker)
    answer = client.get(SHOW)
    assert answer.status_code == 403
    assert "您代办的权限里没有亮证" in answer.content.decode()
    assert client.post(SHOW, posted(licence)).status_code == 403
    assert Presentation.objects.count() == 0


@pytest.mark.article("M.20")
def test_agent_when_the_mandate_ends_then_the_screen_shows_no_code(cast: Cast) -> None:
    licence = in_force(cast)
    agent = HolderFactory(name="经办人")
    mandate = mandate_of(agent, holder_of(licence))
    client = holder_client(agent, mandate)
    row = opened(client, licence)
    assert "请对方扫这个码" in client.get(f"{SHOW}{row.uuid}/").content.decode()
    mandate.ended_at = clock.now()
    mandate.save(update_fields=["ended_at"])
    html = client.get(f"{SHOW}{row.uuid}/").content.decode()
    assert "您的代办已经结束" in html
    assert "zz-qr" not in html
    assert client.post(f"{SHOW}{row.uuid}/stop/").status_code == 303
    assert "已停止亮证" in client.get(f"{SHOW}{row.uuid}/").content.decode()


@pytest.mark.article("M.26")
def test_code_when_on_the_screen_then_holds_no_personal_data(cast: Cast) -> None:
    licence = in_force(cast)
    client = holder_client(holder_of(licence))
    row = opened(client, licence)
    current = presentations.current_code(actor=holder_actor(holder_of(licence)), presentation=row)
    assert current is not None
    address = codes.address_of(current.code.secret, settings.PORTAL_ADDRESS)
    rest = address.removeprefix(f"{settings.PORTAL_ADDRESS}/P/".upper())
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{16}", rest)


def test_pages_when_counted_then_few_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    applications = Applications(cast)
    first = made(applications.issued())
    holder = holder_of(first)
    for _ in range(5):
        one = made(applications.issued())
        one.holder_links.update(holder=holder)
    client = holder_client(holder)
    with django_assert_max_num_queries(20):
        html = client.get(SHOW).content
    assert html.count(b'name="licence"') == 6
    assert len(html) < 100_000
    every = [str(one.uuid) for one in Licence.objects.all()]
    with django_assert_max_num_queries(36):
        assert client.post(SHOW, {"licence": every}).status_code == 303
    row = Presentation.objects.get()
    assert row.licences.count() == 6
    with django_assert_max_num_queries(12):
        screen = client.get(f"{SHOW}{row.uuid}/").content
    assert len(screen) < 20_000
    with django_assert_max_num_queries(8):
        client.get(f"{SHOW}{row.uuid}/status/")
