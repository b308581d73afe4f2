"""Whoever reads a code whose holder is asked first: waits, and gets the answer once (P.2.3.3)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.holders import holder_actor
from tests.usage.presenting.test_present_and_read import holder_of, shown
from tests.usage.sealed import in_force
from tests.usage.verifying.test_public_pages import RESULT, page
from usage.models import Verification
from usage.presenting import presentations


class Asked:
    """A presentation whose holder is asked first, read by a browser."""

    def __init__(self, cast: Cast, client: Client) -> None:
        self.client = client
        self.licence = in_force(cast)
        self.row, code = shown(self.licence, asks_consent=True)
        self.actor = holder_actor(holder_of(self.licence))
        answer = client.post(f"/P/{code.secret}")
        assert answer.status_code == 303
        self.waiting = answer["Location"]
        assert self.waiting == f"/verify/waiting/{self.row.uuid}/"

    def end(self) -> str:
        """Looks again after the holder's word: the page that this leads to."""
        answer = self.client.post(self.waiting)
        assert answer.status_code == 303
        return page(self.client, answer["Location"])


@pytest.mark.article("P.2.3.3")
def test_consent_when_asked_for_then_the_browser_waits_and_gets_it_once(
    cast: Cast, client: Client
) -> None:
    asked = Asked(cast, client)
    html = page(client, asked.waiting)
    assert "没有登录的人" in html
    assert f'hx-post="{asked.waiting}"' in html and '<button class="btn' in html
    script = {"HX-Request": "true"}
    part = client.post(asked.waiting, headers=script)
    assert (part.status_code, part.content) == (204, b"")
    assert client.post(asked.waiting)["Location"] == asked.waiting
    assert asked.licence.number not in html
    # nobody else can collect what the holder agrees to
    for other in (Client(), cast.client("power.verifier")):
        assert other.get(asked.waiting).status_code == 404
        assert other.post(asked.waiting).status_code == 404
    presentations.agree(actor=asked.actor, presentation=asked.row)
    # whoever only fetches the address collects nothing
    for fetch in (client.head, client.get):
        assert fetch(asked.waiting).status_code == 200
    assert Verification.objects.count() == 0
    onward = client.post(asked.waiting, headers=script)
    assert RESULT.fullmatch(onward["HX-Redirect"])
    assert asked.licence.number in page(client, onward["HX-Redirect"])
    # the button beside the script came a moment later: the same result, nothing read anew
    assert client.post(asked.waiting)["Location"] == onward["HX-Redirect"]
    assert Verification.objects.count() == 1


@pytest.mark.article("P.2.3.3")
@pytest.mark.parametrize(
    ("end", "code", "sentence"),
    [
        ("decline", "V15", "对方没有同意出示。"),
        ("withdraw", "V14", "对方已经停止亮证。"),
        ("over", "V12", "这个码已经过了时间。"),
        ("agree too late", "V12", "这个码已经过了时间。"),
    ],
)
def test_consent_when_it_does_not_come_then_each_end_is_told_apart(
    cast: Cast,
    client: Client,
    wednesday: time_machine.Traveller,
    end: str,
    code: str,
    sentence: str,
) -> None:
    asked = Asked(cast, client)
    if end == "decline":
        presentations.decline(actor=asked.actor, presentation=asked.row)
    elif end == "withdraw":
        presentations.withdraw(actor=asked.actor, presentation=asked.row)
    elif end == "over":
        wednesday.shift(timedelta(minutes=6))
    else:
        presentations.agree(actor=asked.actor, presentation=asked.row)
        wednesday.shift(timedelta(minutes=6))
    html = asked.end()
    assert sentence in html
    assert f'class="zz-code">{code}</span>' in html
    assert asked.licence.number not in html
    kept = Verification.objects.get()
    assert kept.licence is None
    fresh = next(one for one in kept.answers if one["code"] == "code_fresh")
    assert fresh["answer"] == "no"
