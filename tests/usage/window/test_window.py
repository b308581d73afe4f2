"""Somebody without a phone: found by their document, printed for one purpose (P.2.3.2, S.10)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.trail.models import Record
from licences.models import Licence, MarkKind
from licences.register import changes, marking
from tests.cast import Cast
from tests.factories.parties import citizen_id
from tests.holders import holder_client
from tests.records import outcomes
from tests.usage import duty
from tests.usage.sealed import in_force
from tests.usage.wallet.paper import code_of
from usage.models import PurposeCopy, UsageRecord, Verification
from usage.verifying import purpose_copies
from usage.verifying.rate_limits import Limit
from usage.window import services as window
from zezhou_portal.kernel import clock

pytestmark = [
    pytest.mark.article("P.2.3.2", "S.10"), pytest.mark.usefixtures("wednesday"),
]  # fmt: skip
START = "/checks/window/"
LIST = "/checks/window/licences/"


def asked(licence: Licence, **changes: str) -> dict[str, str]:
    """What a clerk types of the licence's holder."""
    holder = duty.holder_of(licence)
    return {
        "identity_type": holder.identity_type,
        "number": holder.identity_number,
        "name": holder.name,
        "check": "representative",
        **changes,
    }


def found(cast: Cast, licence: Licence, who: str = "power.verifier") -> Client:
    client = cast.client(who)
    assert client.post(START, asked(licence))["Location"] == LIST
    return client


def printing(licence: Licence) -> str:
    return reverse("usage:window-print", args=[licence.uuid])


