"""The pages of the second person at a window, of the principal, of supervision (M.20, M.26)."""

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from audit.trail.models import Record
from tests.cast import Cast
from tests.colleagues import second_verifier
from tests.families import number_of
from tests.holders import holder_client
from tests.parties.mandates.test_mandates import CLERK
from tests.parties.mandates.test_window_mandates import CONSENT, window
from tests.usage.mandates.test_people_pages import text_of
from zezhou_portal.parties.mandates.giving import Named
from zezhou_portal.parties.mandates.window import Consent
from zezhou_portal.parties.models import Mandate

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]
NAMES = ("李奶奶", CLERK.name)


@pytest.fixture
def mandate(cast: Cast) -> Mandate:
    return window(cast)


@pytest.fixture
def colleague(cast: Cast, mandate: Mandate) -> Client:
    second_verifier(cast)
    return cast.client("power.second")


def at(name: str, mandate: Mandate) -> str:
    return reverse(f"usage:{name}", args=[mandate.uuid])


def test_second_clerk_when_they_come_to_their_desk_then_led_to_the_consent(
    cast: Cast, colleague: Client, mandate: Mandate
) -> None:
    desk = text_of(colleague.get(reverse("portal:desk")))
    assert "王**代李**办" in desk
    assert "李奶奶" not in desk
    assert "王**代李**办" not in text_of(cast.client("power.verifier").get(reverse("portal:desk")))
    page = colleague.get(at("window-mandate", mandate))
    assert "核对并确认" in text_of(page)
    assert not any(name in text_of(page) for name in NAMES)
    address = at("confirm-window-mandate", mandate)
    asked = colleague.get(address)
    assert "确认王经办代李奶奶办？" in text_of(asked)
    assert at("mandate-consent", mandate) in asked.content.decode()
    assert number_of(date(1948, 1, 2), 8) not in asked.content.decode()
    answer = colleague.post(address, {"confirmed": "yes"})
    assert answer.status_code == 422
    assert "请先打开同意书" in text_of(answer)
    file = colleague.get(at("mandate-consent", mandate))
    assert file.content == CONSENT.data
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/pdf", "no-store")
    assert colleague.post(address, {"confirmed": "yes"}).status_code == 302
    mandate.refresh_from_db()
    assert mandate.state == "CONFIRMED"


def test_second_clerk_when_they_do_not_confirm_then_says_why(
    colleague: Client, mandate: Mandate
) -> None:
    address = at("decline-window-mandate", mandate)
    assert "还没有写为什么" in text_of(colleague.post(address, {"remarks": ""}))
    assert colleague.post(address, {"remarks": "没有签名"}).status_code == 302
    assert "没有确认" in text_of(colleague.get(at("window-mandate", mandate)))
    assert colleague.get(address).status_code == 404


def test_picture_when_shown_then_on_the_page_itself(cast: Cast) -> None:
    mandate = window(cast, consent=Consent("x.jpg", b"\xff\xd8\xffsigned"))
    second_verifier(cast)
    client = cast.client("power.second")
    page = client.get(at("confirm-window-mandate", mandate)).content.decode()
    assert f'<img src="{at("mandate-consent", mandate)}"' in page
    file = client.get(at("mandate-consent", mandate))
    assert "sandbox" in file["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name",
    ["window-mandate", "confirm-window-mandate", "decline-window-mandate", "mandate-consent",
     "mandate-letter", "end-window-mandate"],
)  # fmt: skip
def test_neighbour_when_they_ask_for_another_departments_then_not_found(
    cast: Cast, mandate: Mandate, name: str
) -> None:
    window(cast, "market.verifier", principal=Named("邻家奶奶", number_of(date(1947, 1, 1), 3)))
    neighbour = cast.client("market.verifier")
    assert neighbour.get(at(name, mandate)).status_code == 404
    if name.startswith(("confirm", "decline", "end")):
        assert neighbour.post(at(name, mandate), {"remarks": "不"}).status_code == 404
    mandate.refresh_from_db()
    assert mandate.is_proposed


def test_own_proposal_when_its_clerk_confirms_then_not_found(cast: Cast, mandate: Mandate) -> None:
    client = cast.client("power.verifier")
    assert client.post(at("confirm-window-mandate", mandate)).status_code == 404
    assert "等另一个人确认" in text_of(client.get(at("window-mandate", mandate)))


def test_letter_when_printed_then_says_how_things_stand(cast: Cast, mandate: Mandate) -> None:
    client = cast.client("power.verifier")
    letter = client.get(at("mandate-letter", mandate))
    said = text_of(letter)
    assert "李奶奶：" in said
    assert "现在还没有生效" in said
    assert "不具备同等法律效力" not in letter.content.decode()
    assert letter["Cache-Control"] == "no-store"
    assert Record.objects.filter(action="mandate_letter_printed").exists()
    Mandate.objects.update(state="CONFIRMED", decided_at=mandate.recorded_at)
    assert "现在有效" in text_of(client.get(at("mandate-letter", mandate)))


def test_principal_when_signed_in_then_agrees_or_not(cast: Cast, mandate: Mandate) -> None:
    client = holder_client(mandate.principal)
    people = text_of(client.get(reverse("usage:people")))
    assert "窗口登记的，还没有生效" in people
    assert "同意由王经办代您办？" in text_of(client.get(at("agree-mandate", mandate)))
    assert "不同意由王经办代您办？" in text_of(client.get(at("end-mandate", mandate)))
    assert client.post(at("agree-mandate", mandate)).status_code == 302
    mandate.refresh_from_db()
    assert mandate.state == "CONFIRMED"
    assert client.get(at("agree-mandate", mandate)).status_code == 404


def test_agent_when_it_is_only_proposed_then_sees_nothing(cast: Cast, mandate: Mandate) -> None:
    client = holder_client(mandate.agent)
    assert "李奶奶" not in client.get(reverse("usage:people")).content.decode()
    answer = client.post(reverse("usage:switch"), {"mandate": str(mandate.uuid)})
    assert answer.status_code == 404
    for name in ("agree-mandate", "end-mandate"):
        assert client.get(at(name, mandate)).status_code == 404
        assert client.post(at(name, mandate)).status_code == 404
    mandate.refresh_from_db()
    assert mandate.is_proposed


@pytest.mark.article("M.27")
def test_supervision_when_it_looks_then_every_windows_masked_with_the_days_count(
    cast: Cast, mandate: Mandate
) -> None:
    window(cast, principal=Named("王奶奶", number_of(date(1949, 1, 2), 8)))
    window(cast, "market.verifier", principal=Named("赵奶奶", number_of(date(1950, 1, 2), 8)))
    client, address = cast.client("bureau.supervisor"), reverse("usage:county-mandates")
    page = client.get(address)
    assert [row.count for row in page.context["rows"]] == [1, 2, 2]
    assert cast.power.name in text_of(page)
    for name in (*NAMES, "王奶奶", "赵奶奶"):
        assert name not in page.content.decode()
    only = client.get(address, {"department": cast.market.credit_code, "state": "PROPOSED"})
    assert [row.count for row in only.context["rows"]] == [1]
    book = load_workbook(io.BytesIO(client.post(address).content))
    exported: list[Any] = [row[0].value for row in book.active.iter_rows(min_row=2)]
    assert len(exported) == 3
    assert not any(name in str(exported) for name in NAMES)
    assert client.get(at("mandate-consent", mandate)).content == CONSENT.data
    for who in ("power.verifier", "bureau.administrator", "bureau.auditor"):
        assert cast.client(who).get(address).status_code == 403
