"""Anybody's pages: the address behind a code, the one box, waiting for the holder, the result."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as portal
from django.db import connection
from django.test import Client

from audit.trail.models import Record
from licences.models import Licence
from licences.register import changes
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.presenting.test_present_and_read import holder_of, shown
from tests.usage.sealed import in_force, made
from usage.models import Presentation, PresentationOff, Verification
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import codes
from zezhou_portal.kernel import clock

RESULT = re.compile(r"/verify/results/[0-9a-f-]{36}/")
HIDDEN = ("下村镇", "郭样例")  # an item of the face, and a person's name


def opened(client: Client, code: codes.Made, status: int = 200) -> str:
    """Presses 查看 and gives the page that it leads to."""
    answer = client.post(f"/P/{code.secret}")
    assert answer.status_code == 303
    return page(client, answer["Location"], status)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"
    return answer.content.decode()


@pytest.mark.article("P.2.3.3")
def test_address_when_only_fetched_then_the_code_is_not_used(cast: Cast, client: Client) -> None:
    row, code = shown(in_force(cast))
    for spelling in (f"/P/{code.secret}", f"/p/{code.secret.lower()}", f"/P/{code.secret}/"):
        html = page(client, spelling)
        assert "看一次，这个码就用掉了" in html
        assert portal.PORTAL_ADDRESS in html
        assert '<button class="btn btn-primary btn-big" type="submit">' in html
        assert client.head(spelling).status_code == 200
        assert client.options(spelling).status_code == 200
        assert (
            client.get(spelling, headers={"user-agent": "WeChat link preview"}).status_code == 200
        )
    row.refresh_from_db()
    assert row.state == "OPEN"
    assert Verification.objects.count() == 0
    assert not Record.objects.filter(action="code_read").exists()
    # what leads nowhere looks the same until it is asked
    assert "对方正在向您亮证" in page(client, "/P/23456789ABCDEFGH")
    assert "对方正在向您亮证" in page(client, "/P/nonsense")


@pytest.mark.article("P.2.3.4", "M.18", "M.22")
def test_code_when_read_by_anybody_then_the_public_part_for_this_browser_alone(
    cast: Cast, client: Client
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    answer = client.post(f"/p/{code.secret.lower()}/")
    assert answer.status_code == 303
    address = answer["Location"]
    assert RESULT.fullmatch(address)
    html = page(client, address)
    assert "<h1>通过</h1>" in html
    assert licence.kind_name in html and licence.number in html
    assert 'class="zz-code">V00</span>' in html
    assert html.count('<li class="zz-ans-') == 10
    assert not [one for one in HIDDEN if one in html]
    # looked at again: nothing is read anew
    assert page(client, address) == html or "<h1>通过</h1>" in page(client, address)
    assert Verification.objects.count() == 1
    # … and by nobody else, whoever they are
    for other in (Client(), cast.client("power.verifier"), holder_client(HolderFactory())):
        assert other.get(address).status_code == 404
    assert client.get(address.replace("results/", "results/0")[:-2] + "/").status_code == 404
    assert "<h1>未通过</h1>" in opened(client, code)
    assert Verification.objects.filter(outcome="code_used").count() == 1


@pytest.mark.article("P.2.3.3")
def test_verifier_when_reading_then_led_to_the_page_of_their_desk(cast: Cast) -> None:
    _, code = shown(in_force(cast))
    client = cast.client("power.verifier")
    answer = client.post(f"/P/{code.secret}")
    key = Verification.objects.get().uuid
    assert (answer.status_code, answer["Location"]) == (303, f"/checks/results/{key}/")
    # the public address shows them what they may see, too
    html = page(client, f"/verify/results/{key}/")
    assert "按您的岗位可见" in html
    assert "下村镇" in html
    # not to one who has signed out since
    client.logout()
    assert client.get(f"/verify/results/{key}/").status_code == 404


@pytest.mark.article("P.2.3.2")
def test_presentation_when_of_several_licences_then_each_has_its_answers(
    cast: Cast, client: Client
) -> None:
    applications = Applications(cast)
    person = HolderFactory(enterprise=True)
    licences = [
        made(applications.issued(applications.received(holders=[person]))) for _ in range(3)
    ]
    actor = holder_actor(person)
    row = presentations.present(actor=actor, chosen=[Chosen(one, ["purpose"]) for one in licences])
    now = presentations.current_code(actor=actor, presentation=row)
    assert now is not None
    changes.detain(
        actor=cast.actor("market.signatory"), licence=licences[1], reason="查实", document="1号"
    )
    html = opened(client, now.code)
    assert "一共 3 份：2 份通过，1 份未通过。" in html
    assert "证照被暂扣，现在不能用。" in html
    assert [html.count(one.number) for one in licences] == [1, 1, 1]
    assert html.count('<li class="zz-ans-') == 30
    assert Verification.objects.filter(presentation=row).count() == 3


@pytest.mark.article("P.2.3.3")
def test_result_when_its_minutes_are_over_then_the_bottom_line_alone(
    cast: Cast, client: Client, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    address = client.post(f"/P/{code.secret}")["Location"]
    wednesday.shift(timedelta(minutes=9, seconds=59))
    assert licence.number in page(client, address)
    wednesday.shift(timedelta(seconds=1))
    html = page(client, address)
    assert "<h1>通过</h1>" in html
    assert "这次查验的内容已经收起" in html
    assert licence.number not in html
    assert licence.kind_name not in html


def test_result_when_the_licence_has_changed_since_then_the_page_says_so(
    cast: Cast, client: Client
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    address = client.post(f"/P/{code.secret}")["Location"]
    assert "查验以后有变化" not in page(client, address)
    changes.revoke(
        actor=cast.actor("market.signatory"), licence=licence, reason="查实", document="1号"
    )
    html = page(client, address)
    assert "查验以后有变化" in html
    assert "现在：证照已吊销。不要再用上面的结论" in html


@pytest.mark.article("M.22")
def test_code_when_its_licence_is_switched_off_then_nothing_of_it_is_said(
    cast: Cast, client: Client
) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    PresentationOff.objects.create(licence=licence, holder=holder_of(licence), since=clock.now())
    html = opened(client, code)
    assert "持证人关闭了这份证照的亮证。" in html
    assert 'class="zz-code">V16</span>' in html
    assert licence.number not in html and licence.holder_names not in html


@pytest.mark.article("M.20")
def test_code_when_the_mandate_has_ended_then_said(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    agent = HolderFactory()
    mandate = mandate_of(agent, holder_of(licence))
    actor = holder_actor(agent, mandate)
    row = presentations.present(actor=actor, chosen=[Chosen(licence, [])])
    now = presentations.current_code(actor=actor, presentation=row)
    assert now is not None
    mandate.ended_at = clock.now()
    mandate.save(update_fields=["ended_at"])
    html = opened(client, now.code)
    assert "出示的人已经不能代表持证人。" in html
    assert 'class="zz-code">V17</span>' in html
    assert licence.number not in html


CODES: dict[str, tuple[str, str, str]] = {
    "foreign": ("https://zz.example@evil.example/P/23456789ABCDEFGH", "V11", "这不是泽州县的码。"),
    "secret": ("23456789ABCDEFGH", "V10", "没有能给您看的结果。"),
}


@pytest.mark.article("M.18")
@pytest.mark.parametrize("name", CODES)
def test_box_when_a_code_leads_nowhere_then_one_outcome_with_words(
    cast: Cast, client: Client, name: str
) -> None:
    text, code, sentence = CODES[name]
    answer = client.post("/verify/", {"code": text})
    assert answer.status_code == 303
    html = page(client, answer["Location"])
    assert sentence in html
    assert f'class="zz-code">{code}</span>' in html
    assert portal.PORTAL_ADDRESS in html
    assert Verification.objects.get().licence is None


@pytest.mark.article("P.2.3.3")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1234 5678", "没有这个短码。请照着对方屏幕上的 8 位数字再输一遍"),
        ("1234567", "短码是 8 位数字，这里有 7 位"),
        ("1234 5678 9", "短码是 8 位数字，这里有 9 位"),
        ("１２３４５６７８９０", "短码是 8 位数字，这里有 10 位"),
    ],
)
def test_short_number_when_mistyped_then_an_error_at_its_field_and_no_verdict(
    cast: Cast, client: Client, text: str, words: str
) -> None:
    for who, address, field in (
        (client, "/verify/", "code"),
        (cast.client("market.verifier"), "/checks/", "text"),
    ):
        html = page_of_post(who, address, {field: text}, 422)
        assert words in html, address
        assert "没有能给您看的结果" not in html
        assert "没有再问" not in html


@pytest.mark.article("P.2.3.3", "M.18")
def test_box_when_given_what_one_has_then_leads_there(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    _, code = shown(licence)
    by_number = client.post("/verify/", {"code": code.spoken})
    assert licence.number in page(client, by_number["Location"])
    _, again = shown(licence)
    by_address = client.post(
        "/verify/", {"code": codes.address_of(again.secret, portal.PORTAL_ADDRESS)}
    )
    assert licence.number in page(client, by_address["Location"])
    own = portal.PORTAL_ADDRESS
    for text, target in (
        (f"{own}/V/202600000001/ABCDEFGH", "/V/202600000001/ABCDEFGH"),
        (f"{own}/C/ABCDEFGHJKLM", "/C/ABCDEFGHJKLM"),
        ("abcdefghjklm", "/C/ABCDEFGHJKLM"),
    ):
        answer = client.post("/verify/", {"code": text})
        assert (answer.status_code, answer["Location"]) == (303, target)
    # a number alone opens nothing: the rest of the paper is asked for, and nothing is looked up
    html = page_of_post(client, "/verify/", {"code": licence.number})
    assert f'value="{licence.number}"' in html and "只有编号还不能查" in html
    assert (
        page_of_post(client, "/verify/", {"code": "没有这样的编号"}).count("只有编号还不能查") == 1
    )
    assert "这个网址里没有可以查的码" in page_of_post(
        client, "/verify/", {"code": f"{own}/catalogue/"}, 422
    )
    assert "还没有填" in page_of_post(client, "/verify/", {"code": ""}, 422)
    assert Verification.objects.count() == 2


def page_of_post(client: Client, address: str, data: dict[str, str], status: int = 200) -> str:
    answer = client.post(address, data)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.article("M.26")
def test_short_numbers_when_guessed_then_limited_with_the_time_and_nothing_read(
    cast: Cast, client: Client, wednesday: time_machine.Traveller
) -> None:
    row, code = shown(in_force(cast))
    guesses = (f"{10_000_000 + place}" for place in range(20))
    for guess in guesses:
        assert client.post("/verify/", {"code": guess}, REMOTE_ADDR="192.0.2.9").status_code == 422
    answer = client.post("/verify/", {"code": code.number}, REMOTE_ADDR="192.0.2.9")
    html = answer.content.decode()
    assert answer.status_code == 429
    assert "10 分钟里最多查 20 次短码，已经查满了。请在 10:10 以后再查。" in html
    assert "码没有用掉" in html
    row.refresh_from_db()
    assert row.state == "OPEN"
    # codes of screens and paper are counted apart, and other networks are nobody's business
    other = Client()
    assert (
        other.post("/verify/", {"code": code.number}, REMOTE_ADDR="192.0.2.10").status_code == 303
    )


@pytest.mark.article("M.26")
def test_codes_when_pressed_too_often_then_limited_and_the_code_stays(
    cast: Cast, client: Client, wednesday: time_machine.Traveller
) -> None:
    row, code = shown(in_force(cast))
    for _ in range(60):
        answer = client.post("/P/23456789ABCDEFGH", REMOTE_ADDR="192.0.2.11")
        assert answer.status_code == 303
    answer = client.post(f"/P/{code.secret}", REMOTE_ADDR="192.0.2.11")
    html = answer.content.decode()
    assert answer.status_code == 429
    assert answer["Cache-Control"] == "no-store"
    assert "请在 10:10 以后再查。这个码没有用掉。" in html
    row.refresh_from_db()
    assert row.state == "OPEN"


HOSTILE = ("\0", "%00", "'; --", "²", "长" * 3000, "<script>", "..", "%ff", "٣" * 16)


@pytest.mark.parametrize("text", HOSTILE)
def test_pages_when_hostile_texts_come_then_an_answer(db: None, client: Client, text: str) -> None:
    for start in ("/P/", "/C/", "/V/1/"):
        got = client.get(start + text.replace("\0", "%00"))
        assert got.status_code in {200, 404}
    for sent in (client.post("/verify/", {"code": text}),
                 client.post("/P/" + text.replace("\0", "%00"))):  # fmt: skip
        assert sent.status_code in {200, 303, 404, 422}
    fields = dict.fromkeys(("number", "code", "issued_on", "holder"), text)
    assert client.post("/verify/code/", fields).status_code == 422


def _readers(code: codes.Made, count: int) -> Iterator[Any]:
    def one() -> Any:
        try:
            return Client().post(f"/P/{code.secret}")["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as hands:
        yield from [one.result() for one in [hands.submit(one) for _ in range(count)]]


@pytest.mark.article("P.2.3.3")
@pytest.mark.django_db(transaction=True)
def test_code_when_many_press_at_once_then_one_reads_and_each_other_is_told(
    transactional_db: None,
) -> None:
    _, code = shown(in_force(Cast()))
    assert len(set(_readers(code, 6))) == 6
    outcomes = sorted(Verification.objects.values_list("outcome", flat=True))
    assert outcomes == ["code_used"] * 5 + ["valid"]
    assert Presentation.objects.get().state == "REDEEMED"


def test_neighbour_when_reading_their_own_then_not_this_one(cast: Cast) -> None:
    """Two browsers, two readings of the same kind: neither sees the other's."""
    licence = in_force(cast)
    addresses = []
    clients = (Client(), Client())
    for client in clients:
        _, code = shown(licence)
        addresses.append(client.post(f"/P/{code.secret}")["Location"])
    assert clients[0].get(addresses[0]).status_code == 200
    assert clients[0].get(addresses[1]).status_code == 404
    assert clients[1].get(addresses[0]).status_code == 404
    assert Licence.objects.count() == 1