def until(days: int = 7) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_window_when_the_document_is_right_then_lists_and_prints(cast: Cast) -> None:
    licence = in_force(cast)
    other = duty.another(cast, licence)
    client = found(cast, licence)
    said = client.get(LIST).content.decode()
    assert said.count("打印加注件") == 2
    assert "法定代表人（负责人、经营者）持证件到场，人证一致" in said
    answer = client.post(printing(licence), {"purpose": "用电报装", "expires_on": until()})
    copy = PurposeCopy.objects.get()
    assert answer["Location"] == reverse("usage:window-copy", args=[copy.uuid])
    assert (copy.made_by_account, copy.using_department) == (
        cast.account("power.verifier"), cast.power,
    )  # fmt: skip
    assert copy.identity_checked == "法定代表人（负责人、经营者）持证件到场，人证一致"
    used = UsageRecord.objects.get()
    assert (used.kind, used.licence, used.purpose) == ("window_print", licence, "用电报装")
    assert used.verification is not None
    assert (used.verification.mode, used.verification.outcome) == ("window", "valid")
    for one in (licence, other):
        assert Record.objects.filter(
            action="window_looked_up", subject_key=str(one.uuid), department_name=cast.power.name
        ).exists()
    record = Record.objects.get(action="window_copy_made")
    assert (record.subject_key, record.facts["purpose"]) == (str(licence.uuid), "用电报装")
    pdf = client.get(reverse("usage:window-copy-file", args=[copy.uuid]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    # its code leads to the copy, not to the licence's own face
    assert code_of(pdf.content) == f"HTTP://127.0.0.1:8000/C/{copy.code}"
    assert purpose_copies.words_of(copy) == "仅限用电报装使用 · 有效至2026年11月25日"
    assert pdf.content == purpose_copies.draw(copy, copy.version)


def test_window_when_nobody_or_somebody_else_then_one_answer_and_recorded(cast: Cast) -> None:
    licence = in_force(cast)
    client = cast.client("power.verifier")
    stranger = cast.stranger
    answers = {
        client.post(START, {**asked(licence), **wrong})
        .content.decode()
        .split('role="alert"')[1]
        .split("<form")[0]
        for wrong in (
            {"name": "别人"},
            {"identity_type": "111", "number": citizen_id(998), "name": "没有人"},
            {"identity_type": "111", "number": stranger.identity_number, "name": "邻家外人"},
        )
    }
    assert len(answers) == 1
    assert "没有能给您看的结果" in answers.pop()
    assert client.get(LIST)["Location"] == START
    assert [one for one, _ in outcomes("window_looked_up")] == ["done"] * 3
    assert not Record.objects.filter(subject_key=str(licence.uuid), action="window_looked_up")
    assert duty.holder_of(licence).identity_number not in str(list(Record.objects.values("facts")))


def test_window_when_the_stranger_is_named_then_the_strangers_licences_alone(cast: Cast) -> None:
    licence = in_force(cast)
    client = cast.client("power.verifier")
    stranger = cast.stranger
    client.post(START, {
        "identity_type": stranger.identity_type, "number": stranger.identity_number,
        "name": stranger.name, "check": "in_person",
    })  # fmt: skip
    said = client.get(LIST).content.decode()
    assert "没有查到现在有效的证照" in said
    assert stranger.name not in said
    assert client.get(printing(licence)).status_code == 404
    assert (
        client.post(printing(licence), {"purpose": "x", "expires_on": until()}).status_code == 404
    )
    assert not PurposeCopy.objects.exists()


def test_window_when_an_agent_comes_then_named_by_four_characters(cast: Cast) -> None:
    licence = in_force(cast)
    client = cast.client("power.verifier")
    lacking = client.post(START, asked(licence, check="agent"))
    assert lacking.status_code == 422
    assert "最后 4 位" in lacking.content.decode()
    client.post(START, asked(licence, check="agent", agent_name="李代办", agent_tail="001x"))
    client.post(printing(licence), {"purpose": "用电报装", "expires_on": until()})
    assert PurposeCopy.objects.get().identity_checked == (
        "代办人持委托书和双方证件到场：李代办，证件尾号 001X"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "91140525MA0E2E025"}, "18 位"),
        ({"name": ""}, "还没有填证件上的姓名或名称"),
        ({"check": ""}, "请选怎么核对的身份"),
    ],
)
def test_window_when_typed_wrong_then_said_at_the_field(
    cast: Cast, changes: dict[str, str], words: str
) -> None:
    answer = cast.client("power.verifier").post(START, asked(in_force(cast), **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"purpose": " "}, "还没有填用途"),
        ({"purpose": "长" * 41}, "最多 40 个字"),
        ({"expires_on": "2026-11-17"}, "从今天起最多 90 天"),
        ({"expires_on": "2027-02-17"}, "从今天起最多 90 天"),
        ({"purpose": "用电\U0001f600报装"}, "没有可用的字形"),
    ],
)
def test_print_when_purpose_or_day_is_wrong_then_nothing_is_made(
    cast: Cast, given: dict[str, str], words: str
) -> None:
    licence = in_force(cast)
    client = found(cast, licence)
    answer = client.post(printing(licence), {"purpose": "用电报装", "expires_on": until(), **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PurposeCopy.objects.exists()
    assert not Verification.objects.exists()


def test_print_when_the_licence_does_not_pass_then_refused(cast: Cast) -> None:
    licence, signatory = in_force(cast), cast.actor("market.signatory")
    client = found(cast, licence)
    marking.put_on(actor=signatory, licence=licence, kind=MarkKind.LOST)
    given = {"purpose": "用电报装", "expires_on": until()}
    answer = client.post(printing(licence), given)
    assert (answer.status_code, "已经挂失" in answer.content.decode()) == (422, True)
    changes.detain(actor=signatory, licence=licence, reason="检查", document="扣〔2026〕1号")
    assert client.post(printing(licence), given).status_code == 404
    assert "没有查到现在有效的证照" in client.get(LIST).content.decode()
    assert not PurposeCopy.objects.exists()


def test_window_when_a_quarter_of_an_hour_is_over_then_starts_again(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    client = found(cast, licence)
    client.post(printing(licence), {"purpose": "用电报装", "expires_on": until()})
    copy = reverse("usage:window-copy", args=[PurposeCopy.objects.get().uuid])
    wednesday.shift(timedelta(minutes=14, seconds=59))
    assert client.get(LIST).status_code == 200
    assert client.get(copy).status_code == 200
    wednesday.shift(timedelta(seconds=1))
    assert client.get(LIST)["Location"] == START
    assert client.post(printing(licence), {})["Location"] == START
    assert client.get(copy).status_code == 404


def test_window_when_done_then_nothing_of_the_person_stays(cast: Cast) -> None:
    client = found(cast, in_force(cast))
    assert client.post(LIST)["Location"] == START
    assert client.get(LIST)["Location"] == START


def test_window_when_the_hour_is_used_up_then_told_and_recorded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "WINDOW", Limit("window", 2, timedelta(hours=1), "次"))
    licence = in_force(cast)
    client = cast.client("power.verifier")
    for name in ("别人", "又一个"):
        assert client.post(START, asked(licence, name=name)).status_code == 200
    third = client.post(START, asked(licence))
    assert third.status_code == 429
    assert "请在 11:00 以后再查" in third.content.decode()
    assert [one for one, _ in outcomes("window_looked_up")] == ["done", "done", "refused"]
    assert cast.client("market.verifier").post(START, asked(licence)).status_code == 302


def test_copy_when_a_neighbour_asks_then_not_there(cast: Cast) -> None:
    licence = in_force(cast)
    made: dict[str, Any] = {}
    for who in ("power.verifier", "market.verifier"):
        client = found(cast, licence, who)
        client.post(printing(licence), {"purpose": "用电报装", "expires_on": until()})
        made[who] = (client, PurposeCopy.objects.latest("pk"))
    (client, _), (_, theirs) = made.values()
    for name in ("window-copy", "window-copy-file"):
        address = reverse(f"usage:{name}", args=[theirs.uuid])
        assert client.get(address).status_code == 404
        assert made["market.verifier"][0].get(address).status_code == 200
        assert cast.client("market.clerk").get(address).status_code == 403
        for nobody in (Client(), holder_client(duty.holder_of(licence))):
            assert nobody.get(address)["Location"].startswith("/log-in/")
