"""The ticket adapter against the stand-in process, and against one that pretends to be it."""

import json
import socket
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import time_machine

from tests.parties.identity.services import (
    PORTAL,
    SECRET,
    Answer,
    choose,
    impostor,
    new_state,
    params,
    ticket,
)
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity import ticket_proof
from zezhou_portal.parties.identity.port import Assertion, SignInFailed
from zezhou_portal.parties.identity.ticket import TicketSignOn

pytestmark = pytest.mark.article("M.20")
BACK = f"{PORTAL}/sign-in/sample/back/"


def came(sample: str, who: str) -> dict[str, str]:
    """What the browser brings back for a sample holder."""
    begun = TicketSignOn(ticket(sample)).begin("the-state", BACK)
    return params(choose(begun.address, who))


def refusal(service: TicketSignOn, brought: dict[str, str]) -> str:
    with pytest.raises(SignInFailed) as caught:
        service.finish(brought, {})
    assert caught.value.sentence.endswith("。")
    return caught.value.code


def test_sign_in_when_a_person_is_chosen_then_says_who(sample: str) -> None:
    brought = came(sample, "person")
    assert brought["state"] == "the-state"
    assert TicketSignOn(ticket(sample)).finish(brought, {}) == Assertion(
        provider="sample",
        subject="sample:sample-person",
        name="田春雨",
        level=3,
        identity_type="111",
        identity_number="140525199103121021",
        phone="13800138000",
    )


@pytest.mark.parametrize(
    ("who", "name", "office"),
    [
        ("waterworks.representative", "原泽民", "legal_representative"),
        ("waterworks.agent", "成小雨", "agent"),
    ],
)
def test_sign_in_when_for_an_enterprise_then_says_which_and_as_what(
    sample: str, who: str, name: str, office: str
) -> None:
    found = TicketSignOn(ticket(sample)).finish(came(sample, who), {})
    assert (found.name, found.office) == (name, office)
    assert found.enterprise_code == "91140525MA0000023A"
    assert found.enterprise_name == "泽州县下村镇清泉供水站（样例）"


def test_ticket_when_used_again_then_refused(sample: str) -> None:
    brought = came(sample, "person")
    TicketSignOn(ticket(sample)).finish(brought, {})
    assert refusal(TicketSignOn(ticket(sample)), brought) == "ticket"


@pytest.mark.parametrize(
    ("brought", "code"),
    [({}, "cancelled"), ({"ticket": "x" * 600}, "cancelled"), ({"ticket": "ST-made-up"}, "ticket")],
)
def test_ticket_when_there_is_none_of_theirs_then_refused(
    sample: str, brought: dict[str, str], code: str
) -> None:
    assert refusal(TicketSignOn(ticket(sample)), brought) == code


def test_question_when_the_secret_is_another_then_refused_and_the_ticket_lives(sample: str) -> None:
    brought = came(sample, "person")
    assert refusal(TicketSignOn(ticket(sample, SECRET="another")), brought) == "agreement"
    assert TicketSignOn(ticket(sample)).finish(brought, {}).name == "田春雨"


def test_question_when_the_clock_is_wrong_then_refused(sample: str) -> None:
    brought = came(sample, "person")
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert refusal(TicketSignOn(ticket(sample)), brought) == "agreement"


def test_stand_in_when_asked_for_another_portal_then_refuses(sample: str) -> None:
    for query in (
        {"application": "zezhou-portal", "return": "https://another.example/"},
        {"application": "zezhou-portal", "return": f"{PORTAL}.another.example/"},
        {"application": "another", "return": BACK},
        {},
    ):
        answer = httpx.get(f"{sample}/log-in", params=query, trust_env=False)
        assert answer.status_code == 400
    assert httpx.get(f"{sample}/healthz", trust_env=False).json()["name"] == "样例身份服务"


def test_stand_in_when_opened_then_says_what_it_is(sample: str) -> None:
    begun = TicketSignOn(ticket(sample)).begin(new_state(), BACK)
    page = httpx.get(begun.address, trust_env=False)
    assert "样例身份服务" in page.text
    assert "不是真的认证" in page.text
    assert "140525" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


PERSON = {"subject": "s", "name": "田春雨", "level": "L3"}


def speaking(person: Any, *, secret: str = SECRET, **more: Any) -> Any:
    """An exchange that answers a person, signed with a secret."""

    def answer(body: str) -> Answer:
        nonce = more.get("nonce") or parse_qs(body)["nonce"][0]
        told = {"sample": True, "person": person, **more.get("told", {})}
        content = json.dumps(told).encode()
        proof = ticket_proof.answer_proof(secret, nonce, content)
        return 200, {ticket_proof.SIGNATURE: proof}, content + more.get("tail", b"")

    return answer


@pytest.mark.parametrize(
    ("exchange", "code"),
    [
        (speaking(PERSON, secret="another"), "signature"),
        (speaking(PERSON, nonce="of-another-question"), "signature"),
        (speaking(PERSON, tail=b" "), "signature"),
        (speaking(PERSON, told={"sample": False}), "signature"),
        ((200, {}, json.dumps({"sample": True, "person": PERSON}).encode()), "signature"),
        (speaking("nobody"), "answer"),
        (speaking({**PERSON, "name": ""}), "claims"),
        (speaking({**PERSON, "subject": ""}), "claims"),
        (speaking({**PERSON, "level": "L9"}), "claims"),
        (speaking({**PERSON, "level": None}), "claims"),
        (speaking({**PERSON, "enterprise_code": "91140525MA0000023A"}), "claims"),
        ((503, {}, b""), "down"),
        ((401, {}, b"{}"), "agreement"),
        ((409, {}, b"{}"), "ticket"),
    ],
)
def test_answer_when_it_proves_nobody_then_refused(exchange: Any, code: str) -> None:
    with impostor({"/exchange": exchange}) as address:
        assert refusal(TicketSignOn(ticket(address)), {"ticket": "ST-1"}) == code


def test_sample_answer_when_the_service_is_no_sample_then_refused(sample: str) -> None:
    brought = came(sample, "person")
    assert refusal(TicketSignOn(ticket(sample, SAMPLE="no")), brought) == "signature"


def test_answer_when_a_province_names_its_fields_otherwise_then_read_by_the_settings() -> None:
    person = {
        "user": {"xm": " 田 春雨 ", "zjlx": "10", "zjhm": "14052519910312102 1", "lvl": 2},
        "mobile": "not a phone", "corp": {"name": "样例厂", "uscc": "91140525ma0000023a"},
        "role": "1",
    }  # fmt: skip
    with impostor({"/exchange": speaking(person)}) as address:
        provider = ticket(
            address,
            CLAIMS="name=user.xm,identity_type=user.zjlx,identity_number=user.zjhm,level=user.lvl,"
            "phone=mobile,enterprise_name=corp.name,enterprise_code=corp.uscc,office=role",
            IDENTITY_TYPES="10=111",
            OFFICES="1=legal_representative,2=agent",
        )
        found = TicketSignOn(provider).finish({"ticket": "ST-1"}, {})
    assert found == Assertion(
        provider="sample", subject="", name="田 春雨", level=2, identity_type="111",
        identity_number="140525199103121021", enterprise_name="样例厂",
        enterprise_code="91140525MA0000023A", office="legal_representative",
    )  # fmt: skip


def test_service_when_nobody_listens_then_a_sentence() -> None:
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))
        service = TicketSignOn(ticket(f"http://127.0.0.1:{shut.getsockname()[1]}"))
        assert refusal(service, {"ticket": "ST-1"}) == "down"
