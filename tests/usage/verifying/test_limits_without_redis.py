"""Where nobody can be counted, nobody is answered: a sentence, never a bare error (M.26)."""

import pytest
from django.test import Client

from usage.verifying.rate_limits import CODES, CannotCount, spend


@pytest.fixture
def no_redis(settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


@pytest.mark.usefixtures("no_redis")
def test_spending_without_a_counter_is_refused() -> None:
    with pytest.raises(CannotCount) as refusal:
        spend(CODES, "somebody")
    assert refusal.value.reason == "系统正忙，现在不能查。请 1 分钟以后再试。"


@pytest.mark.django_db
@pytest.mark.usefixtures("no_redis")
@pytest.mark.parametrize("address", ["/V/202600000001/ABCDEFGH", "/verify/file/"])
def test_pages_say_that_they_cannot_answer_now(client: Client, address: str) -> None:
    answer = client.post(address) if address.startswith("/verify") else client.get(address)
    assert answer.status_code == 503
    assert "系统正忙，现在不能查" in answer.content.decode()
