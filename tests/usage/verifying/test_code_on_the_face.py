"""The address behind the printed code: the register's present word, and one answer for the rest."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from audit.trail.models import Record
from licences.models import Licence, LicenceMark, LicenceVersion
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import citizen_id
from tests.usage.sealed import in_force
from usage.models import Verification
from usage.verifying.codes import normalise_check_code, normalise_serial
from zezhou_portal.kernel import clock


def address_of(licence: Licence) -> str:
    """The path of the address that is printed on the face."""
    printed = LicenceVersion.objects.get(licence=licence, no=1).frozen["verify_url"]
    start = settings.PORTAL_ADDRESS.upper()
    assert printed.startswith(start)
    return printed.removeprefix(start)


def html_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def bare(html: str) -> str:
    """A page without its token, the address it carries back and the ids of its popovers."""
    html = re.sub(r"art-[0-9a-f]{8}", "art", html)
    html = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", html)
    return re.sub(r'(name="next" value=")[^"]+', r"\1", html)


@pytest.mark.article("M.19")
def test_the_printed_address_shows_what_anyone_may_see(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    address = address_of(licence)
    assert address.startswith("/V/")
    for spelling in (address, address.lower(), f"{address}/", address.replace("/V/", "/v/")):
        html = html_of(client, spelling)
        assert "<h1>现在有效</h1>" in html
        assert "这是登记库里的现状" in html
        for shown in (licence.kind_name, licence.number, licence.holder_names):
            assert shown in html
        assert cast.market.name in html
    looked = Record.objects.filter(action="licence_looked_up", subject_key=str(licence.uuid))
    kept = Verification.objects.order_by("pk")
    assert [row.facts for row in looked.order_by("seq")] == [
        {"outcome": "valid", "mode": "printed", "verification": one.number, "purpose": ""}
        for one in kept
    ]
    assert [len(one.answers) for one in kept] == [10] * 4


@pytest.mark.article("M.26")
def test_names_of_persons_are_masked(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    version = LicenceVersion.objects.get(licence=licence)
    pair = [("欧阳样例", "natural_person"), ("泽州县样例有限公司", "legal_person")]
    holders = [{"name": name, "kind": kind, "type": "", "number": ""} for name, kind in pair]
    number = f"晋字{citizen_id(7)}号"
    LicenceVersion.objects.filter(pk=version.pk).update(
        frozen={**version.frozen, "holders": holders, "number": number}
    )
    html = html_of(client, address_of(licence))
    assert "欧**、泽州县样例有限公司" in html
    assert "欧阳" not in html
    assert f"晋字140525********{citizen_id(7)[-4:]}号" in html
    assert citizen_id(7) not in html


@pytest.mark.article("M.22")
def test_whatever_is_not_to_be_seen_has_one_and_the_same_answer(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    waiting = Applications(cast, kind="结婚证").entry  # another kind, no licence of it
    assert waiting.licences.count() == 0
    _, _, serial, code = address_of(licence).split("/")
    other = "A" if code[0] != "A" else "B"
    pages = {
        bare(html_of(client, f"/V/{first}/{second}"))
        for first, second in (
            (serial, other + code[1:]),
            ("202699999999", code),
            ("202699999999", "ABCDEFGH"),
            ("x" * 500, "'; --"),
            ("0", "%E4%B8%AD"),
        )
    }
    (page,) = pages
    assert "<h1>没有能给您看的结果</h1>" in page
    assert "请核对编号和校验码。" in page
    refused = Record.objects.filter(action="licence_looked_up")
    assert {(row.subject_kind, row.subject_key, row.facts["outcome"]) for row in refused} == {
        ("check_code", "", "not_found")
    }


def test_a_licence_whose_file_is_not_made_is_not_to_be_seen(cast: Cast, client: Client) -> None:
    licence = Applications(cast).issued()
    assert "没有能给您看的结果" in html_of(client, address_of(licence))


@pytest.mark.article("M.8")
def test_the_present_state_is_said(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    address = address_of(licence)
    LicenceMark.objects.create(licence=licence, kind="OBJECTED", since=clock.now())
    html = html_of(client, address)
    assert "<h1>现在不能用</h1>" in html
    assert "有人对内容提出异议，正在核查" in html
    assert "有异议" in html
    LicenceMark.objects.update(until=clock.now())
    Licence.objects.filter(pk=licence.pk).update(version_no=2)
    html = html_of(client, address)
    assert "这是登记库里的现状：这是第 1 版，证照已经换成第 2 版。" in html
    assert "旧版，现在是第 2 版" in html
    Licence.objects.filter(pk=licence.pk).update(state="REVOKED", version_no=1)
    assert "证照已吊销" in html_of(client, address)


def test_nobody_on_the_way_keeps_the_page(db: None, client: Client) -> None:
    answer = client.get("/V/202600000001/ABCDEFGH")
    assert answer["Cache-Control"] == "no-store"
    # told to nobody else; "no-referrer" would have every form of the page refused (Origin: null)
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("typed", "serial"),
    [
        ("202600000015", "202600000015"),
        (
            "1.2.156.3005.2.1114052529141777X1005.11140525000900001E.202600000015.001.Q",
            "202600000015",
        ),
        ("２０２６００００００１５", "202600000015"),
        ("1.2.3", ""),
        ("", ""),
        ("20260000001X", ""),
    ],
)
def test_a_serial_is_found_in_what_people_type(typed: str, serial: str) -> None:
    assert normalise_serial(typed) == serial


def test_a_check_code_is_read_however_it_is_typed() -> None:
    assert normalise_check_code("abcd-2345") == "ABCD2345"
    assert normalise_check_code("ABCD 2345") == "ABCD2345"
    assert normalise_check_code("ABCD2340") == ""


@pytest.mark.article("M.26")
def test_looks_are_limited_by_network_with_a_sentence_and_the_time(
    db: None, client: Client, wednesday: Any, settings: Any
) -> None:
    page = "/V/202600000001/ABCDEFGH"
    for _ in range(60):
        assert client.get(page, REMOTE_ADDR="192.0.2.7").status_code == 200
    answer = client.get(page, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 429
    assert "10 分钟里最多查 60 次，已经查满了。请在 10:10 以后再查。" in answer.content.decode()
    assert client.get(page, REMOTE_ADDR="192.0.2.8").status_code == 200
    # A caller's own word about where it comes from counts for nothing …
    said = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert client.get(page, REMOTE_ADDR="192.0.2.7", **said).status_code == 429
    # … that of a proxy of ours does, and only its own entry.
    settings.PORTAL_PROXIES = 1
    assert client.get(page, REMOTE_ADDR="192.0.2.7", **said).status_code == 429
    assert client.get(page, REMOTE_ADDR="10.0.0.1", **said).status_code == 200
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 192.0.2.7"}
    assert client.get(page, REMOTE_ADDR="10.0.0.1", **forged).status_code == 429
    wednesday.shift(601)
    assert client.get(page, REMOTE_ADDR="10.0.0.1", **forged).status_code == 200
    # One line has a whole /64 of addresses in IPv6.
    for last in range(60):
        assert client.get(page, REMOTE_ADDR=f"2001:db8::{last:x}").status_code == 200
    assert client.get(page, REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert client.get(page, REMOTE_ADDR="2001:db8:0:1::1").status_code == 200
