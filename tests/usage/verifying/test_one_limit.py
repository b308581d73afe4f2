"""One limit a thing wherever it is asked; a stranger's words are nobody's history (M.26)."""

from datetime import timedelta

import pytest
import redis
import time_machine
from django.conf import settings
from django.test import Client

from tests.cast import Cast
from tests.usage.duty import shown
from tests.usage.sealed import in_force
from usage.models import Verification
from usage.verifying import rate_limits
from usage.verifying.rate_limits import CODES, Limit, TooOften, refuse_if_spent, spend

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.26")]
FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def by_page(client: Client, number: str, **more: str) -> int:
    return client.post("/verify/", {"code": number}, **more).status_code


def by_interface(client: Client, number: str, **more: str) -> int:
    told = {"text": number, "purpose": "王小二到此一游"}
    return client.post("/api/v1/verifications/", told, "application/json", **more).status_code


def by_scan(client: Client, number: str) -> int:
    return client.post("/checks/", {"text": number}).status_code


def wrong(place: int) -> str:
    return f"{10_000_000 + place}"


def test_short_numbers_when_tried_by_page_and_interface_then_counted_together(
    cast: Cast, client: Client, wednesday: time_machine.Traveller
) -> None:
    for place in range(10):
        assert by_page(client, wrong(place), **FAR) == 422
        assert by_interface(client, wrong(place), **FAR) == 200
    assert by_page(client, wrong(99), **FAR) == 429
    assert by_interface(client, wrong(99), **FAR) == 429
    assert by_page(client, wrong(99), REMOTE_ADDR="203.0.113.10") == 422


def test_verifier_when_numbers_lead_nowhere_then_limited_and_right_ones_never_are(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    client = cast.client("power.verifier")
    for _ in range(3):
        _, code = shown(in_force(cast))
        assert by_scan(client, code.number) == 303
    for place in range(10):
        assert by_scan(client, wrong(place)) == 422
        assert by_interface(client, wrong(place)) == 200
    assert by_scan(client, wrong(99)) == 429
    assert by_interface(client, wrong(99)) == 429


def test_window_when_it_slides_then_no_full_hour_begins_it_anew(
    wednesday: time_machine.Traveller,
) -> None:
    limit = Limit("test", 4, timedelta(minutes=10), "次")
    wednesday.shift(timedelta(minutes=9))
    spend(limit, "a", 2)
    wednesday.shift(timedelta(minutes=2))  # another ten minutes have begun
    spend(limit, "a", 2)
    with pytest.raises(TooOften, match="10:19"):
        spend(limit, "a")
    with pytest.raises(TooOften):
        refuse_if_spent(limit, "a")
    wednesday.shift(timedelta(minutes=8, seconds=1))
    refuse_if_spent(limit, "a")
    spend(limit, "a", 2)
    with pytest.raises(TooOften):
        spend(limit, "a")
    with pytest.raises(TooOften):
        spend(limit, "b", 5)


def test_county_when_wrong_numbers_come_from_everywhere_then_none_is_taken_of_strangers(
    cast: Cast, wednesday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    brake = Limit("county-number", 5, timedelta(minutes=10), "次短码")
    monkeypatch.setattr(rate_limits, "COUNTY_NUMBERS", brake)
    for place in range(3):  # right ones are no guesses
        _, code = shown(in_force(cast))
        assert by_page(Client(), code.number, REMOTE_ADDR=f"198.51.100.{place}") == 303
    for place in range(5):
        assert by_page(Client(), wrong(place), REMOTE_ADDR=f"192.0.2.{place}") == 422
    answer = Client().post("/verify/", {"code": wrong(9)}, **FAR)
    assert answer.status_code == 429
    assert "短码先停用" in answer.content.decode()
    assert by_interface(Client(), wrong(9), **FAR) == 429
    _, code = shown(in_force(cast))
    assert by_scan(cast.client("power.verifier"), code.number) == 303


def test_words_of_a_stranger_when_sent_along_then_in_nobody_s_history(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    _, code = shown(in_force(cast))
    assert by_interface(Client(), code.secret, **FAR) == 200
    assert by_interface(cast.client("power.verifier"), wrong(1)) == 200
    kept = list(Verification.objects.order_by("pk").values_list("account_id", "purpose"))
    assert all(not purpose for account, purpose in kept if account is None)
    assert (None, "") in kept
    assert "王小二到此一游" in [purpose for account, purpose in kept if account is not None]


def test_limit_of_codes_when_numbers_are_tried_then_another() -> None:
    assert (CODES.name, rate_limits.NUMBERS.most) == ("code", 20)
