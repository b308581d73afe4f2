"""The running identity services, once a run of these tests."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings

from tests.parties.identity import services


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What was kept and counted of services at addresses that another test used."""
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


@pytest.fixture(scope="package")
def issuer() -> Iterator[str]:
    """An OpenID provider that is not ours."""
    with services.openid_provider() as address:
        yield address


@pytest.fixture(scope="package")
def sample() -> Iterator[str]:
    """Our stand-in of a province's sign-on."""
    with services.stand_in() as address:
        yield address
